"""The search line: the words, the number of matches, and its keys."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label

from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.command import OwnKeys
from tui_chat.ui.keys.pane_keys import bound, pane_hint

HINT = (("find-next", "next"), ("find-previous", "previous"), ("find-text", "to the text"), ("leave", "back"))


class FindBar(Horizontal):
    """One row above the composer."""

    DEFAULT_CSS = """
    FindBar {
        height: 1;
        padding: 0 1;
        background: $surface;
        & > #find-title { width: auto; color: $accent; text-style: bold; }
        & > #find-count { width: auto; padding: 0 1; color: $foreground; }
        & > #find-keys { width: auto; color: $muted; text-style: $muted-style; }
        & > SearchField { width: 1fr; min-width: 8; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("find-next", "step(1)"),
        bound("find-previous", "step(-1)"),
        bound("find-text", "leave(True)", priority=True),
        bound("leave", "leave(False)"),
    ]

    class _BarMessage(Message):
        def __init__(self, bar: "FindBar") -> None:
            super().__init__()
            self.bar = bar

        @property
        def control(self) -> "FindBar":
            """The bar."""
            return self.bar

    class Asked(_BarMessage):
        """Other words are searched for; empty ones end the search."""

        def __init__(self, bar: "FindBar", words: str) -> None:
            super().__init__(bar)
            self.words = words

    class Stepped(_BarMessage):
        """The next match is wanted, or with -1 the previous one."""

        def __init__(self, bar: "FindBar", step: int) -> None:
            super().__init__(bar)
            self.step = step

    class Left(_BarMessage):
        """The line was left: for the text that was found, or back to where the reader was."""

        def __init__(self, bar: "FindBar", *, for_text: bool) -> None:
            super().__init__(bar)
            self.for_text = for_text

    def __init__(self, words: str = "", *, own_keys: OwnKeys | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = words
        self._own_keys = own_keys or {}

    def compose(self) -> ComposeResult:
        """Title, words, count, keys."""
        yield Label("Find", id="find-title", markup=False)
        yield SearchField("words in this conversation", id="find-words")
        yield Label("", id="find-count", markup=False)
        yield Label(pane_hint(self._own_keys, *HINT), id="find-keys", markup=False)

    def on_mount(self) -> None:
        """Search for the words at once, and take the focus."""
        self.ask(self._words)

    @property
    def field(self) -> SearchField:
        """The input with the words."""
        return self.query_one(SearchField)

    def ask(self, words: str) -> None:
        """Search for these words, and take the focus."""
        field = self.field
        if words != field.value:
            field.value = words
        field.cursor_position = len(field.value)
        field.focus()

    def show_count(self, number: int, count: int, *, is_done: bool) -> None:
        """Show the number of the current match, from 1, and the count; 0 where there is none."""
        if count:
            words = f"{number}/{count}" + ("" if is_done else "…")
        elif not self.field.value.strip():
            words = ""
        else:
            words = "not found" if is_done else "…"
        self.query_one("#find-count", Label).update(Content(words))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Asked(self, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_step(1)

    def action_step(self, step: int) -> None:
        """Go to the next match, or with -1 to the previous one."""
        self.post_message(self.Stepped(self, step))

    def action_leave(self, for_text: bool) -> None:
        """Leave the line."""
        self.post_message(self.Left(self, for_text=for_text))
