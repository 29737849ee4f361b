"""Goes on through another gateway: what was shown of the one before goes, and a model is found where none is known."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tui_chat.ui.chat_screen.beginning import Beginning
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.model_choice import ModelChoice
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.workspace.open_conversations import OpenConversations

if TYPE_CHECKING:
    from tui_chat.chat.services import Services


class GatewayHost(Host, Protocol):
    """The screen, as far as its gateway goes."""

    opened: OpenConversations
    panes: Panes
    models: ModelChoice
    beginning: Beginning


class ChangingGateway:
    """The gateway of a chat screen's conversation."""

    def __init__(self, host: GatewayHost, show_facts: Callable[[], None]) -> None:
        self._host = host
        self._show_facts = show_facts

    async def connect(self, services: "Services", found: str) -> None:
        """Use these services; their default model takes the place of a model that they do not know."""
        from tui_chat.workspace.connecting import connected_words  # only where it is asked for

        host = self._host
        await host.opened.connect(services)
        await host.panes.close_models()
        if host.conversation.lacks_model:
            host.models.find()
        else:
            host.run_worker(host.panes.read_catalog(refresh=False), group="catalog")
        self._show_facts()
        host.run_worker(host.beginning.show(), group="pane")
        host.note(connected_words(services.gateway, found))
