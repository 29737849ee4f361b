"""Rests between the reads of an answer that trickles in, so that a token does not cost a read of its own.

At a few hundred tokens a second each would come alone through the socket, the session and the screen, which costs the
same for one as for ten. So once everything that lay ready was read, reading rests for as long as a person does not
notice, and with it all that follows. What comes slowly is shown as it comes, a first token too, and what comes faster
than a socket holds for us is never held up.
"""

import asyncio

REST_S = 0.045
"""About a frame: of a steady trickle the rests set the pace."""
ENOUGH_BYTES = 64 * 1024
"""What came in one go and is more than this may be as much as the socket holds."""


class Trickle:
    """Told of each read; rests where that saves work."""

    def __init__(self, *, may_rest: bool) -> None:
        """`may_rest`: what is sent meanwhile is kept for us, as by a socket."""
        self._may_rest = may_rest
        self._loop = asyncio.get_running_loop()
        self._bytes = 0
        """Since something had to be waited for."""
        self._asked_at = 0.0
        self._is_watching = self._has_waited = False

    def ask(self) -> None:
        """A piece is asked for."""
        self._has_waited = False
        if not self._is_watching:
            self._is_watching = True
            self._asked_at = self._loop.time()
            self._loop.call_soon(self._went_round)

    def _went_round(self) -> None:
        """The loop does other things: the piece that was asked for does not lie ready."""
        self._is_watching = False
        self._has_waited = True

    def came(self, size: int) -> bool:
        """A piece of `size` bytes came; whether to rest once it was handed on."""
        if not self._has_waited:
            self._bytes += size
            return False
        had, self._bytes = self._bytes, size
        return self._may_rest and had < ENOUGH_BYTES and self._loop.time() - self._asked_at < REST_S
