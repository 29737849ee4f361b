"""The composition root: settings in, services out. The only module that knows the implementations behind the ports.

Heavy parts (the HTTP client, its TLS context) are built by the implementations themselves, on first use.
"""

import dataclasses
import random
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.chat.ports import CatalogSource, Completer
from tui_chat.chat.services import Clock, Gateway, Services
from tui_chat.chat.tools import read_tools
from tui_chat.core.errors import SettingsError
from tui_chat.core.figures import bound
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.demo import DEMO_BASE_URL, DEMO_DEFAULT_MODEL, DEMO_KEY
from tui_chat.settings.base_url import is_same_origin, mend_base_url, shown_base_url
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.load import Loaded, load_settings
from tui_chat.settings.model import DEFAULT_BASE_URL, Settings
from tui_chat.settings.paths import Paths, find_paths
from tui_chat.settings.secrets import Connection, check_key, find_connection

if TYPE_CHECKING:
    from tui_chat.client.http import Limits

SOLROUTER_DEFAULT_MODEL = "openai/gpt-4o-mini"
"""The model of the examples on the service's own page."""

_TOOLS_LIMIT_BYTES = 4 * 1024 * 1024
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
    """Load the settings from the command line, the environment and the file, and find the connection."""
    paths = find_paths(environ)
    file = Path(line.config_file) if line.config_file else paths.config_file
    loaded = load_settings(file, environ, line.overrides, must_exist=bool(line.config_file))
    connection = find_connection(loaded, environ, paths.credentials_file)
    return Wiring(loaded, paths, connection, is_temporary=line.is_temporary)


class Wiring:
    """Builds the services; it is also the `Connector` of the running chat."""

    def __init__(self, loaded: Loaded, paths: Paths, connection: Connection, *, is_temporary: bool) -> None:
        self.loaded = loaded
        self.paths = paths
        self.connection = connection
        self._is_temporary = is_temporary
        self._services: Services | None = None

    def services(self) -> Services:
        """Build the services for the settings in force; the same ones each time.

        Raises:
            SettingsError: the tools file cannot be used.
        """
        if self._services is None:
            self._services = self._build()
        return self._services

    def connect(self, base_url: str, key: str) -> Services:
        """Build the same services for another gateway. An empty key sends none.

        Raises:
            SettingsError: the URL or the key cannot be used.
        """
        before_url = self.services().gateway.base_url
        url = before_url if base_url.strip() == shown_base_url(before_url) else mend_base_url(base_url)
        connection = Connection(url, check_key(key), "/connect", is_demo=False)
        current = self.services()
        gateway, completer, catalog = self._reach(connection, current.clock)
        return dataclasses.replace(
            current,
            gateway=gateway,
            completer=completer,
            catalog=catalog,
            default_model=self.loaded.settings.model or _usual_model(gateway),
        )

    def _build(self) -> Services:
        from tui_chat.store.sqlite import SqliteStore

        settings = self.loaded.settings
        clock = SystemClock()
        gateway, completer, catalog = self._reach(self.connection, clock)
        return Services(
            gateway=gateway,
            completer=completer,
            catalog=catalog,
            store=SqliteStore(self.paths.data / "conversations.db"),
            clock=clock,
            new_id=new_id,
            default_model=settings.model or _usual_model(gateway),
            default_system=settings.system,
            tools=_read_tools_file(settings.tools),
            sampling=_sampling(settings),
            fallbacks=settings.fallbacks,
        )

    def _reach(self, connection: Connection, clock: Clock) -> tuple[Gateway, Completer, CatalogSource]:
        """Build the ports to a gateway: to the embedded one in process, to any other over the network."""
        from tui_chat.client.catalog import HttpCatalog
        from tui_chat.client.http import HttpConnection
        from tui_chat.client.stream import HttpCompleter
        from tui_chat.providers.openai_chat import OpenAIChat

        limits = _limits(self.loaded.settings)
        if connection.is_demo:
            from tui_chat.demo.transport import DemoTransport

            gateway = Gateway(DEMO_BASE_URL, is_demo=True, has_key=False)
            http = HttpConnection(DEMO_BASE_URL, DEMO_KEY, limits=limits, transport=DemoTransport())
        else:
            key = connection.key.reveal() if connection.key else ""
            gateway = Gateway(connection.base_url, is_demo=False, has_key=bool(key))
            http = HttpConnection(connection.base_url, key, refusal=connection.unusable_key, limits=limits)
        cache = None if connection.is_demo or self._is_temporary else self.paths.cache
        completer = HttpCompleter(http, OpenAIChat(), now=clock.now, random=random.random)
        return gateway, completer, HttpCatalog(http, cache, now=clock.now)


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
        silence_s=settings.idle_timeout_s,
        retry=RetryPolicy(retries=settings.retries),
    )


def _sampling(settings: Settings) -> Sampling:
    return Sampling(
        temperature=settings.temperature,
        top_p=settings.top_p,
        max_tokens=settings.max_tokens,
        seed=settings.seed,
        reasoning_effort=settings.reasoning_effort,
    )


def _read_tools_file(name: str) -> tuple[ToolDefinition, ...]:
    if not name:
        return ()
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            raw = file.read(_TOOLS_LIMIT_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Check the path of the tools file.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not text in UTF-8.", "Save the tools file as UTF-8.") from None
    if len(raw) > _TOOLS_LIMIT_BYTES:
        raise SettingsError(f"{path} is larger than {bound(_TOOLS_LIMIT_BYTES)}.", "Offer fewer tools.")
    return read_tools(text, str(path))
