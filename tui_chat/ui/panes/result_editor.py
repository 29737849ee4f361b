"""Where the result of a waiting call is typed by hand: the composer's keys in a smaller frame."""

from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.keys.command import OwnKeys


class ResultEditor(Composer):
    """The result of one call."""

    DEFAULT_CSS = """
    ResultEditor {
        min-height: 1; max-height: 30%; padding: 0 1; border: none; background: $surface;
        &:focus, &:focus:nocolor { border: none; }
    }
    """

    invites = "Type the result"
    submits_nothing = True

    def __init__(self, own_keys: OwnKeys, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.placeholder = self.invites
        self.use_keys(own_keys)
