"""The composition root: settings in, services out. The only module that knows the implementations behind the ports.

Heavy parts (the HTTP client, its TLS context) are built by the implementations themselves, on first use.
"""

import dataclasses
import os
import random
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ports import CatalogSource, Completer
from tui_chat.chat.services import Clock, Gateway, Services
from tui_chat.chat.titles import Titles
from tui_chat.chat.tool_plans import Toolbox
from tui_chat.chat.tool_ports import NoServers, ToolServers
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.chat.tools_setup import find_tools, with_problems
from tui_chat.chat.turn import ToolUse
from tui_chat.core.errors import GatewayError, SettingsError
from tui_chat.core.redact import Secrets, remember, used_secrets
from tui_chat.demo import DEMO_BASE_URL, DEMO_DEFAULT_MODEL, DEMO_KEY
from tui_chat.settings.base_url import is_same_origin, mend_base_url, shown_base_url
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.consent import Consents
from tui_chat.settings.folders import Keeping, look_at_folders
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.key_keeper import ENTERED, KeyKeeper, KeyPlace
from tui_chat.settings.load import Loaded, load_settings
from tui_chat.settings.model import DEFAULT_BASE_URL, Settings
from tui_chat.settings.paths import Paths, find_paths
from tui_chat.settings.project import ProjectFile, find_project
from tui_chat.settings.sampling import sampling_of
from tui_chat.settings.secret_key import KEY_VARIABLE, check_key
from tui_chat.settings.secrets import (
    Connection,
    choose_gateway,
    find_connection,
    find_named_connection,
    know_saved_keys,
)
from tui_chat.settings.theme_files import Themes

if TYPE_CHECKING:
    from tui_chat.chat.tool_ports import ToolRunner
    from tui_chat.client.http import Limits
    from tui_chat.providers.learned import Learned
    from tui_chat.settings.known_servers import FoundServer

SOLROUTER_DEFAULT_MODEL = "openai/gpt-4o-mini"
"""The model of the examples on the service's own page."""

_PROOF_S = 3.0
"""Longest wait for whether a list is given without a key."""
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class SystemClock:
    """The real time."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()


def new_id() -> str:
    """Make an id of twelve characters of Crockford's base 32: 60 random bits, of which the first four characters are
    nearly always enough to type."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(12))


def load(line: CommandLine, environ: Mapping[str, str]) -> "Wiring":
    """Load the settings from the command line, the environment and the file, and find the connection.

    Raises:
        SettingsError: the command line names a gateway that there is not, or that cannot be used.
    """
    remember(environ.get(KEY_VARIABLE, ""))  # a secret also where another key is used
    paths = find_paths(environ)
    file = Path(line.config_file) if line.config_file else paths.config_file
    project = _look_for_project(environ, consents := Consents(paths.consents_file))
    loaded = load_settings(file, environ, line.overrides, must_exist=bool(line.config_file), project=project)
    for gateway in loaded.settings.gateway.values():
        remember(*(environ.get(variable, "") for variable in gateway.variables))
    connection = usual = find_connection(loaded, environ, paths.credentials_file)
    if line.gateway is not None:
        connection = find_named_connection(choose_gateway(loaded, line.gateway), paths.credentials_file)
    tools = find_tools(loaded, paths)
    loaded = with_problems(loaded, tools)
    keeping = Keeping() if line.is_temporary else look_at_folders(paths)
    ordered = (loaded.problems, keeping.problems) if keeping.is_possible else (keeping.problems, loaded.problems)
    loaded = msgspec.structs.replace(loaded, problems=ordered[0] + ordered[1])
    wiring = Wiring(
        loaded,
        paths,
        connection,
        is_temporary=line.is_temporary,
        can_keep=keeping.is_possible,
        usual=usual,
        tools=tools,
    )
    wiring.keeping = SettingsKeeper(
        wiring.loaded,
        environ,
        is_temporary=line.is_temporary,
        consents=None if line.is_temporary else consents,
        take=wiring.take,
    )
    return wiring


def _look_for_project(environ: Mapping[str, str], consents: Consents) -> ProjectFile | None:
    try:
        project = find_project(Path.cwd(), Path(environ.get("HOME") or os.path.expanduser("~")))
    except OSError:  # the working folder is gone
        return None
    return project and msgspec.structs.replace(project, is_agreed=consents.has(project))


class Wiring:
    """Builds the services; it is also the `Connector` of the running chat."""

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
        self.loaded = _in_force(loaded, connection)
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
        self._learned: dict[str, Learned] = {}
        """What was learned of each gateway, by its base URL: it outlives the connection."""
        self._keys = KeyKeeper(paths.credentials_file, usual or connection)
        self._shown = {shown_base_url(connection.base_url): connection.base_url} if connection.base_url else {}
        """The addresses of this run by what is shown of them."""

    def take(self, loaded: Loaded) -> Loaded:
        """Go on with settings that were read again, and return those that count. Services that were built stay."""
        if self._services is None and loaded.origins["tools"] != self._declared.origins["tools"]:
            self._tools = find_tools(loaded, self.paths)
            loaded = with_problems(loaded, self._tools)
        self._declared, self.loaded = loaded, _in_force(loaded, self.connection)
        return self.loaded

    def services(self) -> Services:
        """Build the services for the settings in force; the same ones each time.

        Raises:
            SettingsError: the tools file cannot be used.
        """
        if self._services is None:
            self._services = self._build()
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

    def connect(self, base_url: str, key: str) -> Services:
        """Build the same services for another gateway. Without a key, the one that is known for this address is sent.

        Raises:
            SettingsError: the URL or the key cannot be used.
        """
        url = self._meant(base_url)
        named = self.connection.gateway if url == self.connection.base_url else None
        typed = check_key(key)
        source, origin = (typed, ENTERED) if typed is not None else self._keys.known_for(url)
        return self._switched(Connection(url, source, origin, is_demo=False, gateway=named))

    def connect_named(self, name: str, key: str = "") -> Services:
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

    def _switched(self, connection: Connection) -> Services:
        current = self.services()
        self._shown[shown_base_url(connection.base_url)] = connection.base_url
        gateway, new_completer, completer, catalog = self._reach(connection, current.clock)
        return dataclasses.replace(
            current,
            gateway=gateway,
            completer=completer,
            new_completer=new_completer,
            catalog=catalog,
            default_model=_in_force(self._declared, connection).settings.model or _usual_model(gateway),
        )

    def _build(self) -> Services:
        from tui_chat.store.sqlite import SqliteStore

        tools = self.tools()
        servers = _servers(tools)
        toolbox = Toolbox(tools.tools, servers)
        settings = self.loaded.settings
        clock = SystemClock()
        gateway, new_completer, completer, catalog = self._reach(self.connection, clock)
        return Services(
            gateway=gateway,
            completer=completer,
            new_completer=new_completer,
            catalog=catalog,
            store=SqliteStore(self.paths.database, forget=self._forget),
            clock=clock,
            new_id=new_id,
            default_model=settings.model or _usual_model(gateway),
            default_system=settings.system,
            tools=toolbox.definitions,
            servers=servers,
            tool_use=ToolUse(self._runner(tools, servers) if tools.tools or tools.servers else None, toolbox=toolbox),
            sampling=sampling_of(settings),
            fallbacks=settings.fallbacks,
            budgets=Budgets(settings.budget),
            titles=Titles(settings.title_model),
            summary_model=settings.summary_model,
            themes=Themes(self.paths.themes),
            theme=settings.theme,
            redact=settings.redact,
            secrets=self._secrets,
        )

    def _runner(self, tools: ToolsRead, servers: ToolServers) -> "ToolRunner":
        from tui_chat.client.fetching import HttpFetcher
        from tui_chat.client.page_fetching import PublicPages
        from tui_chat.tools.own_places import OwnPlaces
        from tui_chat.tools.runner import Runner

        paths = self.paths
        folders = [str(path) for path in (paths.config, paths.data, paths.state, paths.cache)]
        files = [str(self.loaded.file), *{tool.source for tool in tools.tools}]
        return Runner(
            os.environ,
            HttpFetcher(),
            pages=PublicPages(),
            places=lambda: OwnPlaces(folders, files),
            servers=servers,
        )

    def _secrets(self) -> Secrets:
        know_saved_keys(self.paths.credentials_file)
        return used_secrets()

    def _forget(self, conversation_ids: Sequence[str], questions: Iterable[str]) -> None:
        from tui_chat.workspace.deleting import forget  # only where something is deleted

        forget(self.paths.drafts, self.paths.prompts_file, conversation_ids, questions)

    def _reach(
        self, connection: Connection, clock: Clock
    ) -> tuple[Gateway, Callable[[], Completer], Completer, CatalogSource]:
        """Build the ports to a gateway, and what makes further completers: to the embedded one in process, to any other
        over the network."""
        from tui_chat.client.catalog import HttpCatalog
        from tui_chat.client.http import HttpConnection
        from tui_chat.client.stream import HttpCompleter
        from tui_chat.providers.learned import Learned
        from tui_chat.providers.openai_chat import OpenAIChat
        from tui_chat.providers.quirks import Thoughts
        from tui_chat.providers.thinking_marks import THINKING_MARKS, ThinkingMarks

        settings = _in_force(self._declared, connection).settings
        limits = _limits(settings)
        dialect = OpenAIChat(
            thinking_marks=THINKING_MARKS if settings.thinking_tags is None else ThinkingMarks(settings.thinking_tags),
            send_reasoning=Thoughts(settings.send_reasoning),
        )
        headers, refusal = connection.headers, connection.unusable_key
        learned = self._learned.setdefault(connection.base_url, Learned())

        def connect() -> HttpConnection:
            if not connection.is_demo:
                return HttpConnection(connection.base_url, headers=headers, refusal=refusal, limits=limits)
            from tui_chat.demo.transport import DemoTransport

            return HttpConnection(DEMO_BASE_URL, DEMO_KEY, limits=limits, transport=DemoTransport())

        def completer_over(http: HttpConnection) -> Completer:
            return HttpCompleter(http, dialect, now=clock.now, random=random.random, learned=learned)

        if connection.is_demo:
            gateway = Gateway(DEMO_BASE_URL, is_demo=True, has_key=False)
        else:
            name = connection.gateway.name if connection.gateway is not None else ""
            gateway = Gateway(connection.base_url, is_demo=False, has_key=bool(headers), name=name)
        cache = None if connection.is_demo or self.is_temporary else self.paths.cache
        http = connect()
        catalog = HttpCatalog(http, cache, now=clock.now)
        return gateway, lambda: completer_over(connect()), completer_over(http), catalog


def _in_force(loaded: Loaded, connection: Connection) -> Loaded:
    """The settings that count at a gateway."""
    return loaded if connection.gateway is None else loaded.at(connection.gateway)


def _usual_model(gateway: Gateway) -> str:
    """Default model of a gateway where none is set; empty takes the first that the gateway lists."""
    if gateway.is_demo:
        return DEMO_DEFAULT_MODEL
    return SOLROUTER_DEFAULT_MODEL if is_same_origin(gateway.base_url, DEFAULT_BASE_URL) else ""


def _limits(settings: Settings) -> "Limits":
    from tui_chat.client.http import Limits
    from tui_chat.client.retry import RetryPolicy

    return Limits(
        connect_s=settings.connect_timeout_s,
        headers_s=settings.header_timeout_s,
        fallback_after_s=settings.fallback_after_s,
        silence_s=settings.idle_timeout_s,
        retry=RetryPolicy(retries=settings.retries),
    )


def _servers(tools: ToolsRead) -> ToolServers:
    if not tools.servers:
        return NoServers()
    from tui_chat.client.fetching import way_to
    from tui_chat.client.secret_command import printed_secret
    from tui_chat.tools.servers.servers import Servers

    environ = os.environ
    return Servers(
        tools.servers,
        tools.tools,
        environ,
        printed=lambda argv: printed_secret(argv, environ),
        way=lambda url: way_to(url, environ),
    )
