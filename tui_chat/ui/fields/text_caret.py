"""The caret of a text of several lines: the terminal's own cursor where there is one, else drawn."""

from textual.geometry import Offset
from textual.widgets import TextArea

from tui_chat.ui.fields.caret import has_terminal_caret, keep_cursor, place_in_sight


class TextCaret(TextArea):
    """Base of text areas. Textual 8.2.8 draws the caret and makes it blink."""

    def on_mount(self) -> None:
        """Keep the terminal's own cursor at the caret."""
        keep_cursor(self, self)
        self.cursor_blink = not has_terminal_caret(self.app)

    def caret_in_sight(self) -> Offset | None:
        """Where the caret is on the screen; None where it is not in sight."""
        return place_in_sight(self, self) if self.has_focus and self.show_cursor else None

    @property
    def _draw_cursor(self) -> bool:
        # Textual 8.2.8 says nowhere else whether the blinking cursor is on, and hides it only where nothing is written.
        return self.show_cursor and super()._draw_cursor and not has_terminal_caret(self.app)
