"""The search line: the words on its field, the number of matches and the keys on its edges."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame

HINTS = (Hint("find-next", "next"), Hint("find-previous", "previous"), Hint("find-text", "to the text"))


class Searching(Protocol):
    """The search that the line is for."""

    def ask(self, words: str) -> None:
        """Search for other words; empty ones end the search."""

    def step(self, by: int) -> None:
        """Go to the next match, or with -1 to the previous one."""

    async def leave(self, *, for_text: bool) -> None:
        """Leave the line: for the text that was found, or back to where the reader was."""


class FindField(SearchField):
    """The words; its keys for the matches are its own, so that letters typed before them are there."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("find-next", "step(1)"), bound("find-previous", "step(-1)")]

    def __init__(self, *, step: Callable[[int], None], can_step: Callable[[], bool]) -> None:
        """`step` goes to the next match, or with -1 to the previous one; `can_step`: there may be one."""
        super().__init__("words in this conversation", id="find-words")
        self._step = step
        self._can_step = can_step

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the matches only where there are some."""
        return (action != "step" or self._can_step()) and super().check_action(action, parameters)

    def action_step(self, by: int) -> None:
        """Go to the next match, or with -1 to the previous one."""
        self._step(by)


class FindBar(Frame):
    """A field between the transcript and the composer."""

    DEFAULT_CSS = """
    FindBar { height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("find-text", "leave(True)"),
        bound("leave", "leave(False)"),
    ]

    def __init__(self, search: Searching, words: str = "") -> None:
        """`search` is told what is wanted."""
        super().__init__(title="Find", way_out=Hint("leave", "back"), hints=HINTS)
        self._search = search
        self._words = words
        self._asked = ""
        self._found_nothing = False
        """The words that were asked for last are nowhere."""

    def page(self) -> ComposeResult:
        """The words."""
        yield FieldRow("find", FindField(step=self.step, can_step=self._can_step))

    def on_mount(self) -> None:
        """Search for the words at once, and take the focus."""
        self.ask(self._words)

    @property
    def field(self) -> SearchField:
        """The input with the words."""
        return self.query_one(SearchField)

    def ask(self, words: str) -> None:
        """Search for these words, and take the focus; the next letter replaces them."""
        field = self.field
        if words != field.value:
            field.value = words
        field.action_select_all()
        field.focus()

    def show_count(self, number: int, count: int, *, is_done: bool) -> None:
        """Show the number of the current match, from 1, and the count; 0 where there is none."""
        if count:
            words = (f"{number} of {count}" if number else f"{count} found") + ("" if is_done else "…")
        elif not self.field.value.strip():
            words = ""
        else:
            words = "not found" if is_done else "…"
        self.show_facts(words)
        self._found_nothing = not count and is_done
        self.refresh_bindings()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._follow_field()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.step(1)

    def _can_step(self) -> bool:
        return bool(self.field.value.strip()) and not (self._found_nothing and self._asked == self.field.value)

    def _follow_field(self) -> None:
        """Search for the words of the field: a key may arrive before the message about letters typed before it."""
        if self._asked != self.field.value:
            self._asked = self.field.value
            self._search.ask(self._asked)

    def step(self, by: int) -> None:
        """Go to the next match, or with -1 to the previous one."""
        self._follow_field()
        self._search.step(by)

    def action_leave(self, for_text: bool) -> None:
        """Leave the line; the screen removes it, since a widget cannot wait for its own end."""
        self._follow_field()
        self.screen.call_next(partial(self._search.leave, for_text=for_text))
