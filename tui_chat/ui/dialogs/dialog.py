"""A screen over the chat that answers once.

Two presses of Enter or Esc that are read in one go both reach a screen before it is gone. Textual 8.2.8 then answers
twice, which raises, and takes away the screen below as well.
"""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tui_chat.ui.driver.surviving import SurvivesWork

Result = TypeVar("Result")


class Dialog(SurvivesWork, ModalScreen[Result]):
    """Base of all dialogs: the first of several answers counts."""

    _is_answered = False

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; nothing happens where it is closed already."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        return super().dismiss(result)
