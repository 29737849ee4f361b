"""The terminal's own cursor, which input methods and magnifiers follow, kept at the caret of the field that is typed
in."""

from typing import Protocol

from textual.app import App
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget


class HasCaret(Protocol):
    """A field of Textual's."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Place of the caret on the screen."""


def keep_cursor(field: Widget, caret: HasCaret) -> None:
    """Follow the field wherever a layout puts it. Textual 8.2.8 follows what is typed and scrolled, and no more."""

    def follow(_: Screen[object]) -> None:
        app: App[object] = field.app
        if not field.has_focus or app.screen is not field.screen:
            return
        if app.cursor_position != (place := caret.cursor_screen_offset):
            app.cursor_position = place
            field.refresh()  # the cursor is moved with the next frame

    field.screen.screen_layout_refresh_signal.subscribe(field, follow)
