"""Lays out the messages above those that are shown first, a moment at a time between keys and frames."""

from collections.abc import Callable
from typing import Final

from tui_chat.ui.transcript.frame_clock import FrameClock
from tui_chat.ui.transcript.model import Transcript

SLICE_S: Final = 0.01
"""A key waits no longer than this."""


class LayingOut:
    """What makes a transcript whole."""

    def __init__(
        self,
        transcript: Transcript,
        settle: Callable[[], None],
        is_free: Callable[[], bool],
        fail: Callable[[Exception], None],
    ) -> None:
        """`settle` shows what has changed; `is_free` says that nothing is selected by its place in the transcript;
        `fail` takes what goes wrong."""
        self._transcript = transcript
        self._settle = settle
        self._is_free = is_free
        self._clock = FrameClock(self._slice, fail)

    def go_on(self) -> None:
        """Lay out what is left, in slices."""
        if not self._transcript.is_whole:
            self._clock.ask()

    def stop(self) -> None:
        """Stop."""
        self._clock.stop()

    def _slice(self) -> None:
        if self._is_free() and self._transcript.make_earlier(SLICE_S):
            self._settle()
        self.go_on()
