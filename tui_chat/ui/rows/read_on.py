"""A text that is longer than its place, read with the keys of lists."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from tui_chat.ui.keys.pane_keys import SCROLL_KEYS
from tui_chat.ui.rows.scrolling import ScrollsWhatIsLonger


class ReadOn(VerticalScroll, ScrollsWhatIsLonger, inherit_bindings=False):
    """Scrolls what is composed in it."""

    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]
