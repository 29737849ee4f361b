"""The facts of one message: all that is known of it but its words."""

from collections.abc import Callable, Sequence
from typing import Final

from textual.app import ComposeResult

from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import READING_HINTS
from tui_chat.ui.rows.drawn_rows import DrawnRows
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import Ink, Row, wrapped
from tui_chat.workspace.facts import Fact

NAME_CELLS: Final = 14
EDGES: Final = 2
"""Rows of a frame that are not its page."""


class MessageFacts(Dialog[None]):
    """Facts to read, a line each."""

    DEFAULT_CSS = """
    MessageFacts DrawnRows { padding: 0 0 0 1; height: auto; }
    MessageFacts.-small DrawnRows { height: 1fr; }
    """

    def __init__(self, read: Callable[[], Sequence[Fact]]) -> None:
        """`read` gives the facts as they are then."""
        super().__init__()
        self._read = read
        self._facts = read()

    def compose(self) -> ComposeResult:
        """All of them."""
        with Frame(title="Facts", way_out=Hint("leave", "close"), hints=READING_HINTS) as frame:
            frame.show_facts(str(len(self._facts)))
            yield DrawnRows(self._rows)

    def renew(self) -> None:
        """Show what has become of the message."""
        self._facts = self._read()
        self.query_one(Frame).show_facts(str(len(self._facts)))
        self.query_one(DrawnRows).redraw()

    def on_mount(self) -> None:
        """Let the keys scroll."""
        self.query_one(DrawnRows).focus()

    def stand(self) -> None:
        """Leave the frame its edges: what is longer scrolls."""
        super().stand()
        self.query_one(DrawnRows).styles.max_height = max(1, self.size.height - self.lower_rows - EDGES)

    def _rows(self, width: int) -> Sequence[Row]:
        rows: list[Row] = []
        for name, words in self._facts:
            first, *others = wrapped(words, max(8, width - NAME_CELLS))
            rows.append(((Ink.MUTED, f"{name:<{NAME_CELLS}}"), *first))
            rows += [((Ink.TEXT, " " * NAME_CELLS), *other) for other in others]
        return rows
