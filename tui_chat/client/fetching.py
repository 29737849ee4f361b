"""Asking web services for tools: with the trust store and the proxies of the gateway's client, and without its key.

Nothing is kept between two requests, no cookie and no connection. A redirect is followed to the same scheme, host and
port only, with the same method, and not where a body was sent.
"""

import asyncio
import os
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from tui_chat.chat.tool_ports import Fetched, FetchRequest
from tui_chat.client.http import is_loopback, trust
from tui_chat.client.proxies import port_of, proxy_for
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.sanitize import sanitize_line

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_USUAL_PORTS: Final = {"http": 80, "https": 443}


class HttpFetcher:
    """Asks web services."""

    def __init__(
        self, environ: Mapping[str, str] = os.environ, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._environ = environ
        self._transport = transport

    async def fetch(self, request: FetchRequest) -> Fetched:
        """The answer; see `Fetcher`.

        Raises:
            GatewayError: there was no answer that can be read.
        """
        host = sanitize_line(urlsplit(request.url).netloc, 100)
        try:
            async with asyncio.timeout(request.timeout_s), await self._client(request.url) as client:
                return await _follow(client, request)
        except TimeoutError:
            raise _failed(ErrorKind.TIMEOUT, f"{host} did not answer within {request.timeout_s:g} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
            reason = sanitize_line(str(error), 200) or type(error).__name__
            raise _failed(ErrorKind.NETWORK, f"{host} cannot be asked: {reason}") from None

    async def _client(self, url: str) -> httpx.AsyncClient:
        if self._transport is not None:
            return httpx.AsyncClient(transport=self._transport, follow_redirects=False, trust_env=False)
        trusted, proxy = await way_to(url, self._environ)
        return httpx.AsyncClient(
            verify=trusted or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            proxy=proxy,
            follow_redirects=False,
            trust_env=False,
            timeout=None,
        )


async def way_to(url: str, environ: Mapping[str, str]) -> tuple[ssl.SSLContext | None, str | None]:
    """Whom to trust at an address, None where it is not a secure one, and the proxy, None where there is none.

    Raises:
        ValueError: the proxies of the environment cannot be used.
    """
    is_secure = urlsplit(url).scheme == "https"
    trusted = await asyncio.to_thread(trust, environ) if is_secure else None
    return trusted, None if is_loopback(url) else proxy_for(url)


async def _follow(client: httpx.AsyncClient, request: FetchRequest) -> Fetched:
    url = request.url
    for _ in range(_MOST_REDIRECTS + 1):
        headers = httpx.Headers([("Accept-Encoding", "identity"), *request.headers])
        client.cookies.clear()
        async with client.stream(request.method, url, headers=headers, content=request.body) as answer:
            target = answer.headers.get("location", "")
            if answer.status_code not in _REDIRECTS or not target:
                return await _read(answer, request.limit_bytes)
        url = _next(url, target, request)
    raise _failed(ErrorKind.PROTOCOL, "The service leads from one address to the next without an end.")


def _next(url: str, target: str, request: FetchRequest) -> str:
    """Where a redirect leads."""
    there = urljoin(url, target)
    if _origin(there) != _origin(request.url):
        where = sanitize_line(urlsplit(there).netloc, 100)
        raise _failed(ErrorKind.PROTOCOL, f"The service leads to another host, {where}, which is not asked.")
    if request.body is not None or request.method not in ("GET", "HEAD"):
        raise _failed(ErrorKind.PROTOCOL, "The service leads to another address, which is not sent what was sent here.")
    return there


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), port_of(url) or _USUAL_PORTS.get(parts.scheme)


async def _read(answer: httpx.Response, limit_bytes: int) -> Fetched:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise _failed(ErrorKind.PROTOCOL, f"The answer is compressed ({sanitize_line(encoding, 40)}), unasked.")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > limit_bytes:
            break
    kind, _, _ = answer.headers.get("content-type", "").partition(";")
    return Fetched(
        answer.status_code,
        sanitize_line(kind.strip().lower(), 60),
        answer.charset_encoding or "",
        bytes(body[:limit_bytes]),
        len(body) > limit_bytes,
    )


def _failed(kind: ErrorKind, message: str) -> GatewayError:
    return GatewayError(Failure(kind, message, "Check the address in the tool's definition."))
