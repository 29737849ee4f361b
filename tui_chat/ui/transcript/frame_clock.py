"""The clock of a view's frames: at most seventeen a second, fewer where frames are slow, none while nothing changes.

Called by the event loop itself: Textual's timers and messages cost as much as a frame.
"""

import asyncio
from collections.abc import Callable
from typing import Final

FRAME_S: Final = 0.054
"""From one frame to the next: a little less than the beat to which answers are read, so that none has to wait for the
beat after it."""
REST: Final = 3
"""A frame that took t is followed by this many t of rest, so that keys are read meanwhile."""
LONGEST_REST_S: Final = 0.5
"""The rest after a frame that had very much to take up, which tells nothing of the next one."""


class FrameClock:
    """Calls for frames, one for however many requests."""

    def __init__(self, frame: Callable[[], None], fail: Callable[[Exception], None]) -> None:
        """`frame` shows what there is to show; `fail` takes what it raised where the loop called it."""
        self._frame = frame
        self._fail = fail
        self._next: asyncio.TimerHandle | None = None
        self._not_before_s = 0.0

    @property
    def is_waiting(self) -> bool:
        """A frame is due."""
        return self._next is not None

    def ask(self) -> None:
        """Ask for a frame as soon as one is allowed."""
        if self._next is None:
            loop = asyncio.get_running_loop()
            self._next = loop.call_at(max(loop.time(), self._not_before_s), self._run_or_fail)

    def run(self) -> None:
        """Make a frame now, in place of one that is due."""
        self.stop()
        now = asyncio.get_running_loop().time
        began_s = now()
        self._frame()
        ended_s = now()
        self._not_before_s = max(began_s + FRAME_S, ended_s + min(REST * (ended_s - began_s), LONGEST_REST_S))

    def stop(self) -> None:
        """Cancel the frame that is due."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _run_or_fail(self) -> None:
        try:
            self.run()
        except Exception as error:  # noqa: BLE001 - handed on
            self._fail(error)


def raised(error: Exception) -> None:
    """Raise an error where it is seen."""
    raise error
