"""A field of one line that keeps the terminal's own cursor at the caret, and marks where its text goes on."""

from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import Input

from tui_chat.ui.fields.caret import has_terminal_caret, keep_cursor, place_in_sight
from tui_chat.ui.fields.ordered_keys import OrderedKeys

MORE: Final = "…"
NARROWEST: Final = 3
"""Cells of a field below which there is no room for marks."""


class LineField(OrderedKeys, Input):
    """Textual 8.2.8 puts the cursor a cell too far at the text's end, leaves it behind when the field scrolls, and cuts
    a long text without a mark."""

    DEFAULT_CSS = """
    /* Textual 8.2.8 draws it there in white on black and reversed, which on a dark terminal is not to be seen. */
    LineField:ansi > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    """

    def on_mount(self) -> None:
        """Keep the terminal's cursor at the caret."""
        keep_cursor(self, self)
        self.cursor_blink = not has_terminal_caret(self.app)

    def validate__cursor_visible(self, is_visible: bool) -> bool:
        """Draw no caret where the terminal shows one. A name of Textual's: `test_one_caret_is_in_sight` fails if it
        goes."""
        return is_visible and not has_terminal_caret(self.app)

    def caret_in_sight(self) -> Offset | None:
        """Where the caret is on the screen; None where it is not in sight."""
        return place_in_sight(self, self) if self.has_focus else None

    @property
    def cursor_screen_offset(self) -> Offset:
        """Place of the caret on the screen."""
        offset = super().cursor_screen_offset
        return offset - (1, 0) if self.cursor_at_end else offset

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """The text moved under the caret."""
        super().watch_scroll_x(old_value, new_value)
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def render_line(self, y: int) -> Strip:
        """The part of the text that is in sight, with a mark at each end where it goes on; where the caret stands, the
        letter is shown instead."""
        room = self.scrollable_content_region.width
        if not self.value:
            return self._render_placeholder(y, room)
        strip = super().render_line(y)
        if y or room < NARROWEST:
            return strip
        left = self.scroll_offset.x
        shown = len(self.value) if self.password else cell_len(self.value)
        caret = self.cursor_screen_offset.x - self.content_region.x if self.has_focus else -1
        if left and caret:
            strip = _marked(strip, 0)
        if shown - left > room and caret != room - 1:
            strip = _marked(strip, room - 1)
        return strip

    def _render_placeholder(self, y: int, room: int) -> Strip:
        whole = self.placeholder
        if not isinstance(whole, str) or cell_len(whole) <= room:
            return super().render_line(y)
        self.set_reactive(Input.placeholder, set_cell_size(whole, max(0, room - 1)).rstrip() + MORE)
        try:
            return super().render_line(y)
        finally:
            self.set_reactive(Input.placeholder, whole)


def _marked(strip: Strip, cell: int) -> Strip:
    """The strip with the mark in a cell, in the colours of what stood there."""
    before, there, after = strip.divide([cell, cell + 1, strip.cell_length])
    style = next(iter(there)).style if there.cell_length else None
    return Strip.join([before, Strip([Segment(MORE, style)]), after])
