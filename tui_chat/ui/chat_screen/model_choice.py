"""The model of the next question: switching it, and finding the first one where none is set.

A gateway that names no obvious model is asked for its list, which may take its time or fail: the composer does not
wait for it, what is sent meanwhile does.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.queueing import Queueing
from tui_chat.workspace.conversation import OpenConversation

if TYPE_CHECKING:
    from tui_chat.chat.services import Services


class ModelChoice:
    """The model of a chat screen's conversation."""

    def __init__(self, host: Host, queueing: Queueing, show: Callable[[str], None]) -> None:
        """`show` is called with the model in use from now on."""
        self._host = host
        self._queueing = queueing
        self._show = show
        self._asked: Services | None = None
        """The services whose gateway is being asked for its first model."""

    def switch(self, model: str) -> Awaitable[None]:
        """Ask this model from this call on; awaiting saves and shows it."""
        return self._switched(self._host.conversation.set_model(model), model)

    async def _switched(self, saving: Awaitable[None], model: str) -> None:
        await saving
        self._show(model)
        known = self._host.conversation.services.catalog.known()
        if known.models and known.get(model) is None:
            words = f"The catalogue does not have {sanitize_line(model, 100)}; it is asked all the same."
            self._host.note(words, severity="warning")

    def find(self) -> None:
        """Ask the gateway which model it lists first."""
        conversation = self._host.conversation
        if self._asked is not conversation.services:
            self._asked = conversation.services
            self._host.run_worker(self._find(conversation), name="first model", group="catalog")

    async def _find(self, conversation: OpenConversation) -> None:
        services = conversation.services
        why, is_found = "", False
        try:
            is_found = await conversation.find_model()
        except ChatError as error:
            why = error.failure.message
        if self._asked is not services:
            return  # another gateway was connected meanwhile
        self._asked = None
        if conversation is not self._host.conversation:
            return
        if is_found:
            self._show(conversation.session.conversation.model)
        elif why and conversation.lacks_model:
            self._queueing.give_back()
            words = f"{why}\nNo model is chosen: name one with /model ID."
            self._host.note(words, severity="warning", timeout=15)
