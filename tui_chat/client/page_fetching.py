"""Fetching pages of the public web for a model, and nothing of this machine or of the networks around it.

The check stands where connections are made: a name is looked up once, every address that came is judged, and the
connection goes to one of these. Each redirect makes a connection of its own, and so passes there again. No key goes
along, no cookie, no name; the proxy of the environment is used only where the person said so.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from tui_chat.chat.side_thread import on_side_thread
from tui_chat.chat.tool_ports import Fetched, Page, PageRequest
from tui_chat.client.decompress import ACCEPTED, BadBody, Decompressor
from tui_chat.client.duplex import DuplexBackend, SocketOption
from tui_chat.client.http import is_loopback, trust
from tui_chat.client.lean_httpcore import httpcore
from tui_chat.client.proxies import proxy_for
from tui_chat.client.public_addresses import is_public
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.placeholders import TemplateError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.web_address import web_address

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_LOOKING_UP_S: Final = 10.0
_CONNECTING_S: Final = 10.0
_HEADERS: Final = {
    "User-Agent": "tui-chat-tool",
    "Accept": "text/html, text/plain, application/json, */*;q=0.5",
    "Accept-Encoding": ACCEPTED,
}

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host."""
Judge = Callable[[str], bool]
"""Whether an address may be connected to."""


class _NotPublic(Exception):
    """A host leads where nothing is fetched."""


class CheckedBackend(DuplexBackend):
    """Connects to addresses that were judged, and to no name."""

    def __init__(self, look_up: LookUp, may_connect: Judge) -> None:
        self._look_up = look_up
        self._may_connect = may_connect

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers, where all of them are allowed."""
        failure: Exception = httpcore.ConnectError("it has no address")
        for address in await checked(host, port, self._look_up, self._may_connect):
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


async def checked(host: str, port: int, look_up: LookUp, may_connect: Judge) -> Sequence[str]:
    """The addresses of a host, looked up once.

    Raises:
        _NotPublic: one of them may not be connected to.
    """
    addresses = await look_up(host, port)
    if not all(may_connect(address) for address in addresses):
        raise _NotPublic
    return addresses


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses that the system knows of a host.

    Raises:
        OSError: it knows none.
    """

    def ask() -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    return await on_side_thread(lambda _: ask(), _LOOKING_UP_S, grace_s=0.0)


def is_elsewhere(address: str) -> bool:
    """Whether an address is public, and not one that this machine has itself: nothing is sent to find out."""
    if not is_public(address):
        return False
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((address, 9))  # only finds the way there, which begins at the same address where it is ours
            return str(asked.getsockname()[0]) != address
    except OSError:  # there is no way there
        return True


class PublicPages:
    """Fetches pages."""

    def __init__(
        self, environ: Mapping[str, str] = os.environ, *, look_up: LookUp = look_up, may_connect: Judge = is_elsewhere
    ) -> None:
        """`look_up` and `may_connect` are the real ones wherever the program runs; tests have others."""
        self._environ = environ
        self._look_up = look_up
        self._may_connect = may_connect

    async def fetch_page(self, request: PageRequest) -> Page:
        """The page; see `PageFetcher`.

        Raises:
            GatewayError: there was none, or it lies where nothing may be fetched.
        """
        try:
            async with asyncio.timeout(request.timeout_s):
                return await self._follow(request)
        except TimeoutError:
            host = sanitize_line(urlsplit(request.url).netloc, 100)
            raise _failed(ErrorKind.TIMEOUT, f"{host} did not answer within {request.timeout_s:g} s.") from None

    async def _follow(self, request: PageRequest) -> Page:
        url = request.url
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                url = web_address(url)
            except TemplateError as wrong:
                raise _failed(ErrorKind.PROTOCOL, f"The page leads to another address. {wrong}") from None
            answer = await self._ask(url, request)
            if isinstance(answer, Page):
                return answer
            if urlsplit(url).scheme == "https" and urlsplit(answer).scheme != "https":
                raise _failed(ErrorKind.PROTOCOL, "The page leads from https to an address without it.")
            url = answer
        raise _failed(ErrorKind.PROTOCOL, "The page leads from one address to the next without an end.")

    async def _ask(self, url: str, request: PageRequest) -> Page | str:
        """The page, or where it leads."""
        host = sanitize_line(urlsplit(url).netloc, 100)
        try:
            transport = await self._transport(url, request)
            async with (
                httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False) as client,
                client.stream("GET", url, headers=_HEADERS, timeout=httpx.Timeout(None, connect=_CONNECTING_S)) as came,
            ):
                target: str = came.headers.get("location", "")
                if came.status_code in _REDIRECTS and target:
                    return urljoin(url, target)
                return await _read(came, url, request.limit_bytes)
        except _NotPublic:
            words = f"{host} leads to this machine or to a network that is not public; nothing is fetched there."
            raise _failed(ErrorKind.PERMISSION, words) from None
        except BadBody as wrong:
            raise _failed(ErrorKind.PROTOCOL, str(wrong)) from None
        except TimeoutError:
            raise _failed(ErrorKind.NETWORK, f"{host} cannot be looked up: that takes too long.") from None
        except socket.gaierror:
            raise _failed(ErrorKind.NETWORK, f"{host} is not known: no address was found for it.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
            reason = sanitize_line(str(error), 200) or type(error).__name__
            raise _failed(ErrorKind.NETWORK, f"{host} cannot be asked: {reason}") from None

    async def _transport(self, url: str, request: PageRequest) -> httpx.AsyncHTTPTransport:
        """A transport for one connection, with the check in it, or by the proxy.

        httpx lets nobody choose where connections are made: `_pool` is a private name of httpx 0.28, and
        `_network_backend` one of httpcore 1.0; `test_nothing_is_fetched_from_this_machine` fails if they go.
        """
        parts = urlsplit(url)
        is_secure = parts.scheme == "https"
        context = (
            await asyncio.to_thread(trust, self._environ) if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
        proxy = proxy_for(url) if request.through_proxy and not is_loopback(url) else None
        if proxy is not None:
            await self._judge_name(parts.hostname or "", parts.port or (443 if is_secure else 80))
        transport = httpx.AsyncHTTPTransport(verify=context, trust_env=False, proxy=proxy, limits=limits)
        if proxy is None:
            transport._pool._network_backend = CheckedBackend(self._look_up, self._may_connect)
        return transport

    async def _judge_name(self, host: str, port: int) -> None:
        """Refuse what is known not to be public. The proxy looks the name up itself, and may know names that nobody
        knows here."""
        try:
            await checked(host, port, self._look_up, self._may_connect)
        except (OSError, TimeoutError):
            return


async def _read(came: httpx.Response, url: str, limit_bytes: int) -> Page:
    body = bytearray()
    encoding = came.headers.get("content-encoding", "")
    packed = Decompressor(encoding)
    async for data in came.aiter_raw():
        for piece in packed.open(data):
            body += piece[: limit_bytes + 1 - len(body)]
            if len(body) > limit_bytes:
                break
        if len(body) > limit_bytes:
            break
    kind, _, _ = came.headers.get("content-type", "").partition(";")
    fetched = Fetched(
        came.status_code,
        sanitize_line(kind.strip().lower(), 60),
        came.charset_encoding or "",
        bytes(body[:limit_bytes]),
        len(body) > limit_bytes,
    )
    return Page(url, fetched, _length(came) if not encoding else None)


def _length(came: httpx.Response) -> int | None:
    text = came.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _failed(kind: ErrorKind, message: str) -> GatewayError:
    return GatewayError(Failure(kind, message, "Only pages of the public web can be fetched."))
