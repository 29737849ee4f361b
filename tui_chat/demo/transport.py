"""The demo gateway as a transport of httpx: the chat's own client talks to it as to a socket.

Bytes, their chunks and the pace are those of the served gateway; only the network is missing. Closing the response ends
the generation at once, as a disconnect does.
"""

import time
from collections.abc import AsyncIterator, Callable

import httpx

from tui_chat.demo.gateway import DemoGateway, Response
from tui_chat.demo.pacing import BrokeOff, blocks


class DemoTransport(httpx.AsyncBaseTransport):
    """Answers every request in process, whatever its host."""

    def __init__(self, speed: float = 1.0, now: Callable[[], float] = time.time) -> None:
        """`speed` scales the models' pace: 2 is twice as fast, and 0 omits all waits."""
        self._gateway = DemoGateway(now, speed)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request; the body is generated while it is read."""
        body = await request.aread()
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = self._gateway.handle(request.method, request.url.path, headers, body)
        return httpx.Response(answer.status, headers=list(answer.headers), stream=_Body(answer, request))


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: Response, request: httpx.Request) -> None:
        self._blocks = blocks(answer.steps)
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for block in self._blocks:
                yield block
        except BrokeOff:
            message = "peer closed connection without sending complete message body (incomplete chunked read)"
            raise httpx.RemoteProtocolError(message, request=self._request) from None

    async def aclose(self) -> None:
        await self._blocks.aclose()
