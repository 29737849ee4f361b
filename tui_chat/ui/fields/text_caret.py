"""The caret of a text of several lines: the terminal's own cursor where there is one, else drawn."""

from textual.widgets import TextArea

from tui_chat.ui.fields.caret import has_terminal_caret, is_in_sight, keep_cursor


class TextCaret(TextArea):
    """Base of text areas. Textual 8.2.8 draws the caret and makes it blink."""

    def on_mount(self) -> None:
        """Keep the terminal's own cursor at the caret."""
        keep_cursor(self, self)
        self.cursor_blink = not has_terminal_caret(self.app)

    @property
    def shows_caret(self) -> bool:
        """The caret is in sight."""
        return self.has_focus and self.show_cursor and is_in_sight(self, self)

    @property
    def _draw_cursor(self) -> bool:
        # Textual 8.2.8 says nowhere else whether the blinking cursor is on, and hides it only where nothing is written.
        return self.show_cursor and super()._draw_cursor and not has_terminal_caret(self.app)
