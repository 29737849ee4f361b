"""A screen over the chat that answers once.

Two presses of Enter or Esc that are read in one go both reach a screen before it is gone. Textual 8.2.8 then answers
twice, which raises, and takes away the screen below as well. An Esc that is read with the key that opens a dialog comes
before its parts are there: Textual then builds none of them, and whatever asks for one raises.
"""

from dataclasses import replace
from typing import ClassVar, Final, Protocol, TypeVar, runtime_checkable

from textual import events
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.message import Message
from textual.screen import ModalScreen, Screen

from tui_chat.ui.driver.surviving import SurvivesWork
from tui_chat.ui.keys.command import binding
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import KEYS_PAGE, bound
from tui_chat.ui.rows.frame import HasFrames
from tui_chat.workspace.command_table import COMMANDS

Result = TypeVar("Result")


SMALL_WIDTH: Final = 60
SMALL_HEIGHT: Final = 12
"""Size of the page below which a dialog fills it, and its list has what is left."""
VAST_WIDTH: Final = 140
"""Width from which on what is read stands in the middle, and the pages over it."""
LOW_HEIGHT: Final = 20
"""Rows of the page below which a dialog has no more than it needs."""
HELP: Final = Hint("help", "help")
_OF_THE_CHAT: Final = {command.id: binding(command) for command in COMMANDS if command.id in ("help", "quit")}


@runtime_checkable
class HasFloors(Protocol):
    """A screen with rows at its foot that nothing covers: what one writes, and the status line."""

    @property
    def lower_rows(self) -> int:
        """How many rows these are."""
        ...

    @property
    def lower_width(self) -> int:
        """Cells that they take in the middle of the screen."""
        ...


class Dialog(ModalScreen[Result], SurvivesWork, HasFrames):
    """Base of all dialogs: one frame in the middle of the page, and the first of several answers counts.

    With the class `-page` the frame is as high as the page. The page is the screen without the rows at its foot; a
    dialog on a small one has the class `-small`, on a low one `-low`.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; background: transparent; }
    Dialog > Frame { width: 76; max-width: 100%; height: auto; max-height: 100%; }
    Dialog.-page > Frame { width: 100%; height: 100%; }
    Dialog.-page.-vast > Frame { width: 102; }
    Dialog.-small > Frame { width: 100%; height: 100%; }
    Dialog PickList { height: auto; }
    Dialog.-page PickList { height: 1fr; }
    Dialog.-small PickList { height: 1fr; max-height: 100%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("leave", "leave", priority=True),
        bound("all-keys", "all_keys"),
        replace(_OF_THE_CHAT["help"], action="help"),
        replace(_OF_THE_CHAT["quit"], action="app.quit"),
    ]
    HELP: ClassVar[str] = ""
    """The page of the manual that tells of it; empty where the key for help does nothing."""

    class HelpAsked(Message):
        """A page of the manual is to be shown over the dialog."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    _is_answered = False

    @property
    def _screen_below(self) -> Screen[object] | None:
        stack = self.app.screen_stack
        return stack[stack.index(self) - 1] if self in stack and stack.index(self) else None

    @property
    def lower_rows(self) -> int:
        """Rows at the foot of the chat that stay in sight."""
        return below.lower_rows if isinstance(below := self._screen_below, HasFloors) else 0

    @property
    def lower_width(self) -> int:
        """Cells of what stays in sight there."""
        return below.lower_width if isinstance(below := self._screen_below, HasFloors) else self.size.width

    def on_mount(self) -> None:
        """Follow the chat below: it is laid out after a resize, or by itself, while the dialog is open."""
        if (below := self._screen_below) is not None:
            below.screen_layout_refresh_signal.subscribe(self, lambda _: self.stand())

    def on_resize(self, event: events.Resize) -> None:
        """Stand on the page."""
        del event
        self.stand()

    def stand(self) -> None:
        """Stand on the page; fill it where there is little room."""
        lower = self.lower_rows
        rows = self.size.height - lower
        self.set_class(self.size.width < SMALL_WIDTH or rows < SMALL_HEIGHT, "-small")
        self.set_class(rows < LOW_HEIGHT, "-low")
        self.set_class(self.size.width >= VAST_WIDTH, "-vast")
        for frame in self.children:
            frame.styles.margin = (0, 0, lower, 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing but leaving is possible before the dialog is built."""
        if not self.is_mounted and action != "leave":
            return False
        if action == "all_keys" and not (self.HELP or self.query("FilteredList")):
            return False  # it has no rows in which a letter does something
        return (action != "help" or bool(self.HELP)) and super().check_action(action, parameters)

    def action_all_keys(self) -> None:
        """Ask for the page of all keys."""
        self.post_message(self.HelpAsked(KEYS_PAGE))

    def action_help(self) -> None:
        """Ask for the page that tells of this dialog."""
        self.post_message(self.HelpAsked(self.HELP))

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result, after it is built; nothing happens where it is closed already."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        if self.is_mounted:
            return super().dismiss(result)
        self.call_later(self._dismiss_built, result)
        return AwaitComplete()

    def _dismiss_built(self, result: Result | None) -> None:
        super().dismiss(result)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
