"""A finder of names: each with a few words on what it is, one of them in use."""

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import Ink, Row, columns, cut
from tui_chat.ui.theming.marks import Mark

Named = tuple[str, str]
"""A name, and words on it."""
_WIDEST: Final = 26
"""Cells for names, at most."""


class NamesList(Dialog[str | None]):
    """The name that was chosen; None where none was."""

    DEFAULT_CSS = """
    NamesList FilteredList { height: auto; }
    NamesList PickList { max-height: 11; }
    NamesList.-low > Frame { height: 100%; }
    NamesList.-low FilteredList, NamesList.-low PickList { height: 1fr; max-height: 100%; }
    """

    def __init__(self, title: str, listed: Sequence[Named], *, current: str = "") -> None:
        """`listed` is not empty; `current` is the name in use."""
        super().__init__()
        self._title = title
        self._listed = tuple(listed)
        self._current = current
        widest = max(len(name) for name, _ in listed) + 2
        self._width = min(_WIDEST, widest) if any(words for _, words in listed) else widest
        self._found: FilteredList[Named] = FilteredList(
            self._find, self._draw, id="names", wraps=True, nothing=lambda: f"No name has “{self._found.words}”."
        )

    def compose(self) -> ComposeResult:
        """The field and the list."""
        with Frame(title=self._title, way_out=Hint("leave", "close"), hints=(Hint("list-choose", "take"),)):
            yield self._found

    def on_mount(self) -> None:
        """List all, with the cursor on the one in use."""
        self._found.find_again(lambda named: named[0] == self._current)
        self._say()
        self._found.focus()

    def _find(self, query: str) -> Sequence[Named]:
        if not query.strip():
            return self._listed
        return [
            named
            for _, named, _ in fuzzy.rank(
                query, self._listed, lambda named: sanitize_line(" ".join(named)), fuzzy.Reach.WORDS
            )
        ]

    def _draw(self, named: Named, width: int) -> tuple[Row, ...]:
        name, words = (sanitize_line(part, 300) for part in named)
        mark = (Ink.ACCENT, f"{Mark.ANSWER.drawn} ") if named[0] == self._current else (Ink.TEXT, "  ")
        room = width - self._width - 2
        if not words or room < 1:
            return (cut((mark, (Ink.TEXT, name)), width),)
        return ((mark, *columns((((Ink.TEXT, name),), self._width), (((Ink.MUTED, words),), room))),)

    def _say(self) -> None:
        self.query_one(Frame).show_facts(count_words(len(self._listed), len(self._found.items)))

    def on_filtered_list_filtered(self) -> None:
        """Show how many match."""
        self._say()

    def on_filtered_list_picked(self, event: FilteredList.Picked[Named]) -> None:
        """Answer with the name."""
        event.stop()
        self.dismiss(event.item[0])
