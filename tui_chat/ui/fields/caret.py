"""The terminal's own cursor, which input methods and magnifiers follow, kept at the caret of the field that is typed
in. On a terminal it is the caret: nothing is drawn there, and nothing wakes the program to make it blink."""

from typing import Protocol, runtime_checkable

from textual.app import App
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget


class HasCaret(Protocol):
    """A field of Textual's."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Place of the caret on the screen."""


@runtime_checkable
class OnTerminal(Protocol):
    """An app that may be on a terminal."""

    @property
    def has_terminal_caret(self) -> bool:
        """The terminal's own cursor is the caret."""


def has_terminal_caret(app: App[object]) -> bool:
    """Whether the terminal shows the caret, so that nobody has to draw one."""
    return isinstance(app, OnTerminal) and app.has_terminal_caret


def place_in_sight(field: Widget, caret: HasCaret) -> Offset | None:
    """Place of the caret on the screen; None where the field shows nothing of it: it may be scrolled away. Behind the
    last letter of a full row it stands on the edge."""
    region, place = field.content_region, caret.cursor_screen_offset
    return place if region.y <= place.y < region.bottom and region.x <= place.x <= region.right else None


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
