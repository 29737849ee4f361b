"""Base of every pane: its background, and the way out of it."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from tui_chat.ui.keys.pane_keys import bound


class Pane(Vertical):
    """A pane fills its place; its key to leave asks to be closed."""

    DEFAULT_CSS = """
    Pane { background: $panel; width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("leave", "close")]

    class Closed(Message):
        """The pane is to be closed."""

    def action_close(self) -> None:
        """Ask to be closed."""
        self.post_message(self.Closed())
