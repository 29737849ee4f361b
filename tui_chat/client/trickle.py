"""Rests between the reads of an answer that trickles in, so that a token does not cost a read of its own.

At a few hundred tokens a second each would come alone through the socket, the session and the screen, which costs the
same for one as for ten. So once what had to be waited for was handed on, reading rests until the next beat of the
clock, and then hands on all that came meanwhile. Every answer keeps the same beat, which is that of the frames: what
comes is handed on right before it is shown, and nothing that was read is held back. What comes slowly is shown as it
comes, a first token too, and what comes faster than a socket holds for us is never held up.
"""

from collections.abc import Callable

BEAT_S = 0.05
ENOUGH_BYTES = 32 * 1024
"""What came since the last rest, if it is more than this, comes faster than a socket can hold it for a rest."""
WAITED_S = 0.002
"""A piece that took longer had to be waited for: nothing lies ready behind it."""


class Trickle:
    """Told of each read; rests where that saves work."""

    def __init__(self, *, may_rest: bool, now: Callable[[], float]) -> None:
        """`may_rest`: what is sent meanwhile is kept for us, as by a socket. `now`: seconds that only grow."""
        self._may_rest = may_rest
        self._now = now
        self._asked_at = 0.0
        self._has_rested = False
        self._bytes = 0
        """Since the last rest that could have been."""

    def ask(self) -> None:
        """A piece is asked for."""
        self._asked_at = self._now()

    def came(self, size: int) -> float:
        """A piece of `size` bytes came; how many seconds to rest once it was handed on. After a rest more may lie
        ready behind the first piece, however long that took."""
        self._bytes += size
        now = self._now()
        waited_s = now - self._asked_at
        if waited_s < WAITED_S or self._has_rested:
            self._has_rested = False
            return 0.0
        had, self._bytes = self._bytes, 0
        self._has_rested = self._may_rest and had < ENOUGH_BYTES and waited_s < BEAT_S
        return BEAT_S - now % BEAT_S if self._has_rested else 0.0
