"""A text that is longer than its place, read with the keys of lists."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from tui_chat.ui.keys.pane_keys import SCROLL_KEYS


class ReadOn(VerticalScroll, inherit_bindings=False):
    """Scrolls what is composed in it."""

    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]
