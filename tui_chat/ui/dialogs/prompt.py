"""Dialogs that ask for words: one line, or several."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.fields.line_field import LineField
from tui_chat.ui.fields.ordered_keys import OrderedKeys
from tui_chat.ui.fields.text_caret import TextCaret
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame


class LineInput(LineField):
    """A line that Enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("list-choose", "submit")]


class LineDialog(Dialog[str | None]):
    """Asks for one line; None where the person left it."""

    def __init__(self, title: str, value: str = "", *, hint: str = "", verb: str = "take") -> None:
        super().__init__()
        self._title = title
        self._value = sanitize_line(value, 10_000)
        self._hint = hint
        self._verb = verb

    def compose(self) -> ComposeResult:
        """One field."""
        with Frame(title=self._title, way_out=Hint("leave", "close"), hints=[Hint("list-choose", self._verb)]):
            yield FieldRow("", LineInput(self._value, placeholder=self._hint, compact=True))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line."""
        event.stop()
        self.dismiss(event.value)


class TextField(OrderedKeys, TextCaret):
    """A text of several lines."""


class TextDialog(Dialog[str | None]):
    """Asks for text of several lines; None where the person left it."""

    DEFAULT_CSS = """
    TextDialog TextArea { height: 1fr; padding: 0 1; background: $panel; }
    TextDialog Static { height: auto; padding: 0 1; color: $text-muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("take", "take")]

    def __init__(self, title: str, value: str = "", *, hint: str = "", verb: str = "take") -> None:
        super().__init__(classes="-page")
        self._title = title
        self._value = sanitize(value)
        self._hint = hint
        self._verb = verb

    def compose(self) -> ComposeResult:
        """The text, and what it is for."""
        with Frame(title=self._title, way_out=Hint("leave", "close"), hints=[Hint("take", self._verb)]):
            yield TextField(self._value, highlight_cursor_line=False)
            if self._hint:
                yield Static(Content(self._hint))

    def action_take(self) -> None:
        """Answer with the text."""
        self.dismiss(self.query_one(TextArea).text)
