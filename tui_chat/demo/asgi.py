"""The demo gateway as a plain ASGI 3 application, for clients other than the chat.

It stops generating as soon as the client disconnects. Pages on loopback may call it (CORS), so that developers can use
it from a page of their own; pages from elsewhere may not.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from tui_chat.demo.gateway import MAX_BODY_BYTES, DemoGateway, Response
from tui_chat.demo.pacing import BrokeOff, blocks

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]

_LOOPBACK_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-max-age", b"600"),
)
_EXPOSED = b"retry-after, x-request-id"


class DemoApp:
    """One gateway, as an ASGI application."""

    def __init__(self, speed: float = 1.0, now: Callable[[], float] = time.time) -> None:
        """`speed` scales the models' pace: 2 is twice as fast, and 0 omits all waits."""
        self._gateway = DemoGateway(now, speed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one scope: a request, or the start and end of the server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        shared = _sharing(headers.get("origin", ""))
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            wanted = headers.get("access-control-request-headers", "authorization, content-type")
            allowed = (b"access-control-allow-headers", wanted.encode("latin-1"))
            preflight = [*shared, *_PREFLIGHT, allowed] if shared else []
            await send({"type": "http.response.start", "status": 204, "headers": preflight})
            await send({"type": "http.response.body"})
            return
        body = await _body(receive)
        if body is None:
            return
        answer = self._gateway.handle(scope["method"], scope["path"], headers, body)
        sending = asyncio.ensure_future(_send(answer, shared, send))
        leaving = asyncio.ensure_future(_wait_for_disconnect(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            sending.cancel()
            results = await asyncio.gather(sending, leaving, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, OSError):
                raise result


async def _body(receive: Receive) -> bytes | None:
    """Read the request's body, at most one byte past the limit; None where the client disconnected."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")[: MAX_BODY_BYTES + 1 - len(body)]
        if not message.get("more_body", False):
            return bytes(body)


async def _wait_for_disconnect(receive: Receive) -> None:
    """Return once the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(answer: Response, shared: list[Header], send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": [*headers, *shared]})
    try:
        async for block in blocks(answer.steps):
            await send({"type": "http.response.body", "body": block, "more_body": True})
    except BrokeOff:
        # A response that is left unfinished makes the server drop the connection, as the script wants.
        return
    await send({"type": "http.response.body", "body": b""})


def _sharing(origin: str) -> list[Header]:
    """Headers that let a page on loopback read the answer; none for other pages."""
    vary = (b"vary", b"origin")
    if not _LOOPBACK_ORIGIN.fullmatch(origin):
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", _EXPOSED),
        vary,
    ]


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
