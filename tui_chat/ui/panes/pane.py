"""Base of every pane: a frame beside the transcript or over it, and the way out of it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame

WAY_OUT = Hint("leave", "close")


class Pane(Frame):
    """A pane fills its place; its key to leave asks to be closed."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("leave", "close"), bound("all-keys", "all_keys")]
    HELP: ClassVar[str] = ""
    """The page of the manual that tells of it."""

    class Closed(Message):
        """The pane is to be closed."""

    class KeysAsked(Message):
        """The page of all keys is to be shown."""

    def __init__(
        self, title: str, *, hints: Sequence[Hint] = (), id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(title=title, way_out=WAY_OUT, hints=hints, id=id, classes=classes)

    def action_all_keys(self) -> None:
        """Ask for the page of all keys."""
        self.post_message(self.KeysAsked())

    def action_close(self) -> None:
        """Ask to be closed."""
        self.post_message(self.Closed())
