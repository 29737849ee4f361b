"""Connectors for tests of front ends: without a network, and without anything that is kept on disk."""

from collections.abc import Mapping, Sequence

from tui_chat.chat.services import Services
from tui_chat.core.errors import SettingsError
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.settings.known_servers import FoundServer


class NoConnector:
    """Connects to nothing; a test says what it needs otherwise."""

    def __init__(self) -> None:
        self.gateways: Mapping[str, str] = {}
        self.found: Sequence[FoundServer] = ()
        """The servers of this machine."""
        self.kept: list[tuple[str, str, KeyPlace]] = []
        """Keys that were kept: address, key, place."""
        self.named: dict[str, str] = {}
        """Addresses that got a name."""
        self.known: dict[str, str] = {}
        """What is said of keys, by address."""
        self.is_open_to_all = False

    def connect(self, base_url: str, key: str) -> Services:
        raise AssertionError(f"no test said what is at {base_url}")

    def connect_named(self, name: str, key: str = "") -> Services:
        if name != "work":
            raise SettingsError(f"There is no gateway {name}.", "There are work.")
        return self.connect(name, key)

    def known_key(self, base_url: str) -> str:
        return self.known.get(base_url, "")

    async def lists_without_key(self, base_url: str) -> bool:
        return self.is_open_to_all

    async def find_servers(self) -> Sequence[FoundServer]:
        return self.found

    def keep_key(self, base_url: str, key: str, place: KeyPlace) -> None:
        self.kept.append((base_url, key, place))

    def forget_key(self, base_url: str) -> str:
        places = [place for at, _, place in self.kept if at == base_url]
        self.kept = [each for each in self.kept if each[0] != base_url]
        return str(places[-1]) if places else ""

    def save_gateway(self, name: str, base_url: str) -> str:
        self.named[name] = base_url
        return name
