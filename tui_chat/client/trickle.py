"""Rests between the reads of an answer that trickles in, so that a token does not cost a read of its own.

At a few hundred tokens a second each would come alone through every layer of HTTP, of the session and of the screen,
which costs the same for one as for five. What comes in large reads by itself is never held up, nor is a first token.
"""

import asyncio

REST_S = 0.02
"""Less than a frame."""
ENOUGH = 16
"""Pieces since the last rest that make a rest needless."""
LARGE_BYTES = 4096
"""A read of more than this is no trickle."""
WAITED_S = 0.001
"""A piece that took longer had to be waited for: nothing lies ready behind it."""


class Trickle:
    """Told of each read; rests where that saves work."""

    def __init__(self, *, may_rest: bool) -> None:
        """`may_rest`: what is sent meanwhile is kept for us, as by a socket."""
        self._may_rest = may_rest
        self._now = asyncio.get_running_loop().time
        self._asked_at = 0.0
        self._pieces = 0

    def ask(self) -> None:
        """A piece is asked for."""
        self._asked_at = self._now()

    def came(self, size: int) -> bool:
        """A piece of `size` bytes came; whether to rest once it was handed on."""
        self._pieces += 1
        if not self._may_rest or size > LARGE_BYTES or self._now() - self._asked_at < WAITED_S:
            return False
        pieces, self._pieces = self._pieces, 0
        return pieces < ENOUGH
