"""Search through earlier prompts: typing narrows, Enter takes one into the composer."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.screens.dialog import Dialog
from tui_chat.ui.widgets.pick_list import PickList
from tui_chat.ui.widgets.rows import Ink, Row, cut

SHOWN = 200


class PromptSearch(Dialog[str | None]):
    """The prompt that was chosen; None where none was."""

    DEFAULT_CSS = """
    PromptSearch {
        align: center bottom;
        & > Vertical {
            width: 100%;
            height: auto;
            max-height: 70%;
            padding: 0 1;
            border: round $border;
            background: $surface;
        }
        & PickList { max-height: 12; background: $surface; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "leave", "Leave", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down,ctrl+r", "move(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, prompts: Sequence[str]) -> None:
        super().__init__()
        # The newest first, each only once.
        self._prompts = tuple(dict.fromkeys(reversed(prompts)))
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """The list, and the field below it."""
        with Vertical() as box:
            box.border_title = Content("Earlier prompts")
            box.border_subtitle = Content("Enter takes it, Esc leaves")
            prompts = PickList()
            prompts.can_focus = False
            yield prompts
            yield Input(placeholder="words of the prompt", compact=True)

    def on_mount(self) -> None:
        """All of them at first."""
        self._list("")

    def _list(self, query: str) -> None:
        found = fuzzy.rank(query, self._prompts, lambda prompt: prompt)
        self._found = [prompt for _, prompt, _ in found[:SHOWN]]
        prompts = self.query_one(PickList)
        prompts.styles.height = len(self._found)
        prompts.show_items(len(self._found), self._draw, cursor=0)

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        return (cut(((Ink.TEXT, sanitize_line(self._found[index], 300)),), width),)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self._list(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the highlighted one."""
        event.stop()
        self.dismiss(self._found[self.query_one(PickList).cursor] if self._found else None)

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """One was clicked."""
        event.stop()
        self.dismiss(self._found[event.index])

    def action_move(self, by: int) -> None:
        """Another one."""
        prompts = self.query_one(PickList)
        if self._found:
            prompts.cursor = (prompts.cursor + by) % len(self._found)

    def action_leave(self) -> None:
        """Esc."""
        self.dismiss(None)
