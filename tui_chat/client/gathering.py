"""The body of an answer as the network brings it: what one read brought is one piece.

HTTP hands on each chunk by itself, which of most gateways is a token; what is done for a piece costs the same for one
token as for ten.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from tui_chat.client.duplex import Duplex, at_once

_TURNS = 4
"""Turns of the loop in which what lies in a socket is read, and is taken apart by who reads."""


async def gathered(pieces: AsyncIterator[bytes], network: Duplex) -> AsyncGenerator[bytes, None]:
    """Pieces that come from a network stream, joined as far as they come of one read. Before the stream is read again
    what came was taken. Whoever stops waiting for a piece is given what has come before that is raised.

    Raises:
        Exception: whatever the pieces raise, after all that came before.
    """
    waiting: list[bytes] = []
    are_ready, are_taken = asyncio.Event(), asyncio.Event()

    async def before_read() -> None:
        if waiting:
            are_taken.clear()
            are_ready.set()
            await are_taken.wait()

    async def read() -> None:
        try:
            async for piece in pieces:
                waiting.append(piece)  # noqa: PERF401 - they are taken while more come
        finally:
            are_ready.set()

    network.before_read = before_read
    reading = asyncio.create_task(read(), name="body")
    try:
        while waiting or not reading.done():
            try:
                await are_ready.wait()
            except asyncio.CancelledError:
                network.hurry()
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
                if not waiting:
                    raise
            are_ready.clear()
            if waiting:
                joined = b"".join(waiting)
                waiting.clear()
                yield joined
                if _is_cancelled():
                    raise asyncio.CancelledError
                are_taken.set()
        await reading
    finally:
        network.before_read = at_once
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


def _is_cancelled() -> bool:
    """Somebody wants this task to end: not where a limit passed just as something came, which is then known."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
