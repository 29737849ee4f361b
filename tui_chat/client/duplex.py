"""Network streams for httpcore that listen while they send, so that a refusal in the middle of an upload is heard, and
are read at a pace.

A server that finds a question too large answers before it has read it all, and hangs up. httpcore's own streams read
nothing while they write, and lose that answer with the connection. These keep it, and stop waiting for an upload that
was refused. And they cost less: a read of httpcore's takes longer than to decode what it brought.
"""

import asyncio
import re
import select
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from tui_chat.client.lean_httpcore import httpcore
from tui_chat.client.wire import Pace, Wire

_LARGE: Final = 64 * 1024
"""What is shorter fits into the buffers between two machines, and no server hangs up in the middle of it."""
_NEXT_ADDRESS_S: Final = 0.25
"""Time that an address of a host has to itself, before the next one is tried beside it."""
_NUMBER = re.compile(r"\[Errno (\d+)\]")
_EXTRA: Final = {"ssl_object": "ssl_object", "client_addr": "sockname", "server_addr": "peername", "socket": "socket"}
"""asyncio's names of what httpcore asks for."""

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
BeforeRead = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """Read without waiting for anything."""


class DuplexBackend(httpcore.AsyncNetworkBackend):
    """Connects."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect."""
        try:
            async with asyncio.timeout(timeout):
                wire = await _connected(host, port, local_address)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            wire.extra("socket").setsockopt(*option)
        return Duplex(wire)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def _connected(host: str, port: int, local_address: str | None) -> Wire:
    """A connection to a host, at whichever of its addresses takes it first.

    Raises:
        OSError: none does; of the last address, where asyncio joins those of several into one text.
    """
    own = None if local_address is None else (local_address, 0)
    try:
        _, wire = await asyncio.get_running_loop().create_connection(
            Wire, host, port, local_addr=own, happy_eyeballs_delay=_NEXT_ADDRESS_S
        )
    except OSError as error:
        if error.errno is None and (numbers := _NUMBER.findall(str(error))):
            raise OSError(int(numbers[-1]), str(error)) from error
        raise
    return wire


class Duplex(httpcore.AsyncNetworkStream):
    """A stream that listens while it sends."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.before_read: BeforeRead = at_once
        """Is awaited before each read."""

    def set_pace(self, pace: Pace | None) -> None:
        """Read at this pace from now on; None: at once."""
        self._wire.pace = pace

    def hurry(self) -> None:
        """End the rest of a read that is waited for."""
        self._wire.hurry()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        await self.before_read()
        try:
            async with asyncio.timeout(timeout):
                return await self._wire.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except ConnectionError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        if not buffer:
            return
        try:
            async with asyncio.timeout(timeout):
                await self._wire.write(buffer, listens=len(buffer) >= _LARGE)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except ConnectionError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._wire.close()
        await asyncio.sleep(0)  # the socket is closed then

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                await self._wire.begin_tls(ssl_context, server_hostname)
        except TimeoutError as error:
            await self.aclose()
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._wire.has_news or _is_readable(self._wire.extra("socket").fileno())
        return self._wire.extra(_EXTRA[info]) if info in _EXTRA else None


def _is_readable(descriptor: int) -> bool:
    """Something lies in a socket that nobody reads, or it was closed."""
    if descriptor < 0:
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
