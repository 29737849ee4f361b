"""The gateways to choose between when connecting, each with its address; what was written is kept for each."""

from collections.abc import Mapping
from typing import Final

from tui_chat.core.errors import SettingsError
from tui_chat.settings.base_url import mend_base_url
from tui_chat.settings.known_servers import known_servers

LOCAL: Final = "a local server"
OTHER: Final = "another address"
AT_WORK_ON_THIS_MACHINE: Final = "the servers of this machine"


class GatewayChoices:
    """Services that are known by name, a local server, another address, and the gateways of the settings."""

    def __init__(self, gateways: Mapping[str, str], address: str, name: str) -> None:
        """`gateways` are those of the settings, address by name. `address` and `name` are those in use; empty where
        nothing is yet, which begins with the first service."""
        services = {server.name: server.base_url for server in known_servers() if not server.is_local}
        self._fixed = list(services)
        self._named = list(gateways)
        self._addresses = [*services.values(), "", address, *gateways.values()]
        if name in gateways:
            self.chosen = len(services) + 2 + self._named.index(name)
        elif not address or address in services.values():
            self.chosen = list(services.values()).index(address) if address else 0
        else:
            self.chosen = self._other

    @property
    def names(self) -> tuple[str, ...]:
        """What is offered."""
        return (*self._fixed, LOCAL, OTHER, *self._named)

    @property
    def _other(self) -> int:
        return len(self._fixed) + 1

    @property
    def is_local(self) -> bool:
        """A local server is chosen."""
        return self.chosen == len(self._fixed)

    @property
    def name(self) -> str:
        """The gateway of the settings that is chosen; empty where none is."""
        return self._named[self.chosen - self._other - 1] if self.chosen > self._other else ""

    @property
    def address(self) -> str:
        """The address of what is chosen, as it was written."""
        return self._addresses[self.chosen]

    @property
    def full_address(self) -> str:
        """The same as it will be used; as written where it cannot be."""
        try:
            return mend_base_url(self.address)
        except SettingsError:
            return self.address

    def choose(self, chosen: int) -> None:
        """Choose by place."""
        self.chosen = chosen

    def write(self, address: str) -> None:
        """Write an address: what has one of its own gives way to another address."""
        if not self.is_local:
            self.chosen = self._other
        self._addresses[self.chosen] = address
