"""A time limit that counts only while the event loop turns.

Plain mode waits for a line with the loop standing still, for as long as somebody thinks. What a server said meanwhile
waits to be read, so none of that time is the server's.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_STEP_S: Final = 0.5
_LATE: Final = 2.0
"""Steps that one may take on a busy machine; what is longer, the loop stood still."""


class Patience:
    """What is left of the time."""

    def __init__(self, left_s: float, timeout: asyncio.Timeout, now: Callable[[], float], step_s: float) -> None:
        self._left_s = left_s
        self._timeout = timeout
        self._now = now
        self._step_s = step_s
        self._last_s = now()
        self._timer = asyncio.get_running_loop().call_later(step_s, self._tick)

    def _tick(self) -> None:
        now_s = self._now()
        self._left_s -= min(now_s - self._last_s, self._step_s * _LATE)
        self._last_s = now_s
        loop = asyncio.get_running_loop()
        if self._left_s <= 0:
            self._timeout.reschedule(loop.time())
        else:
            self._timer = loop.call_later(min(self._step_s, self._left_s), self._tick)

    def end(self) -> None:
        """Limit nothing any more."""
        self._timer.cancel()


@asynccontextmanager
async def patience(
    limit_s: float, *, now: Callable[[], float] = time.monotonic, step_s: float = _STEP_S
) -> AsyncIterator[Patience]:
    """A block that may take so long, unless its limit ends before. `now` gives seconds that never jump.

    Raises:
        TimeoutError: its time is over.
    """
    async with asyncio.timeout(None) as timeout:
        left = Patience(limit_s, timeout, now, min(step_s, limit_s))
        try:
            yield left
        finally:
            left.end()
