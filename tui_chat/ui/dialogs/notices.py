"""The last notes, each whole: on the composer's edge a long one is cut."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from textual.app import ComposeResult

from tui_chat.core.moments import local_moment
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import READING_HINTS
from tui_chat.ui.rows.drawn_rows import DrawnRows
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import Ink, Row, wrapped
from tui_chat.ui.theming.marks import SEVERITY_MARKS, drawn

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

_INKS: Final = {"information": Ink.TEXT, "warning": Ink.WARNING, "error": Ink.ERROR}
TIME_CELLS: Final = 6
MARK_CELLS: Final = 2


class Said(Protocol):
    """Something that was said in passing."""

    @property
    def words(self) -> str: ...
    @property
    def severity(self) -> "SeverityLevel": ...
    @property
    def said_at(self) -> float:
        """Seconds since the epoch."""


class Notices(Dialog[None]):
    """Notes to read, the newest on top."""

    DEFAULT_CSS = """
    Notices DrawnRows { padding: 0 1; }
    """

    def __init__(self, notes: Sequence[Said]) -> None:
        super().__init__(classes="-page")
        self._notes = tuple(notes)

    def compose(self) -> ComposeResult:
        """All of them."""
        with Frame(title="Notices", way_out=Hint("leave", "close"), hints=READING_HINTS) as frame:
            frame.show_facts(str(len(self._notes)))
            yield DrawnRows(self._rows)

    def on_mount(self) -> None:
        """Let the keys scroll."""
        self.query_one(DrawnRows).focus()

    def _rows(self, width: int) -> Sequence[Row]:
        if not self._notes:
            return wrapped("No notice yet: notes above the composer are kept here.", width, Ink.MUTED)
        rows: list[Row] = []
        indent = " " * (TIME_CELLS + MARK_CELLS)
        for note in self._notes:
            mark = drawn(SEVERITY_MARKS.get(note.severity, ""))
            when = f"{local_moment(note.said_at):%H:%M}"
            first, *others = wrapped(note.words, max(8, width - len(indent)))
            rows.append(((Ink.MUTED, f"{when:<{TIME_CELLS}}"), (_INKS[note.severity], f"{mark:<{MARK_CELLS}}"), *first))
            rows += [((Ink.TEXT, indent), *other) for other in others]
        return rows
