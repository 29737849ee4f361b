"""Shows a paste that is too long to be edited in the composer."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar, overload

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.composing.chips import size_words
from tui_chat.ui.composing.document import Lines, Rows
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import READING_HINTS
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.rows import Ink, Row


class BrokenText(Sequence[Row]):
    """A text broken into rows of one width, each made when it is asked for."""

    def __init__(self, text: str, width: int) -> None:
        self._rows = Rows(Lines(text), max(1, width))

    def __len__(self) -> int:
        return self._rows.height

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        line, start, end = self._rows.row_at(index)
        row = self._rows.document[line][start:end].expandtabs(4)
        indent = len(row) - len(row.lstrip())
        return ((Ink.TEXT, " " * indent + sanitize_line(row, len(row) + 1)),)


class PasteView(Dialog[None]):
    """A paste, to be read only."""

    DEFAULT_CSS = """
    PasteView LinesView { padding: 0 0 0 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,f4", "leave", "Leave", show=False, priority=True)]

    def __init__(self, text: str) -> None:
        super().__init__(classes="-page")
        self._text = text

    def compose(self) -> ComposeResult:
        """The text alone."""
        with Frame(title="Paste", way_out=Hint("leave", "close"), hints=READING_HINTS) as frame:
            frame.show_facts(size_words(self._text))
            yield LinesView()

    def on_mount(self) -> None:
        """Show it once the width is known."""
        self.query_one(LinesView).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Break the text for the width."""
        del event
        self.call_after_refresh(self._show)

    async def _show(self) -> None:
        view = self.query_one(LinesView)
        view.show_rows(await asyncio.to_thread(BrokenText, self._text, view.line_width))
