"""Dialogs that ask for words: one line, or several."""

from typing import ClassVar, Final

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
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.frame import Frame

_CLOSE: Final = Hint("leave", "close")


class LineInput(LineField):
    """A line that Enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("list-choose", "submit")]


class LineDialog(Dialog[str | None]):
    """Asks for one line; None where the person left it."""

    DEFAULT_CSS = """
    LineDialog.-small > Frame { height: auto; }
    """

    def __init__(self, title: str, value: str = "", *, hint: str = "", verb: str = "take") -> None:
        super().__init__()
        self._title = title
        self._value = sanitize_line(value, 10_000)
        self._hint = hint
        self._verb = verb

    def compose(self) -> ComposeResult:
        """One field."""
        with Frame(title=self._title, way_out=Hint("leave", "cancel"), hints=[Hint("list-choose", self._verb)]):
            yield FieldRow("", LineInput(self._value, placeholder=self._hint, compact=True))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line."""
        event.stop()
        self.dismiss(event.value)


class TextField(OrderedKeys, TextCaret):
    """A text of several lines."""


class TextDialog(Dialog[str | None]):
    """Asks for text of several lines; None where the person left it, which takes a second press where something was
    written."""

    DEFAULT_CSS = """
    TextDialog TextArea { height: 1fr; padding: 0 1; background: $panel; }
    TextDialog Static { height: auto; padding: 0 1; color: $text-muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("take", "take")]

    def __init__(self, title: str, value: str = "", *, hint: str = "", verb: str = "take") -> None:
        super().__init__(classes="-page")
        self._title = title
        self._value = sanitize(value)
        self._warned_of: str | None = None
        """The text of which the person was told that it would be lost."""
        self._hint = hint
        self._verb = verb

    def compose(self) -> ComposeResult:
        """The text, and what it is for."""
        with Frame(title=self._title, way_out=_CLOSE, hints=[Hint("take", self._verb)]):
            yield TextField(self._value, highlight_cursor_line=False)
            if self._hint:
                yield Static(Content(self._hint))

    def on_text_area_changed(self) -> None:
        """Whoever writes on stays."""
        if self._warned_of not in (None, self.query_one(TextArea).text):
            self._warn_of(None)

    def action_leave(self) -> None:
        """Close without an answer; where something was written, say first that it would be lost."""
        text = self.query_one(TextArea).text if self.is_mounted else self._value
        if text in (self._value, self._warned_of):
            super().action_leave()
        else:
            self._warn_of(text)

    def _warn_of(self, text: str | None) -> None:
        self._warned_of = text
        frame, is_small = self.query_one(Frame), self.has_class("-small")
        frame.show_title("Not saved" if text is not None and is_small else self._title)  # where one has room at most
        frame.show_state(Piece("not saved", "$warning") if text is not None and not is_small else "")
        frame.show_keys([Hint("take", self._verb)], _CLOSE if text is None else Hint("leave", "drop it"))

    def action_take(self) -> None:
        """Answer with the text."""
        self.dismiss(self.query_one(TextArea).text)
