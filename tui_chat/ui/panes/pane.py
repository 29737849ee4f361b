"""The ground and the way out that every pane has."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from tui_chat.ui.keys.pane_keys import bound


class Pane(Vertical):
    """Fills the place that it is given; Esc asks to be closed."""

    DEFAULT_CSS = """
    Pane { background: $panel; width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("leave", "close")]

    class Closed(Message):
        """The pane is not wanted any more."""

    def action_close(self) -> None:
        """Esc."""
        self.post_message(self.Closed())
