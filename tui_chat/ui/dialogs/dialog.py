"""A screen over the chat that answers once.

Two presses of Enter or Esc that are read in one go both reach a screen before it is gone. Textual 8.2.8 then answers
twice, which raises, and takes away the screen below as well.
"""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tui_chat.ui.driver.surviving import SurvivesWork
from tui_chat.ui.keys.pane_keys import label_among

Result = TypeVar("Result")


class Dialog(SurvivesWork, ModalScreen[Result]):
    """Base of all dialogs: the first of several answers counts."""

    _is_answered = False

    def label(self, id_: str) -> str:
        """The key in force for one of the dialog's own rows of `pane_keys`; empty where it has none."""
        active = self.active_bindings.items()
        return label_among(id_, (key for key, each in active if each.node is self and each.binding.id == id_))

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; nothing happens where it is closed already."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        return super().dismiss(result)
