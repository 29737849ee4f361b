"""A gateway that misbehaves on demand: a real server on loopback, every answer a script of bytes and waits.

async with FaultGateway(say(PAGE_TEXT)) as gateway: …      the n-th request gets the n-th script, then the last one
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Script = Callable[["Caller"], Awaitable[None]]


@dataclass
class Caller:
    """One request, and the way back to who sent it."""

    head: bytes
    body: bytes
    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def line(self) -> str:
        """`POST /ai/chat/completions HTTP/1.1`."""
        return self.head.split(b"\r\n", 1)[0].decode()

    def header(self, name: str) -> str | None:
        """The value of a request header; None where it was not sent."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode().lower() == name.lower():
                return value.strip().decode()
        return None

    async def write(self, data: bytes) -> None:
        """Send bytes and wait until they are on their way."""
        self.writer.write(data)
        await self.writer.drain()

    async def begin(self, status: str = "200 OK", content_type: str = "text/event-stream", **headers: str) -> None:
        """Status and headers of a body that ends with the connection."""
        lines = [f"HTTP/1.1 {status}", "Connection: close"]
        lines += [f"Content-Type: {content_type}"] if content_type else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.write("\r\n".join(lines).encode() + b"\r\n\r\n")

    async def until_hung_up(self) -> None:
        """Wait for the other side to close."""
        await self.hung_up.wait()

    async def pause(self, seconds: float) -> None:
        """Take a while, as a model does; no longer than somebody listens."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.hung_up.wait(), seconds)

    def reset(self) -> None:
        """Break the connection the hard way."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class FaultGateway:
    """Serves scripts, keeps what it was asked."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts
        self.callers: list[Caller] = []
        self.called = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/ai"

    async def __aenter__(self) -> "FaultGateway":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for caller in self.callers:
            caller.hung_up.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        watch: asyncio.Task[None] | None = None
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            caller = Caller(head, b"", writer, reader)
            caller.body = await reader.readexactly(int(caller.header("content-length") or 0))
            self.callers.append(caller)
            self.called.set()
            watch = asyncio.create_task(_watch(caller))
            await self._scripts[min(len(self.callers), len(self._scripts)) - 1](caller)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            if watch is not None:
                watch.cancel()
            writer.close()
            self._tasks.discard(task)
            self._writers.discard(writer)


async def _watch(caller: Caller) -> None:
    """Notice the hang-up: nothing more is sent on this connection, so whatever can be read is its end."""
    with contextlib.suppress(OSError):
        await caller.reader.read(1)
    caller.hung_up.set()


def say(body: bytes, status: str = "200 OK", content_type: str = "text/event-stream", **headers: str) -> Script:
    """A whole answer, and a clean close."""

    async def script(caller: Caller) -> None:
        await caller.begin(status, content_type, **headers)
        await caller.write(body)

    return script


def say_and_stay(body: bytes, **headers: str) -> Script:
    """An answer whose connection stays open."""

    async def script(caller: Caller) -> None:
        await caller.begin(**headers)
        await caller.write(body)
        await caller.until_hung_up()

    return script


def raw(data: bytes) -> Script:
    """Bytes instead of HTTP."""

    async def script(caller: Caller) -> None:
        await caller.write(data)

    return script
