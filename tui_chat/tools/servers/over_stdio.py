"""A server that is a program: JSON on its standard streams, a message a line.

Instead of the SDK's own, which lets more of our environment through, and holds a line in memory however long it is. The
program runs as any other that a tool runs: a session of its own, no terminal, none of our open files, few variables;
and it ends with everything that it has started.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import anyio
import mcp_types as types
import msgspec
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client import Transport
from mcp.shared.message import SessionMessage

from tui_chat.core.figures import bound
from tui_chat.tools.commands import FLOOD_BYTES
from tui_chat.tools.process_tree import end_all
from tui_chat.tools.servers.failed import ServerFailed
from tui_chat.tools.servers.lines import FLOOD_WITHIN_S, LONGEST_MESSAGE_BYTES, Lines
from tui_chat.tools.servers.server_log import ServerLog
from tui_chat.tools.starting import NotStarted
from tui_chat.tools.starting import start as start_program

MOST_UNASKED: Final = 1000
"""Messages that nobody asked for, within as many seconds; more are left out."""
UNASKED_WITHIN_S: Final = 10.0
_WAITING_BYTES: Final = 256 * 1024
"""So much may wait to be understood before reading stops."""
_LONGEST_UNREAD: Final = 16 * 1024 * 1024
"""Bytes that the server may leave unread of what it is sent."""
_STDIN, _STDOUT, _STDERR = 0, 1, 2
_LAST_WORDS_S: Final = 0.2
_LEAVES_WITHIN_S: Final = 0.5
"""How long it may take to end by itself when its input is closed, as the protocol has it."""
_GONE_WITHIN_S: Final = 0.3


class _Head(msgspec.Struct):
    method: str | None = None
    id: int | str | None = None


_HEAD: Final = msgspec.json.Decoder(_Head)


class Program(asyncio.SubprocessProtocol):
    """A server program that runs."""

    def __init__(self, log: ServerLog) -> None:
        self.is_over = asyncio.Event()
        """It has ended, or has to be."""
        self.is_gone = asyncio.Event()
        """It has ended and its pipes are closed."""
        self.why = ""
        """Why it has to be ended; empty where it ended by itself."""
        self._log = log
        self._lines = Lines()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._is_paused = False
        self._output_is_closed = False
        self._bytes = 0
        self._since_s = 0.0
        self._unasked = 0
        self._unasked_since_s = 0.0
        self._asked: set[int | str] = set()
        """Ids of the requests that have no answer yet."""
        self.transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self.transport = transport

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        assert isinstance(data, bytes)
        self._count(len(data))
        if fd == _STDERR:
            self._log.feed(data)
            return
        for line in self._lines.feed(data):
            self._waiting.append(line)
            self._waiting_bytes += len(line)
        self._arrived.set()
        if self._waiting_bytes > _WAITING_BYTES:
            self._pause(is_paused=True)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        del exc
        if fd == _STDOUT:
            self._output_is_closed = True
            self._arrived.set()
            self.is_over.set()

    def process_exited(self) -> None:
        self.is_over.set()
        self._arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.is_gone.set()
        self._arrived.set()

    def give_up(self, why: str) -> None:
        """Have it ended."""
        self.why = self.why or why
        self.is_over.set()
        self._arrived.set()

    def _count(self, size: int) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._since_s > FLOOD_WITHIN_S:
            self._since_s, self._bytes = now, 0
        self._bytes += size
        if self._bytes > FLOOD_BYTES:
            self.give_up(f"it wrote more than {bound(FLOOD_BYTES)} within {FLOOD_WITHIN_S:g} s")

    def _pause(self, *, is_paused: bool) -> None:
        pipe = self.transport.get_pipe_transport(_STDOUT) if self.transport is not None else None
        if is_paused == self._is_paused or not isinstance(pipe, asyncio.ReadTransport) or pipe.is_closing():
            return
        self._is_paused = is_paused
        if is_paused:
            pipe.pause_reading()
        else:
            pipe.resume_reading()

    async def read(self, into: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        """Hand on what it says, until it says nothing more."""
        refused = 0
        with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            async with into:
                while not self.why:
                    if refused < self._lines.left_out:
                        refused = self._lines.left_out
                        for message in self._refusals():
                            await into.send(message)
                    if self._waiting:
                        line = self._waiting.popleft()
                        self._waiting_bytes -= len(line)
                        if not self._waiting:
                            self._pause(is_paused=False)
                        if (understood := self._understood(line)) is not None:
                            await into.send(understood)
                        else:
                            await asyncio.sleep(0)
                    elif self._output_is_closed or self.is_gone.is_set():
                        return
                    else:
                        self._arrived.clear()
                        await self._wait()
                        if self.is_over.is_set() and not self._arrived.is_set():
                            return

    async def _wait(self) -> None:
        """Wait for more; for its last words only shortly, since a child may hold the pipe open for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S if self.is_over.is_set() else None):
                await self._arrived.wait()

    def _refusals(self) -> list[SessionMessage]:
        """Answers in the place of one that was too long: nobody knows of which request."""
        words = f"it sent more than {bound(LONGEST_MESSAGE_BYTES)} in one message"
        self._log.add(f"{words}, which is left out")
        error = types.ErrorData(code=types.INTERNAL_ERROR, message=words)
        asked, self._asked = self._asked, set()
        return [SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=each, error=error)) for each in asked]

    def _understood(self, line: bytes) -> SessionMessage | None:
        """A message; None where it is none, or one too many of those that nobody asked for."""
        if not line.strip():
            return None
        try:
            head = _HEAD.decode(line)
            if head.method is not None and not self._may_come_unasked():
                return None
            message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
        except (ValueError, RecursionError):
            self._log.add(line[:4000].decode(errors="replace"))
            return None
        if head.id is not None and head.method is None:
            self._asked.discard(head.id)
        return SessionMessage(message)

    def _may_come_unasked(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._unasked_since_s > UNASKED_WITHIN_S:
            self._unasked_since_s, self._unasked = now, 0
        self._unasked += 1
        if self._unasked == MOST_UNASKED + 1:
            self._log.add(
                f"It sends more than {MOST_UNASKED} messages within {UNASKED_WITHIN_S:g} s; some are left out."
            )
        return self._unasked <= MOST_UNASKED

    async def write(self, messages: MemoryObjectReceiveStream[SessionMessage]) -> None:
        """Send it every message."""
        pipe = self.transport.get_pipe_transport(_STDIN) if self.transport is not None else None
        assert isinstance(pipe, asyncio.WriteTransport)
        async with messages:
            async for each in messages:
                message = each.message
                if isinstance(message, types.JSONRPCRequest) and message.id is not None:
                    self._asked.add(message.id)
                text = message.model_dump_json(by_alias=True, exclude_unset=True)
                if pipe.is_closing():
                    return
                pipe.write(text.encode() + b"\n")
                if pipe.get_write_buffer_size() > _LONGEST_UNREAD:
                    self.give_up("it does not read what it is sent")
                    return

    async def end(self) -> None:
        """End it with all that it has started, collect its status and close its pipes."""
        assert self.transport is not None
        pipe = self.transport.get_pipe_transport(_STDIN)
        if isinstance(pipe, asyncio.WriteTransport):
            if pipe.get_write_buffer_size():
                pipe.abort()  # else it waits for whoever holds the other end
            else:
                pipe.close()
        self._pause(is_paused=False)
        if not self.why and self.transport.get_returncode() is None:
            await self._until_gone(_LEAVES_WITHIN_S)
        await asyncio.to_thread(end_all, self.transport.get_pid())
        await self._until_gone(_GONE_WITHIN_S)
        self.transport.close()
        await self._until_gone(_GONE_WITHIN_S)

    async def until_ended(self) -> None:
        """Wait shortly for its status, where it ended."""
        await self._until_gone(_GONE_WITHIN_S)

    async def _until_gone(self, within_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self.is_gone.wait()

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        status = self.transport.get_returncode() if self.transport is not None else None
        if self.why or status is None:
            return self.why or "it closed its output"
        return f"it ended with exit status {status}" if status >= 0 else f"it was ended by signal {-status}"


async def start(argv: Sequence[str], folder: str, variables: Mapping[str, str], log: ServerLog) -> Program:
    """Start a server program.

    Raises:
        ServerFailed: it cannot be started.
    """
    try:
        _, program = await start_program(argv, folder, variables, lambda: Program(log), _end, joins_errors=False)
    except NotStarted as why:
        raise ServerFailed(str(why)) from None
    return program


async def _end(_: asyncio.SubprocessTransport, program: Program) -> None:
    await program.end()


def transport_to(program: Program) -> Transport:
    """The streams of a program as the SDK wants them."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[
        tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]
    ]:
        to_us, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        outgoing, to_it = anyio.create_memory_object_stream[SessionMessage](0)
        tasks = [asyncio.create_task(program.read(to_us)), asyncio.create_task(program.write(to_it))]
        try:
            yield incoming, outgoing
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for stream in (to_us, incoming, outgoing, to_it):
                stream.close()

    return opened()
