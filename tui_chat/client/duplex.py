"""Network streams that listen while they send, so that a refusal in the middle of an upload is heard, and may rest
before they read.

A server that finds a question too large answers before it has read it all, and hangs up. httpcore's own streams read
nothing while they write, and lose that answer with the connection. These keep it, and stop waiting for an upload that
was refused.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, Final

import httpcore

_LARGE: Final = 64 * 1024
"""What is shorter fits into the buffers between two machines, and no server hangs up in the middle of it."""
_READ: Final = 64 * 1024
_REFUSED = re.compile(rb"HTTP/1\.[01] [45]")

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
Rest = Callable[[], Awaitable[None]]


async def no_rest() -> None:
    """Go on at once."""


class DuplexBackend(httpcore.AsyncNetworkBackend):
    """httpcore's own backend, its streams listening while they send."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect."""
        return Duplex(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)


class Duplex(httpcore.AsyncNetworkStream):
    """A stream that listens while it sends."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self.rest: Rest = no_rest
        """Is awaited before each read."""
        self._heard = b""
        """What came while something was sent."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        if self._heard:
            heard, self._heard = self._heard[:max_bytes], self._heard[max_bytes:]
            return heard
        await self.rest()
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        if len(buffer) < _LARGE:
            await self._stream.write(buffer, timeout)
            return
        listening = asyncio.ensure_future(self._stream.read(_READ))
        await asyncio.sleep(0)  # so that it listens before a broken connection is noticed
        sending = asyncio.ensure_future(self._stream.write(buffer, timeout))
        try:
            await asyncio.wait({listening, sending}, return_when=asyncio.FIRST_COMPLETED)
            if self._has_heard_refusal(listening):
                return
            await sending
        finally:
            for task in (listening, sending):
                task.cancel()
            await asyncio.gather(listening, sending, return_exceptions=True)
            self._keep(listening)

    @staticmethod
    def _has_heard_refusal(listening: "asyncio.Future[bytes]") -> bool:
        if not listening.done() or listening.cancelled() or listening.exception() is not None:
            return False
        return _REFUSED.match(listening.result()) is not None

    def _keep(self, listening: "asyncio.Future[bytes]") -> None:
        with suppress(asyncio.CancelledError, httpcore.NetworkError, httpcore.TimeoutException):
            self._heard += listening.result()

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        return Duplex(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
