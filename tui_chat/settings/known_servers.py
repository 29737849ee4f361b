"""Gateways that are known by name, as `providers.toml` lists them: a service, and servers that run on this machine."""

from functools import cache
from pathlib import Path

import msgspec

from tui_chat.settings.base_url import is_loopback, is_same_origin, origin_of
from tui_chat.settings.toml_text import read_toml


class KnownServer(msgspec.Struct, frozen=True):
    """One gateway of the list."""

    name: str
    base_url: str
    keys_page: str = ""
    """Where its keys are made, as people type it; empty for a server without keys."""
    owned_by: tuple[str, ...] = ()
    """What stands in the field `owned_by` of its models."""

    @property
    def is_local(self) -> bool:
        """It runs on this machine."""
        return is_loopback(self.base_url)

    @property
    def port(self) -> int:
        """Its usual port."""
        return origin_of(self.base_url)[2]


class FoundServer(msgspec.Struct, frozen=True):
    """A server that was found on this machine."""

    name: str
    base_url: str
    models: int | None
    """How many models it lists; None where it wants a key before it tells."""

    @property
    def port(self) -> int:
        """The port where it was found."""
        return origin_of(self.base_url)[2]


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    server: tuple[KnownServer, ...]


@cache
def known_servers() -> tuple[KnownServer, ...]:
    """All of the list, in its order."""
    text = Path(__file__).with_name("providers.toml").read_text("utf-8")
    return msgspec.convert(read_toml(text), _Listed).server


def local_servers() -> tuple[KnownServer, ...]:
    """Those that run on this machine."""
    return tuple(server for server in known_servers() if server.is_local)


def keys_page_of(base_url: str) -> str:
    """Where the keys of a gateway are made; empty where that is not known."""
    return next((server.keys_page for server in known_servers() if is_same_origin(server.base_url, base_url)), "")
