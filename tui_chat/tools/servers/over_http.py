"""A server at an address: streamable HTTP, by the SDK's own transport over a client of ours.

Neither a key of the chat's nor a cookie goes with it, and it is only led on to the same scheme, host and port. The
trust store and the proxy are those of the gateway's client.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Final

import httpx2
from mcp.client import Transport
from mcp.client.streamable_http import streamable_http_client

from tui_chat.core.figures import bound
from tui_chat.tools.commands import FLOOD_BYTES
from tui_chat.tools.servers.lines import FLOOD_WITHIN_S, LONGEST_MESSAGE_BYTES

if TYPE_CHECKING:  # a name for types alone, which the SDK does not hand out otherwise
    from mcp.client._transport import TransportStreams

_CONNECT_S: Final = 10.0
_SILENCE_S: Final = 3600.0
"""Between two pieces of an answer: a call has its own time."""


class _Bounded(httpx2.AsyncByteStream):
    """A body that breaks off where it grows too long: in all, of an event stream in one line or within a minute."""

    def __init__(self, body: httpx2.AsyncByteStream, *, is_stream: bool) -> None:
        self._body = body
        self._is_stream = is_stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = in_all = 0
        loop = asyncio.get_running_loop()
        since_s = loop.time()
        async for piece in self._body:
            if loop.time() - since_s > FLOOD_WITHIN_S:
                since_s, in_all = loop.time(), 0
            in_all += len(piece)
            if in_all > FLOOD_BYTES:
                raise httpx2.ReadError(f"it sent more than {bound(FLOOD_BYTES)} within {FLOOD_WITHIN_S:g} s")
            end = piece.rfind(b"\n") if self._is_stream else -1
            length = length + len(piece) if end < 0 else len(piece) - end - 1
            if length > LONGEST_MESSAGE_BYTES:
                raise httpx2.ReadError(f"it sent more than {bound(LONGEST_MESSAGE_BYTES)} in one message")
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


class _BoundedTransport(httpx2.AsyncBaseTransport):
    """Asks through another transport, and bounds what comes."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            await answer.aclose()
            raise httpx2.ReadError("its answer is compressed, unasked")
        if isinstance(answer.stream, httpx2.AsyncByteStream):
            is_stream = answer.headers.get("content-type", "").strip().lower().startswith("text/event-stream")
            answer.stream = _Bounded(answer.stream, is_stream=is_stream)
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


def transport_to(url: str, headers: Mapping[str, str], trust: ssl.SSLContext | None, proxy: str | None) -> Transport:
    """The streams of a server at an address as the SDK wants them. `trust` is for a secure one."""

    @asynccontextmanager
    async def opened() -> "AsyncIterator[TransportStreams]":
        verify = trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        reached = httpx2.AsyncHTTPTransport(verify=verify, proxy=proxy, trust_env=False)
        async with (
            httpx2.AsyncClient(
                transport=_BoundedTransport(reached),
                headers=dict(headers),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx2.Timeout(_CONNECT_S, read=_SILENCE_S),
                trust_env=False,
                follow_redirects=False,
            ) as client,
            streamable_http_client(url, http_client=client, max_sse_event_size=LONGEST_MESSAGE_BYTES) as streams,
        ):
            yield streams

    return opened()
