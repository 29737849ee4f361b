"""The body of an answer as the network brings it: what one read brought is one piece.

HTTP hands on each chunk by itself, which of most gateways is a token; what is done for a piece costs the same for one
token as for ten.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final, Protocol

from tui_chat.client.duplex import Duplex, no_rest


class Pace(Protocol):
    """Says when a network stream is read, and when what came is handed on."""

    @property
    def held_s(self) -> float:
        """How long what came waits for what comes next, or for the end; 0: it is handed on at once."""

    async def rest(self) -> None:
        """Is awaited before each read."""


_READ_S: Final = 0.002
"""What lies ready is read within that."""


async def gathered(pieces: AsyncIterator[bytes], network: Duplex, pace: Pace) -> AsyncGenerator[bytes, None]:
    """Pieces that come from a network stream, joined as far as they lie ready. Before the stream is read again what
    came was taken, unless the pace holds it.

    Raises:
        Exception: whatever the pieces raise, after all that came before.
    """
    waiting: list[bytes] = []
    are_ready, are_taken = asyncio.Event(), asyncio.Event()
    in_time: asyncio.TimerHandle | None = None
    """Hands on what is held, where the network brings nothing more."""

    async def before_read() -> None:
        nonlocal in_time
        if in_time is not None:
            in_time.cancel()
        if waiting and (held_s := pace.held_s):
            in_time = asyncio.get_running_loop().call_later(held_s + _READ_S, are_ready.set)
        elif waiting:
            are_taken.clear()
            are_ready.set()
            await are_taken.wait()
        await pace.rest()

    async def read() -> None:
        try:
            async for piece in pieces:
                waiting.append(piece)  # noqa: PERF401 - they are taken while more come
        finally:
            are_ready.set()

    network.rest = before_read
    reading = asyncio.create_task(read(), name="body")
    try:
        while waiting or not reading.done():
            await are_ready.wait()
            are_ready.clear()
            if waiting:
                joined = b"".join(waiting)
                waiting.clear()
                yield joined
                are_taken.set()
        await reading
    finally:
        network.rest = no_rest
        if in_time is not None:
            in_time.cancel()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
