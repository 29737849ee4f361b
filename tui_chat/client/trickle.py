"""Rests before the reads of an answer that trickles in, so that a token does not cost a read of its own.

At a few hundred tokens a second each would come alone through the socket, the session and the screen, which costs the
same for one as for ten. So the network is asked again only at the next beat of the clock, and hands on all that came
meanwhile. Every answer keeps the same beat, which is that of the frames: what comes is handed on right before it is
shown. What comes slowly is shown as it comes, a first token too, and what comes faster than a socket holds for us is
never held up. Where much comes, it is looked within a beat whether the answer is over: its last words are not held
until the beat.
"""

from collections.abc import Callable

from tui_chat.client.wire import Rest

BEAT_S = 0.06
LOOKS_S = (0.04, 0.02)
"""How long before a beat it is looked whether the answer is over."""
ENOUGH_BYTES = 32 * 1024
"""What came at once, if it is more than this, comes faster than a socket can hold it for a rest."""
MANY_BYTES = 1024
"""What came in a beat, if it is more than this, comes so densely that an end within it is worth a look."""
WAITED_S = 0.002
"""A piece that took longer had to be waited for: it did not lie ready."""


class Trickle:
    """Told of each read from the network and of each piece that comes of it; says where a rest saves work."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        """`now`: seconds that only grow."""
        self._now = now
        self._asked_at = self._came_at = now()
        self._has_come = True
        """A piece came of the last read."""
        self._is_slow = True
        """What came last had been waited for longer than a beat."""
        self._bytes = 0
        """Of the last read."""
        self.is_growing = False
        """The last piece was of the text, and more of it is to come: what else comes is not waited for longer."""

    def rest(self) -> Rest | None:
        """The rest until the next beat, unless what comes would be held up."""
        if not self.is_growing or self._is_slow or self._bytes >= ENOUGH_BYTES:
            return None
        left_s = BEAT_S - self._now() % BEAT_S
        if self._bytes <= MANY_BYTES:
            return Rest(left_s)
        return Rest(left_s, tuple(left_s - before_s for before_s in LOOKS_S if before_s < left_s))

    def reads(self) -> None:
        """The network is read from now on."""
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
