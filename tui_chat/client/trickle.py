"""Rests before the reads of an answer that trickles in, so that a token does not cost a read of its own.

At a few hundred tokens a second each would come alone through the socket, the session and the screen, which costs the
same for one as for ten. So the network is asked again only at the next beat of the clock, and hands on all that came
meanwhile. Every answer keeps the same beat, which is that of the frames: what comes is handed on right before it is
shown. What comes slowly is shown as it comes, a first token too, and what comes faster than a socket holds for us is
never held up. Where much comes, the network is read in the middle of a beat too, to see whether the answer ends there:
its last words are not held until the beat.
"""

import asyncio
from collections.abc import Awaitable, Callable

BEAT_S = 0.05
ENOUGH_BYTES = 32 * 1024
"""What came at once, if it is more than this, comes faster than a socket can hold it for a rest."""
MANY_BYTES = 1024
"""What came in a beat, if it is more than this, comes so densely that an end in its middle is worth a read."""
WAITED_S = 0.002
"""A piece that took longer had to be waited for: it did not lie ready."""


class Trickle:
    """Told of each read from the network and of each piece that comes of it; rests where that saves work."""

    def __init__(self, *, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """`now`: seconds that only grow."""
        self._now = now
        self._sleep = sleep
        self._asked_at = self._came_at = now()
        self._has_come = True
        """A piece came of the last read."""
        self._is_slow = True
        """What came last had been waited for longer than a beat."""
        self._bytes = 0
        """Of the last read."""
        self._beat_at = 0.0
        """When what is read in the middle of a beat is handed on."""
        self.is_growing = False
        """The last piece was of the text, and more of it is to come: what else comes is not waited for longer."""

    @property
    def held_s(self) -> float:
        """For how long what was read waits for the beat, unless it was the last."""
        return max(0.0, self._beat_at - self._now())

    async def rest(self) -> None:
        """The network is about to be read: rest until the next beat, or its middle, unless what comes would be held
        up."""
        if self.is_growing and not self._is_slow and self._bytes < ENOUGH_BYTES:
            now = self._now()
            left_s = BEAT_S - now % BEAT_S
            is_for_end = self._bytes > MANY_BYTES and left_s > BEAT_S / 2
            self._beat_at = now + left_s if is_for_end else 0.0
            await self._sleep(left_s - BEAT_S / 2 if is_for_end else left_s)
        else:
            self._beat_at = 0.0
        self._asked_at, self._has_come, self._bytes = self._now(), False, 0

    def came(self, size: int) -> None:
        """A piece of `size` bytes came."""
        self._bytes += size
        if self._has_come:
            return
        now = self._now()
        self._has_come = True
        self._is_slow = now - self._asked_at >= WAITED_S and now - self._came_at >= BEAT_S
        self._came_at = now
