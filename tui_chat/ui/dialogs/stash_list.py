"""The list of stashed drafts: Enter brings one back, d deletes one."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui_chat.core.figures import age
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, spread
from tui_chat.workspace.stash import Stashed


class Choice(StrEnum):
    """Fate of a draft."""

    POP = "pop"
    DELETE = "delete"


class StashList(Dialog[tuple[Choice, Stashed] | None]):
    """A draft and what shall become of it; None where the list was left."""

    DEFAULT_CSS = """
    StashList PickList { max-height: 10; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("stash-delete", "delete"),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("j", "move(1)", "Down", show=False),
    ]

    def __init__(self, stashed: Sequence[Stashed], *, now: float, cursor: int = 0) -> None:
        """`stashed` is not empty; `now` in seconds since the epoch."""
        super().__init__()
        self._stashed = tuple(stashed)
        self._now = now
        self._first = cursor

    def compose(self) -> ComposeResult:
        """The list."""
        hints = (Hint("list-choose", "take"), Hint("stash-delete", "delete"))
        with Frame(title="Stashed drafts", way_out=Hint("leave", "close"), hints=hints) as frame:
            frame.show_facts(str(len(self._stashed)))
            yield PickList()

    def on_mount(self) -> None:
        """List the drafts, the newest on top."""
        drafts = self.query_one(PickList)
        drafts.show_items(len(self._stashed), self._draw, cursor=self._first)
        drafts.focus()

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        stashed = self._stashed[index]
        text: Row = ((Ink.TEXT, sanitize_line(stashed.text, 300)),)
        return (spread(text, ((Ink.MUTED, f"  {age(self._now - stashed.stashed_at)}"),), width),)

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Pop the draft."""
        event.stop()
        self.dismiss((Choice.POP, self._stashed[event.index]))

    def action_move(self, by: int) -> None:
        """Go to another draft."""
        self.query_one(PickList).action_move(by)

    def action_delete(self) -> None:
        """Delete the draft under the cursor."""
        self.dismiss((Choice.DELETE, self._stashed[self.query_one(PickList).cursor]))
