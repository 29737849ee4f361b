"""When a view that grows is painted: often enough to be read as it comes, and seldom enough that a key seldom waits."""

from collections.abc import Callable
from typing import Final

FRAME_S: Final = 1 / 10
"""Seconds between two paintings of what arrives, at least."""
STALE_S: Final = 0.5
"""Seconds between two paintings of the time since the last piece, while nothing arrives."""
LEAST_PAUSE: Final = 8
"""Between two paintings there are so many times the seconds that one takes: on a slow machine there are fewer."""
LONGEST_PAUSE_S: Final = 0.25


class Pace:
    """The paintings of one view, by the seconds that they take."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` gives seconds that never jump."""
        self._monotonic = monotonic
        self._began_at = 0.0
        self._took_s = 0.0

    def begun(self) -> None:
        """A painting begins."""
        self._began_at = self._monotonic()

    def ended(self) -> None:
        """It is done."""
        self._took_s = self._monotonic() - self._began_at

    def is_due(self, *, is_dirty: bool, is_ticking: bool) -> bool:
        """Whether to paint now: something has changed, or time passes that is shown. What changes while nothing arrives
        is painted at once."""
        since_s = self._monotonic() - self._began_at
        if is_ticking and since_s >= STALE_S:
            return True
        pause_s = min(LONGEST_PAUSE_S, LEAST_PAUSE * self._took_s) if is_ticking else 0.0
        return is_dirty and since_s >= pause_s
