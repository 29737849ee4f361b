"""The settings in force, and the services for them, which a front end is handed; the connector of the running chat."""

import os
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from tui_chat.chat.tools_read import ToolsRead
from tui_chat.chat.tools_setup import find_tools, with_problems
from tui_chat.core.errors import GatewayError, SettingsError
from tui_chat.core.redact import Secrets, used_secrets
from tui_chat.settings.base_url import mend_base_url, shown_base_url
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.key_keeper import ENTERED, KeyKeeper, KeyPlace
from tui_chat.settings.load import Loaded
from tui_chat.settings.paths import Paths
from tui_chat.settings.secret_key import check_key
from tui_chat.settings.secrets import (
    Connection,
    choose_gateway,
    find_named_connection,
    know_saved_keys,
)

if TYPE_CHECKING:
    from tui_chat.chat.services import Services
    from tui_chat.settings.known_servers import FoundServer
    from tui_chat.wiring.builder import Builder

_PROOF_S = 3.0
"""Longest wait for whether a list is given without a key."""


def in_force(loaded: Loaded, connection: Connection) -> Loaded:
    """The settings that count at a gateway."""
    return loaded if connection.gateway is None else loaded.at(connection.gateway)


class Wiring:
    """Has the services built; it is also the `Connector` of the running chat."""

    def __init__(
        self,
        loaded: Loaded,
        paths: Paths,
        connection: Connection,
        *,
        is_temporary: bool,
        can_keep: bool = True,
        usual: Connection | None = None,
        tools: ToolsRead | SettingsError | None = None,
    ) -> None:
        """`usual` is the connection without the name of a gateway, where `connection` has one; `tools` are those that
        were read, or why they cannot be, where that is known."""
        self._declared = loaded
        self.loaded = in_force(loaded, connection)
        """The settings in force at the gateway that the program began with."""
        self.paths = paths
        self.connection = connection
        self.is_temporary = is_temporary or not can_keep
        """Nothing is written to disk, as the person wants it or because nothing can be."""
        self.can_keep = can_keep
        self.keeping = SettingsKeeper(self.loaded, {}, is_temporary=self.is_temporary, take=self.take)
        """Changes settings while the program runs."""
        self._services: Services | None = None
        self._tools = tools
        self._keys = KeyKeeper(paths.credentials_file, usual or connection)
        self._shown = {shown_base_url(connection.base_url): connection.base_url} if connection.base_url else {}
        """The addresses of this run by what is shown of them."""

    def take(self, loaded: Loaded) -> Loaded:
        """Go on with settings that were read again, and return those that count. Services that were built stay."""
        if self._services is None and loaded.origins["tools"] != self._declared.origins["tools"]:
            self._tools = find_tools(loaded, self.paths)
            loaded = with_problems(loaded, self._tools)
        self._declared, self.loaded = loaded, in_force(loaded, self.connection)
        return self.loaded

    def services(self) -> "Services":
        """Build the services for the settings in force; the same ones each time.

        Raises:
            SettingsError: the tools file cannot be used.
        """
        if self._services is None:
            self._services = self._builder.build(self.loaded, self.connection, self.tools())
        return self._services

    def tools(self) -> ToolsRead:
        """The tools that are set up.

        Raises:
            SettingsError: the tools file cannot be used.
        """
        tools = self._tools if self._tools is not None else find_tools(self.loaded, self.paths)
        if isinstance(tools, SettingsError):
            raise tools
        return tools

    def connect(self, base_url: str, key: str) -> "Services":
        """Build the same services for another gateway. Without a key, the one that is known for this address is sent.

        Raises:
            SettingsError: the URL or the key cannot be used.
        """
        url = self._meant(base_url)
        named = self.connection.gateway if url == self.connection.base_url else None
        typed = check_key(key)
        source, origin = (typed, ENTERED) if typed is not None else self._keys.known_for(url)
        return self._switched(Connection(url, source, origin, is_demo=False, gateway=named))

    def connect_named(self, name: str, key: str = "") -> "Services":
        """Build the same services for a gateway of the settings, with its own key: the one that is given, else as its
        table says, else one that was kept for its address.

        Raises:
            SettingsError: there is none of this name, or it or the key cannot be used.
        """
        gateway = choose_gateway(self._declared, name)
        connection = find_named_connection(gateway, self.paths.credentials_file)
        entered = check_key(key) or (None if gateway.key_command else self._keys.entered_for(gateway.base_url))
        if entered is not None and gateway.key_header:
            connection = msgspec.structs.replace(connection, key=entered, key_origin=ENTERED, unusable_key=None)
        return self._switched(connection)

    @property
    def gateways(self) -> Mapping[str, str]:
        """The gateways of the settings: address by name, fit to be shown."""
        return {name: shown_base_url(each.base_url) for name, each in self._declared.settings.gateway.items()}

    def known_key(self, base_url: str) -> str:
        """Where a key for this address comes from, in words, where none is given; empty where none is known."""
        try:
            return self._keys.known_words(self._meant(base_url))
        except SettingsError:
            return ""

    async def lists_without_key(self, base_url: str) -> bool:
        """Whether this gateway gives its list of models to everybody."""
        from tui_chat.client.catalog import HttpCatalog
        from tui_chat.client.http import HttpConnection, Limits

        http = HttpConnection(base_url, limits=Limits(connect_s=_PROOF_S, headers_s=_PROOF_S))
        try:
            return bool((await HttpCatalog(http, None, now=time.time).read(refresh=True)).models)
        except GatewayError:
            return False
        finally:
            await http.close()

    async def find_servers(self) -> "Sequence[FoundServer]":
        """The servers that run on this machine."""
        from tui_chat.client.local_servers import find_servers
        from tui_chat.settings.known_servers import local_servers

        return await find_servers(local_servers(), now=time.time, environ=os.environ)

    def keep_key(self, base_url: str, key: str, place: KeyPlace) -> None:
        """Keep a key for this address, in this run at least; nothing is done without one.

        Raises:
            SettingsError: it cannot be kept there.
        """
        if (checked := check_key(key)) is not None:
            self._keys.keep(self._meant(base_url), checked, place)

    def forget_key(self, base_url: str) -> str:
        """Remove the key that is kept for this address, and return where it was; empty where none was kept.

        Raises:
            SettingsError: it cannot be removed.
        """
        return self._keys.forget(self._meant(base_url))

    def save_gateway(self, name: str, base_url: str) -> str:
        """Give this address a name in the settings, and return it.

        Raises:
            SettingsError: it cannot have this name, or the settings cannot be written.
        """
        from tui_chat.settings.save_gateway import save_gateway

        saved = save_gateway(self._declared.file, name, self._meant(base_url))
        settings = self._declared.settings
        settings = msgspec.structs.replace(settings, gateway={**settings.gateway, name: saved})
        self._declared = msgspec.structs.replace(self._declared, settings=settings)
        return name

    def _meant(self, base_url: str) -> str:
        """The address that is meant by what is shown or written; a hidden query is found again."""
        return self._shown.get(base_url.strip()) or mend_base_url(base_url)

    def _switched(self, connection: Connection) -> "Services":
        current = self.services()
        self._shown[shown_base_url(connection.base_url)] = connection.base_url
        return self._builder.switched(current, connection, in_force(self._declared, connection).settings)

    @cached_property
    def _builder(self) -> "Builder":
        from tui_chat.wiring.builder import Builder  # much is done without any services

        return Builder(self.paths, is_temporary=self.is_temporary, secrets=self._secrets)

    def _secrets(self) -> Secrets:
        know_saved_keys(self.paths.credentials_file)
        return used_secrets()
