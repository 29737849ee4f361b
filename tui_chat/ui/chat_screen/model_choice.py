"""Which model the next question goes to: the ones used lately, and the first one where nobody has chosen.

A gateway that names no obvious model is asked for its list, which may take its time or fail: the composer does not
wait for it, what is sent meanwhile does.
"""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.chat.services import Services
    from tui_chat.ui.chat_screen.screen import ChatScreen

RECENT_MODELS = 8


class ModelChoice:
    """The model of a chat screen's conversation."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._asked: Services | None = None
        """The services whose gateway is being asked for its first model."""
        self.recent: tuple[str, ...] = ()
        """Models used lately. Each keeps its place, so that the cycle key goes round all of them."""

    @property
    def is_missing(self) -> bool:
        """Nobody has chosen a model yet."""
        return not self._chat.session.conversation.model

    def note(self, model: str) -> None:
        """A model is in use."""
        if model and model not in self.recent:
            self.recent = (*self.recent, model)[-RECENT_MODELS:]

    def forget(self) -> None:
        """Another gateway has other models."""
        self.recent = ()

    def switch(self, model: str, *, quietly: bool = False) -> Awaitable[None]:
        """The next question goes to this model, from this call on; awaiting saves and shows it."""
        return self._switched(self._chat.session.set_model(model), model, quietly=quietly)

    async def _switched(self, saving: Awaitable[None], model: str, *, quietly: bool) -> None:
        chat = self._chat
        await saving
        chat.following.show_facts()
        chat.panes.show_model(model)
        if not quietly:
            known = chat.services.catalog.known()
            if known.models and known.get(model) is None:
                name = sanitize_line(model, 100)
                chat.toast(f"The catalogue does not have {name}; it is asked all the same.", severity="warning")
        chat.dispatch.do_what_waited()

    def look(self) -> None:
        """Ask the gateway which model it lists first."""
        services = self._chat.services
        if self._asked is not services:
            self._asked = services
            self._chat.run_worker(self._look(services), name="first model", group="catalog")

    async def _look(self, services: "Services") -> None:
        from tui_chat.workspace.model_choice import choose_model  # only where nobody chose one

        chat, model, why = self._chat, "", ""
        try:
            model = await choose_model(services.catalog)
        except ChatError as error:
            why = error.failure.message
        if self._asked is not services:
            return  # another gateway was connected meanwhile
        self._asked = None
        if not self.is_missing:
            return
        if model:
            await self.switch(model, quietly=True)
        else:
            chat.dispatch.give_back_what_waited()
            chat.toast(f"{why}\nNo model is chosen: name one with /model ID.", severity="warning", timeout=15)
