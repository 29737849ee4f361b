"""The list of the board of usage."""

from collections.abc import Callable

from tui_chat.ui.fields.ordered_keys import OrderedKeys
from tui_chat.ui.rows.pick_list import PickList


class UsageRows(OrderedKeys, PickList):
    """The lines, where letters act."""

    WRITES = False

    def __init__(self, can_open: Callable[[], bool]) -> None:
        super().__init__(id="usage-rows", clicks=2)
        self._can_open = can_open

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open only what can be."""
        return (action != "pick" or self._can_open()) and super().check_action(action, parameters)
