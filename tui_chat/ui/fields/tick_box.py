"""A box to tick, with a mark and not a colour: Textual's own box looks the same in both states without colours."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui_chat.ui.keys.pane_keys import bound


class TickBox(Static, can_focus=True):
    """`[x] words` or `[ ] words`; Space changes it."""

    DEFAULT_CSS = """
    TickBox { height: auto; width: 1fr; }
    TickBox:focus { text-style: bold underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("tick", "change")]

    value: reactive[bool] = reactive(False, layout=True)

    def __init__(self, words: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = words

    def render(self) -> Content:
        """The mark and the words."""
        return Content(f"[{'x' if self.value else ' '}] {self._words}")

    def action_change(self) -> None:
        """Tick or clear it."""
        self.value = not self.value

    def on_click(self, event: events.Click) -> None:
        """Tick or clear it by mouse."""
        event.stop()
        self.value = not self.value
