"""The model of the next question: switching it, and finding the first one where none is set.

A gateway that names no obvious model is asked for its list, which may take its time or fail: the composer does not
wait for it, what is sent meanwhile does.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui import dialogs
from tui_chat.ui.chat_screen.host import AskingHost
from tui_chat.ui.chat_screen.queueing import Queueing
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.switch_way import SwitchWay

if TYPE_CHECKING:
    from tui_chat.chat.services import Services
    from tui_chat.workspace.model_switch import Switching


class ModelChoice:
    """The model of a chat screen's conversation."""

    def __init__(
        self, host: AskingHost, queueing: Queueing, show: Callable[[str], None], follow: Callable[[], None]
    ) -> None:
        """`show` is called with the model in use from now on, `follow` where a turn is due."""
        self._host = host
        self._queueing = queueing
        self._show = show
        self._follow = follow
        self._asked: Services | None = None
        """The services whose gateway is being asked for its first model."""

    def switch(self, model: str) -> Awaitable[None]:
        """Ask this model from this call on; awaiting saves and shows it. Where the conversation would lose something,
        the person is asked first."""
        from tui_chat.workspace.model_switch import question  # the first frame does without

        asked = question(self._host.conversation, model)
        if asked is not None:
            return self._ask(asked, model)
        return self._switched(self._host.conversation.set_model(model), model)

    async def _ask(self, asked: "Switching", model: str) -> None:
        conversation = self._host.conversation
        way = await self._host.ask(dialogs.model_switch(asked))
        if way in (None, SwitchWay.STAY) or conversation is not self._host.conversation:
            return
        if way is SwitchWay.SUMMARISE:
            from tui_chat.workspace.compacting import compact

            self._host.note(compact(conversation, ""))
        await self._switched(conversation.set_model(model), model)
        if way is SwitchWay.SUMMARISE:
            self._follow()

    async def _switched(self, saving: Awaitable[None], model: str) -> None:
        await saving
        self._show(model)
        known = self._host.conversation.services.catalog.known()
        if known.models and known.get(model) is None:
            words = f"The catalogue does not have {sanitize_line(model, 100)}; it is asked all the same."
            self._host.note(words, severity="warning")
        else:
            self._host.note(f"Now {sanitize_line(model, 100)}.")

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
