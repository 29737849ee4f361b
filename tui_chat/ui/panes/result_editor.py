"""The editor for the result of a pending call: the composer's keys, in a smaller frame and without a history."""

from tui_chat.ui.composing.writing_area import WritingArea
from tui_chat.ui.keys.command import OwnKeys


class ResultEditor(WritingArea):
    """The result of one call; an empty one is a result too."""

    DEFAULT_CSS = """
    ResultEditor {
        min-height: 1; max-height: 30%; background: $surface;
    }
    """

    def __init__(self, own_keys: OwnKeys, *, id: str | None = None) -> None:
        super().__init__("Type the result", submits_nothing=True, id=id)
        self.use_keys(own_keys)
