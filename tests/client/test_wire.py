"""A connection: what comes is kept, is handed on at a pace, and nothing of it is lost."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from tui_chat.client.wire import Rest, Wire

CERTIFICATE = Path(__file__).parent.parent / "data" / "loopback-cert.pem"


class Server:
    """The other end."""

    def __init__(self) -> None:
        self.has_caller = asyncio.Event()
        self.writer: asyncio.StreamWriter

    def meet(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a caller."""
        self.writer = writer
        self.has_caller.set()

    async def say(self, *words: bytes) -> None:
        """Send these, each by itself."""
        await self.has_caller.wait()
        for each in words:
            self.writer.write(each)
            await self.writer.drain()
            await asyncio.sleep(0.01)


class Paced:
    """A pace of a test."""

    def __init__(self, until_s: float, *looks_s: float) -> None:
        self._rest = Rest(until_s, looks_s)
        self.reads_at: list[float] = []

    def rest(self) -> Rest:
        return self._rest

    def reads(self) -> None:
        self.reads_at.append(monotonic())


@asynccontextmanager
async def connected(*, is_secured: bool) -> AsyncIterator[tuple[Wire, Server]]:
    """A connection and its other end."""
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("loopback-key.pem"))
    listening = await asyncio.start_server(server.meet, "127.0.0.1", 0, ssl=context if is_secured else None)
    port = listening.sockets[0].getsockname()[1]
    _, wire = await asyncio.get_running_loop().create_connection(Wire, "127.0.0.1", port)
    try:
        if is_secured:
            await wire.begin_tls(ssl.create_default_context(cafile=CERTIFICATE), "127.0.0.1")
        await server.has_caller.wait()
        async with asyncio.timeout(10):
            yield wire, server
    finally:
        wire.close()
        server.writer.transport.abort()
        listening.close()
        await asyncio.sleep(0)


both = pytest.mark.parametrize("is_secured", [False, True], ids=["plain", "tls"])


@both
async def test_what_comes_is_read_in_its_order_and_never_more_than_is_asked_for(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        await server.say(b"abcde", b"fg")
        assert await wire.read(3) == b"abc"
        assert await wire.read(100) in (b"de", b"defg")
        await server.say(b"h")
        assert (await wire.read(100)).endswith(b"h")


@both
async def test_nothing_is_read_that_nobody_asks_for(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        await server.say(b"abc")
        assert not wire.has_news
        assert await wire.read(100) == b"abc"
        await server.say(b"d")
        assert not wire.has_news


@both
async def test_a_reader_with_a_pace_gets_at_once_what_came_in_its_rest(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace = pace = Paced(0.1, 0.03)
        began = monotonic()
        reading = asyncio.ensure_future(wire.read(100))
        await server.say(b"a", b"b", b"c", b"d", b"e")
        assert await reading == b"abcde"
        assert len(pace.reads_at) == 1
        assert pace.reads_at[0] - began >= 0.09


@both
async def test_what_was_found_in_a_rest_is_handed_on_after_it_though_nothing_more_comes(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace = pace = Paced(0.1, 0.05)
        await server.say(b"ab")
        assert await wire.read(100) == b"ab"
        assert len(pace.reads_at) == 1


@both
async def test_the_last_chunk_of_a_body_is_not_held_until_the_rest_is_over(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace = pace = Paced(1_000.0, 0.02)
        await server.say(b"ab", b"0\r\n\r\n")
        assert await wire.read(100) == b"ab0\r\n\r\n"
        assert not pace.reads_at


@both
async def test_the_end_is_not_held_until_the_rest_is_over(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace = Paced(1_000.0, 0.02, 0.1)
        await server.say(b"ab")
        server.writer.close()
        assert await wire.read(100) == b"ab"
        assert await wire.read(100) == b""


async def test_what_came_before_a_connection_broke_is_read_before_that_is_told() -> None:
    async with connected(is_secured=False) as (wire, server):
        wire.pace = Paced(1_000.0, 0.02, 0.1)
        reading = asyncio.ensure_future(wire.read(100))
        await server.say(b"ab", b"c")
        await asyncio.sleep(0.04)
        unfriendly = struct.pack("ii", 1, 0)
        server.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, unfriendly)
        server.writer.transport.abort()
        assert await reading == b"abc"
        with pytest.raises(ConnectionError):
            await wire.read(100)


@both
async def test_a_read_that_is_cancelled_loses_nothing(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace = Paced(1_000.0, 0.02)
        reading = asyncio.ensure_future(wire.read(100))
        await server.say(b"ab")
        await asyncio.sleep(0.05)
        reading.cancel()
        wire.pace = None
        await server.say(b"c")
        assert (await wire.read(100)).startswith(b"ab")


@both
async def test_what_is_sent_waits_for_who_reads_it_and_ends_with_a_refusal(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        sending = asyncio.ensure_future(wire.write(bytes(32 * 1024 * 1024), listens=True))
        await asyncio.sleep(0.05)
        assert not sending.done()
        await server.say(b"HTTP/1.1 413 Too large\r\n\r\n")
        await sending
        assert (await wire.read(100)).startswith(b"HTTP/1.1 413")
