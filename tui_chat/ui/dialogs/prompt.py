"""Dialogs that ask for words: one line, or several."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.line_field import LineField
from tui_chat.ui.keys.pane_keys import bound


class LineDialog(Dialog[str | None]):
    """Asks for one line; None where the person left it."""

    DEFAULT_CSS = """
    LineDialog {
        align: center bottom;
        & > Vertical {
            width: 72;
            max-width: 100%;
            height: auto;
            padding: 0 1;
            border: round $border;
            background: $surface;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("leave", "leave", priority=True)]

    def __init__(self, title: str, value: str = "", *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = sanitize_line(value, 10_000)
        self._hint = hint

    def compose(self) -> ComposeResult:
        """One field."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(f"Enter takes it, {self.label('leave')} leaves")
            yield LineField(self._value, placeholder=self._hint, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line."""
        event.stop()
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class TextDialog(Dialog[str | None]):
    """Asks for text of several lines; None where the person left it."""

    DEFAULT_CSS = """
    TextDialog {
        align: center middle;
        & > Vertical {
            width: 90;
            max-width: 100%;
            height: 16;
            max-height: 100%;
            padding: 0 1;
            border: round $border;
            background: $surface;
        }
        & TextArea { height: 1fr; border: none; padding: 0; background: $surface; &:focus { border: none; } }
        & Static { color: $text-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("take", "take", priority=True),
        bound("leave", "leave", priority=True),
    ]

    def __init__(self, title: str, value: str = "", *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = sanitize(value)
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The text, and its keys."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(f"{self.label('take')} takes it, {self.label('leave')} leaves")
            yield TextArea(self._value, highlight_cursor_line=False)
            if self._hint:
                yield Static(Content(self._hint))

    def action_take(self) -> None:
        """Answer with the text."""
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
