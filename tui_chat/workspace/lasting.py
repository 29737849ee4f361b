"""How far a work has come, told once it lasts and not too often."""

from collections.abc import Callable
from time import monotonic
from typing import Final

TOLD_AFTER_S: Final = 0.5
TOLD_EVERY_S: Final = 0.2


class Lasting:
    """Passes on the share of a work that is done, from 0 to 1. It may be called from another thread."""

    def __init__(
        self,
        tell: Callable[[float], object],
        *,
        every_s: float = TOLD_EVERY_S,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._tell = tell
        self._every_s = every_s
        self._now = now
        self._next_at = now() + max(TOLD_AFTER_S, every_s)

    def __call__(self, share: float) -> None:
        now = self._now()
        if now >= self._next_at:
            self._next_at = now + self._every_s
            self._tell(share)
