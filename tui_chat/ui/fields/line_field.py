"""A field of one line that keeps the terminal's own cursor at the caret."""

from textual.geometry import Offset
from textual.widgets import Input

from tui_chat.ui.fields.caret import has_terminal_caret, is_in_sight, keep_cursor
from tui_chat.ui.fields.ordered_keys import OrderedKeys


class LineField(OrderedKeys, Input):
    """Textual 8.2.8 puts the cursor a cell too far at the text's end, and leaves it behind when the field scrolls."""

    def on_mount(self) -> None:
        """Keep the terminal's cursor at the caret."""
        keep_cursor(self, self)
        self.cursor_blink = not has_terminal_caret(self.app)

    def validate__cursor_visible(self, is_visible: bool) -> bool:
        """Draw no caret where the terminal shows one. A name of Textual's: `test_one_caret_is_in_sight` fails if it
        goes."""
        return is_visible and not has_terminal_caret(self.app)

    @property
    def shows_caret(self) -> bool:
        """The caret is in sight."""
        return self.has_focus and is_in_sight(self, self)

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
