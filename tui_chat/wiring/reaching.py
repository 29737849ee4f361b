"""The ports to a gateway: to the embedded one in process, to any other over the network."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui_chat.chat.ports import CatalogSource, Completer
from tui_chat.chat.services import Clock, Gateway
from tui_chat.core.request import ToolDefinition
from tui_chat.demo import DEMO_BASE_URL, DEMO_DEFAULT_MODEL, DEMO_KEY
from tui_chat.settings.base_url import is_same_origin
from tui_chat.settings.model import DEFAULT_BASE_URL, Settings
from tui_chat.settings.secrets import Connection

if TYPE_CHECKING:
    from tui_chat.client.http import HttpConnection, Limits
    from tui_chat.demo.transport import DemoTransport
    from tui_chat.providers.learned import Learned

SOLROUTER_DEFAULT_MODEL = "openai/gpt-4o-mini"
"""The model of the examples on the service's own page."""


class Reached(msgspec.Struct, frozen=True):
    """A gateway, as services need it."""

    gateway: Gateway
    completer: Completer
    new_completer: Callable[[], Completer]
    """Makes a completer with connections of its own."""
    catalog: CatalogSource
    warm_up: Callable[[], object]
    """Imports what the first request would else wait for; may be called on a thread."""
    own_tools: Callable[[], tuple[ToolDefinition, ...]] = tuple
    """The tools that the gateway itself calls where none is offered."""


class Reaching:
    """Builds the ports, and keeps what was learned of each gateway: it outlives the connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._learned: dict[str, Learned] = {}
        """By base URL."""

    def reach(self, connection: Connection, settings: Settings, cache: Path | None) -> Reached:
        """The ports over this connection, by the settings in force there; the catalogue is kept below `cache`."""
        from tui_chat.client.catalog import HttpCatalog
        from tui_chat.client.late import LateCompleter
        from tui_chat.providers.learned import Learned

        limits, now = _limits(settings), self._clock.now
        learned = self._learned.setdefault(connection.base_url, Learned())
        make = partial(_completer, settings, now, learned)
        http = _connect(connection, limits)
        return Reached(
            _gateway(connection),
            LateCompleter(http, make),
            lambda: LateCompleter(_connect(connection, limits), make),
            HttpCatalog(http, None if connection.is_demo else cache, now=now),
            partial(_import_client, is_demo=connection.is_demo),
            _demo_tools if connection.is_demo else tuple,
        )


def _completer(settings: Settings, now: Callable[[], float], learned: "Learned", http: "HttpConnection") -> Completer:
    from tui_chat.client.stream import HttpCompleter
    from tui_chat.providers.openai_chat import OpenAIChat
    from tui_chat.providers.quirks import Thoughts

    dialect = OpenAIChat(thinking_tags=settings.thinking_tags, send_reasoning=Thoughts(settings.send_reasoning))
    return HttpCompleter(http, dialect, now=now, random=random.random, learned=learned)


def _import_client(*, is_demo: bool) -> None:
    import tui_chat.client.catalog_request
    import tui_chat.client.stream
    from tui_chat.providers.openai_chat import OpenAIChat

    OpenAIChat().warm_up()
    if is_demo:
        import tui_chat.demo.transport  # noqa: F401 - the same


def usual_model(gateway: Gateway) -> str:
    """Default model of a gateway where none is set; empty takes the first that the gateway lists."""
    if gateway.is_demo:
        return DEMO_DEFAULT_MODEL
    return SOLROUTER_DEFAULT_MODEL if is_same_origin(gateway.base_url, DEFAULT_BASE_URL) else ""


def _gateway(connection: Connection) -> Gateway:
    if connection.is_demo:
        return Gateway(DEMO_BASE_URL, is_demo=True, has_key=False)
    name = connection.gateway.name if connection.gateway is not None else ""
    return Gateway(connection.base_url, is_demo=False, has_key=bool(connection.headers), name=name)


def _connect(connection: Connection, limits: "Limits") -> "HttpConnection":
    from tui_chat.client.http import HttpConnection

    if not connection.is_demo:
        headers, refusal = connection.headers, connection.unusable_key
        return HttpConnection(connection.base_url, headers=headers, refusal=refusal, limits=limits)
    return HttpConnection(DEMO_BASE_URL, DEMO_KEY, limits=limits, transport=_demo_transport)


def _demo_tools() -> tuple[ToolDefinition, ...]:
    from tui_chat.demo.tools import OWN_TOOLS

    return tuple(ToolDefinition(tool.name, tool.description, tool.parameters) for tool in OWN_TOOLS)


def _demo_transport() -> "DemoTransport":
    from tui_chat.demo.transport import DemoTransport

    return DemoTransport()


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
