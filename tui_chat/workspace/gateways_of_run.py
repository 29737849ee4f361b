"""The gateways of a run: each conversation comes back through the one that it went through last.

What was said in one must not go to another host because a person has connected elsewhere in another one. A conversation
that was not open in this run goes through the gateway with which the program began.
"""

from tui_chat.chat.services import Gateway, Services
from tui_chat.workspace.recent_models import RecentModels


class GatewaysOfRun:
    """What the conversations of a run go through, and the models that were used lately at each gateway."""

    def __init__(self, first: Services, recent: RecentModels) -> None:
        """`first` is what the program began with, `recent` has the models that were used lately there."""
        self._home = first.gateway
        self._newest = {_known_as(first.gateway): first}
        """What goes to each gateway, with the key that was given for it last."""
        self._left: dict[str, Gateway] = {}
        """Gateways of conversations as these were left, by id."""
        self._recent = {_known_as(first.gateway): recent}

    def recent_at(self, services: Services) -> RecentModels:
        """The models that were used lately at this gateway, for all conversations that go through it."""
        return self._recent.setdefault(_known_as(services.gateway), RecentModels())

    def connected(self, services: Services) -> None:
        """Take note that a person has connected there in one conversation. A new key for the same gateway counts for
        all that come back to it, and the first gateway after the demo for all that were not open in this run."""
        self._newest[_known_as(services.gateway)] = services
        if self._home.is_demo:
            self._home = services.gateway

    def left(self, conversation_id: str, services: Services) -> None:
        """Take note of what a conversation goes through that may be read from the store again."""
        self._left[conversation_id] = services.gateway
        self._newest.setdefault(_known_as(services.gateway), services)

    async def through(self, id_prefix: str) -> Services:
        """What a saved conversation goes through, by its id or a unique beginning of it.

        Raises:
            StoreError: there is no such conversation, or more than one.
        """
        home, id_ = self._newest[_known_as(self._home)], id_prefix
        if id_ not in self._left and any(gateway != self._home for gateway in self._left.values()):
            id_ = (await home.store.find(id_prefix)).id
        return self._newest[_known_as(self._left.get(id_, self._home))]


def _known_as(gateway: Gateway) -> tuple[str, str, bool]:
    """What tells one gateway from another, whatever its key."""
    return gateway.base_url, gateway.name, gateway.is_demo
