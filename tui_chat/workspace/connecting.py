"""Going to another gateway: one free request tells whether address and key are right, and what to do if they are not.

The screen and plain mode say the same words. Nothing is changed by a try: the caller uses its services, or closes them.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from typing import Final, NamedTuple, Protocol
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from tui_chat.chat.services import Gateway, Services
from tui_chat.core import figures
from tui_chat.core.errors import ChatError, ErrorKind, Failure
from tui_chat.core.models import Catalog
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.settings.known_servers import FoundServer, keys_page_of, local_servers

LIMIT_S: Final = 20.0
WORKS_WITHOUT_LIST: Final = frozenset(
    {
        ErrorKind.PERMISSION,
        ErrorKind.PAYMENT,
        ErrorKind.NOT_FOUND,
        ErrorKind.INVALID_REQUEST,
        ErrorKind.RATE_LIMIT,
        ErrorKind.GATEWAY,
    }
)
"""Failures of the list of models after which the chat may work all the same."""
_VERSION = re.compile(r"/v\d+[a-z0-9]*(?:/|$)")
_LONGEST_QUOTE: Final = 200
_NAMED: Final = 5
"""Servers that are named where none was found."""


class Connector(Protocol):
    """Makes services for another gateway while the program runs (`/connect`), and keeps its key."""

    def connect(self, base_url: str, key: str) -> Services:
        """The same services with another completer and catalogue. Without a key, the one that is known for this
        address, if any.

        Raises:
            SettingsError: the URL or the key cannot be used.
        """
        ...

    def connect_named(self, name: str, key: str = "") -> Services:
        """The same services for a gateway of the settings. Without a key, its own.

        Raises:
            SettingsError: there is none of this name, or it or the key cannot be used.
        """
        ...

    @property
    def gateways(self) -> Mapping[str, str]:
        """The gateways of the settings: address by name, fit to be shown."""
        ...

    def known_key(self, base_url: str) -> str:
        """Where a key for this address comes from, in words, where none is given; empty where none is known."""
        ...

    async def lists_without_key(self, base_url: str) -> bool:
        """Whether this gateway gives its list of models to everybody."""
        ...

    async def find_servers(self) -> Sequence[FoundServer]:
        """The servers that run on this machine."""
        ...

    def keep_key(self, base_url: str, key: str, place: KeyPlace) -> None:
        """Keep a key for this address. The keyring may take two seconds.

        Raises:
            SettingsError: it cannot be kept there.
        """
        ...

    def forget_key(self, base_url: str) -> str:
        """Remove the key that is kept for this address, and return where it was; empty where none was kept.

        Raises:
            SettingsError: it cannot be removed.
        """
        ...

    def save_gateway(self, name: str, base_url: str) -> str:
        """Give this address a name in the settings, and return it.

        Raises:
            SettingsError: it cannot have this name, or the settings cannot be written.
        """
        ...


class Wanted(NamedTuple):
    """The gateway that a person wants to go to."""

    base_url: str
    key: str = ""
    """Empty: the key that is known for this address, or none."""
    name: str = ""
    """A gateway of the settings; its address and its own key count then."""


class Tried(NamedTuple):
    """What came of a try."""

    services: Services
    """Open: who does not use it closes its completer."""
    found: str = ""
    """What was found, in words; empty with a failure."""
    failure: Failure | None = None

    def named(self, name: str) -> "Tried":
        """The same with a name for the gateway."""
        gateway = replace(self.services.gateway, name=name)
        return self._replace(services=msgspec.structs.replace(self.services, gateway=gateway))

    @property
    def may_work(self) -> bool:
        """Answers may come even so."""
        return self.failure is None or self.failure.kind in WORKS_WITHOUT_LIST


class _Asked(NamedTuple):
    services: Services
    answer: Catalog | Failure
    took_s: float


async def try_gateway(connector: Connector, wanted: Wanted, *, limit_s: float = LIMIT_S) -> Tried:
    """Ask a gateway for its models, at its `/v1` too where it knows no such list and the address has no version.

    Raises:
        SettingsError: the address, the key or the name cannot be used.
    """
    key = wanted.key
    services = connector.connect_named(wanted.name, key) if wanted.name else connector.connect(wanted.base_url, key)
    asked = await _ask(services, limit_s)
    moved = ""
    if not wanted.name and isinstance(asked.answer, Failure) and _may_be_at_v1(asked):
        base_url = services.gateway.base_url
        at_v1 = await _ask_at_v1(connector, base_url, key, limit_s, asked)
        if at_v1 is not asked:
            moved = f" The address is {_shown(at_v1.services)}: there is no list at {_shown(services)}."
            await services.completer.close()
            asked = at_v1
    if isinstance(asked.answer, Failure):
        return Tried(asked.services, failure=_in_words(asked.answer, asked))
    async with _closed_unless_done(asked.services):
        is_proved = await _is_proved(connector, asked.services, asked.answer)
    return Tried(asked.services, _list_words(asked.answer, asked.took_s, is_proved=is_proved) + moved)


@asynccontextmanager
async def _closed_unless_done(services: Services) -> AsyncIterator[None]:
    """Close the connections of these services where the block is left before its end, cancelled or otherwise."""
    async with AsyncExitStack() as closing:
        closing.push_async_callback(services.completer.close)
        yield
        closing.pop_all()


async def _ask(services: Services, limit_s: float) -> _Asked:
    """Ask for the models; the services stay open unless the asking itself is given up."""
    clock, failure = services.clock, None
    begun = clock.monotonic()
    async with _closed_unless_done(services):
        try:
            async with asyncio.timeout(limit_s):
                catalog = await services.catalog.read(refresh=True)
            failure = catalog.failure
        except TimeoutError:
            words = f"{_host(services)} did not answer within {limit_s:g} s."
            failure = Failure(ErrorKind.TIMEOUT, words, "Check the address and the network, then try again.")
        except ChatError as error:
            failure = error.failure
    return _Asked(services, failure or catalog, clock.monotonic() - begun)


def _may_be_at_v1(asked: _Asked) -> bool:
    failure = asked.answer
    is_no_list = isinstance(failure, Failure) and failure.kind in (ErrorKind.NOT_FOUND, ErrorKind.PROTOCOL)
    return is_no_list and not _VERSION.search(urlsplit(asked.services.gateway.base_url).path)


async def _ask_at_v1(connector: Connector, base_url: str, key: str, limit_s: float, before: _Asked) -> _Asked:
    """What comes from `/v1`, where that is a list, or knows the address and refuses the key; else what came before."""
    address, mark, query = base_url.partition("?")
    async with _closed_unless_done(before.services):
        asked = await _ask(connector.connect(f"{address.rstrip('/')}/v1{mark}{query}", key), limit_s)
    answer = asked.answer
    if isinstance(answer, Catalog) or answer.kind in (ErrorKind.AUTHENTICATION, ErrorKind.PAYMENT):
        return asked
    await asked.services.completer.close()
    return before


async def _is_proved(connector: Connector, services: Services, catalog: Catalog) -> bool:
    """Whether the list tells that the key is right: not where everybody gets it. A balance is the key's own."""
    gateway = services.gateway
    if not gateway.has_key or catalog.balance_usd is not None:
        return True
    return not await connector.lists_without_key(gateway.base_url)


def _list_words(catalog: Catalog, took_s: float, *, is_proved: bool) -> str:
    facts = [figures.counted(len(catalog.models), "model") if catalog.models else "no model is listed"]
    if (balance := catalog.balance_usd) is not None:
        facts.append("no balance left" if balance <= Decimal(0) else f"{figures.dollars(balance)} left")
    facts.append(figures.seconds(took_s))
    unproved = "" if is_proved else " The key is not yet proved: the list is given without one too."
    return f"{', '.join(facts)}.{unproved}"


def _in_words(failure: Failure, asked: _Asked) -> Failure:
    """The failure in the words of somebody who connects: what it says of address and key, and the next step."""
    gateway, host = asked.services.gateway, _host(asked.services)
    where = f"({failure.status} from {host}, {figures.seconds(asked.took_s)})"
    page = keys_page_of(gateway.base_url)
    match failure.status:
        case 401 if gateway.has_key:
            message = f"The key was refused {where}."
            advice = f"Copy it again from {page}." if page else "Copy it again, and check that it is this gateway's."
        case 401:
            message, advice = f"A key is wanted {where}.", f"Get one at {page}." if page else "Give its key."
        case 402:
            message, advice = f"The balance is empty {where}.", "Top it up; free models may answer all the same."
        case 403:
            message = f"The list is not for this key {where}."
            advice = "Use another key, or go on without the list: the chat takes a model's id."
        case 404:
            message = f"There is no list of models at {_shown(asked.services)} {where}."
            advice = "Check the path of the address; nothing was found at /v1 either."
            if _VERSION.search(urlsplit(gateway.base_url).path):
                advice = "Check the path of the address."
        case _:
            return failure
    if (said := sanitize_line(failure.message, _LONGEST_QUOTE)) and str(failure.status) not in said:
        advice = f"{advice} It says: {said}"
    return replace(failure, message=message, advice=advice)


def _shown(services: Services) -> str:
    return sanitize_line(shown_base_url(services.gateway.base_url), 200)


def _host(services: Services) -> str:
    return host_of(services.gateway.base_url)


def host_of(base_url: str) -> str:
    """The host of an address and its port, as people write it; the address itself where it has none."""
    try:
        return urlsplit(base_url).netloc.rpartition("@")[2] or base_url
    except ValueError:
        return base_url


def connected_words(gateway: Gateway, found: str = "") -> str:
    """Say where one goes on from here."""
    address = sanitize_line(shown_base_url(gateway.base_url), 200)
    where = f"{gateway.name} ({address})" if gateway.name else address
    return f"Connected to {where}: {found}" if found else f"Connected to {where}. The conversation goes on there."


def found_words(server: FoundServer) -> str:
    """`Ollama on 11434, 3 models`."""
    has = "it wants a key" if server.models is None else figures.counted(server.models, "model")
    return f"{server.name} on {server.port}, {has}"


def none_found_words() -> str:
    """Say that no server was found, and what can be done."""
    servers = local_servers()
    named = ", ".join(f"{server.name} {server.port}" for server in servers[:_NAMED])
    more = f" and {len(servers) - _NAMED} more" if len(servers) > _NAMED else ""
    return f"No server answers on this machine ({named}{more}). Start one and choose again, or write its address."
