"""Rests between the reads of an answer that trickles in, so that a token does not cost a read of its own.

At a few hundred tokens a second each would come alone through the socket, the session and the screen, which costs the
same for one as for ten. So once everything that lay ready was read, reading rests for as long as a person does not
notice, and with it all that follows. What comes slowly is shown as it comes, a first token too, and what comes faster
than a socket holds for us is never held up.
"""

from collections.abc import Callable

REST_S = 0.045
"""About a frame: of a steady trickle the rests set the pace."""
ENOUGH_BYTES = 32 * 1024
"""What came since the last rest, if it is more than this, comes faster than a socket can hold it for a rest."""
WAITED_S = 0.0002
"""A piece that took longer had to be waited for: nothing lies ready behind it."""


class Trickle:
    """Told of each read; rests where that saves work."""

    def __init__(self, *, may_rest: bool, now: Callable[[], float]) -> None:
        """`may_rest`: what is sent meanwhile is kept for us, as by a socket. `now`: seconds that only grow."""
        self._may_rest = may_rest
        self._now = now
        self._asked_at = 0.0
        self._bytes = 0
        """Since the last rest that could have been."""

    def ask(self) -> None:
        """A piece is asked for."""
        self._asked_at = self._now()

    def came(self, size: int) -> bool:
        """A piece of `size` bytes came; whether to rest once it was handed on."""
        self._bytes += size
        waited_s = self._now() - self._asked_at
        if waited_s < WAITED_S:
            return False
        had, self._bytes = self._bytes, 0
        return self._may_rest and had < ENOUGH_BYTES and waited_s < REST_S
