"""One connection: what comes is kept until it is read, and the socket is looked at only while somebody reads.

A socket that is always looked at wakes the program for each packet, which of an answer that streams is each token. A
reader with a pace rests before it looks; in the rest the socket is looked at now and then, and for nothing but whether
the body is over, whose last words are not held until the rest is.
"""

import asyncio
import re
import ssl
from typing import Any, Final, Protocol

import msgspec

_LAST_CHUNK: Final = b"0\r\n\r\n"
"""How a body ends whose length was not known before; by chance, text is handed on a little early."""
_READ_S: Final = 0.002
"""What lies ready is read within that."""
_PIECE: Final = 256 * 1024
"""Bytes written at once: TLS packs whatever it is given, and says only before the next that there is no room."""
_REFUSED = re.compile(rb"HTTP/1\.[01] [45]")


class Rest(msgspec.Struct, frozen=True):
    """How long a reader waits before it reads, in seconds from now."""

    until_s: float
    looks_s: tuple[float, ...] = ()
    """When it is looked whether the body is over by now."""


class Pace(Protocol):
    """Says when what comes is read."""

    def rest(self) -> Rest | None:
        """The rest before a read; None to read at once."""

    def reads(self) -> None:
        """It is read from now on."""


class Wire(asyncio.Protocol):
    """A connection, and TLS over it once that is begun."""

    def __init__(self) -> None:
        self.pace: Pace | None = None
        self._socket: asyncio.Transport
        """What is paused and resumed: TLS pauses nothing by itself."""
        self._transport: asyncio.Transport
        """What is written to."""
        self._came = bytearray()
        self._has_ended = False
        self._is_lost = False
        self._why_lost: Exception | None = None
        self._has_room = True
        self._is_read = False
        """What comes is handed on."""
        self._waiter: asyncio.Future[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []

    # For who reads and writes

    async def read(self, most: int) -> bytes:
        """What came next, at most so many bytes; none at the end.

        Raises:
            ConnectionError: it broke.
        """
        if not (self._came or self._has_ended):
            await self._arrival()
        if self._came:
            taken = bytes(self._came[:most])
            del self._came[:most]
            return taken
        if self._why_lost is not None:
            raise ConnectionError from self._why_lost
        return b""

    def hurry(self) -> None:
        """Hand on what came and what lies ready to whoever waits for it, without a rest."""
        if self._waiter is not None:
            self._is_read = True
            self._socket.resume_reading()
            if self._came:
                asyncio.get_running_loop().call_soon(self._tell)

    async def write(self, data: bytes, *, listens: bool) -> None:
        """Hand data to the kernel; while it `listens`, a refusal that comes meanwhile ends that, and can be read.

        Raises:
            ConnectionError: it broke, and no refusal came.
        """
        if listens:
            self._is_read = True
            self._socket.resume_reading()
            await asyncio.sleep(0)  # what lies ready is read before a broken connection is noticed
        try:
            for at in range(0, len(data), _PIECE):
                if self._is_lost or self._is_refused:
                    break
                self._transport.write(memoryview(data)[at : at + _PIECE])
                while not (self._has_room or self._is_lost or self._is_refused):
                    await self._change()
        finally:
            if listens:
                self._socket.pause_reading()
        if self._is_lost and not self._is_refused:
            raise ConnectionError from self._why_lost

    async def begin_tls(self, context: ssl.SSLContext, name: str | None) -> None:
        """Speak TLS from now on; may be done once more over that.

        Raises:
            OSError: there is no TLS at the other end, or none that can be trusted.
        """
        self._socket.resume_reading()
        try:
            transport = await asyncio.get_running_loop().start_tls(self._transport, self, context, server_hostname=name)
        finally:
            self._socket.pause_reading()
        if transport is None:
            raise ConnectionAbortedError
        self._transport = transport

    def close(self) -> None:
        """End it at once."""
        self._transport.abort()

    def extra(self, name: str) -> Any:
        """What asyncio tells of a connection by this name."""
        return self._transport.get_extra_info(name)

    @property
    def has_news(self) -> bool:
        """Something came or it has ended, as far as that was looked at."""
        return bool(self._came) or self._has_ended

    @property
    def _is_refused(self) -> bool:
        return _REFUSED.match(self._came) is not None

    # Waiting

    async def _arrival(self) -> None:
        """Wait until something comes, at the pace of who reads."""
        rest = self.pace.rest() if self.pace is not None else None
        try:
            if rest is None:
                self._look()
            else:
                self._is_read = False
                loop = asyncio.get_running_loop()
                self._timers.append(loop.call_later(rest.until_s, self._look))
                self._timers += [loop.call_later(at_s, self._socket.resume_reading) for at_s in rest.looks_s]
            await self._change()
        finally:
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()
            self._socket.pause_reading()

    def _look(self) -> None:
        """Hand on what comes from now on, and what came."""
        if self.pace is not None:
            self.pace.reads()
        self._is_read = True
        self._socket.resume_reading()
        if self._came:
            self._timers.append(asyncio.get_running_loop().call_later(_READ_S, self._tell))

    async def _change(self) -> None:
        """Wait until something happens."""
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _tell(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands; TLS over it does not say so again."""
        assert isinstance(transport, asyncio.Transport)
        self._socket = self._transport = transport
        transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        """Keep what came."""
        self._came += data
        if self._is_read or self._came.endswith(_LAST_CHUNK):
            self._tell()
        else:
            self._socket.pause_reading()

    def eof_received(self) -> bool:
        """Nothing more comes; what is sent may still go out, where there is no TLS."""
        self._has_ended = True
        self._tell()
        return self._transport is self._socket

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._has_ended = self._is_lost = True
        self._why_lost = exc
        self._tell()

    def pause_writing(self) -> None:
        """What is to be sent waits for the kernel."""
        self._has_room = False

    def resume_writing(self) -> None:
        """It has gone out."""
        self._has_room = True
        self._tell()
