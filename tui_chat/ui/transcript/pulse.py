"""The life of a log in which an answer grows: seconds, dots that move while it is waited for, and what has come."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from tui_chat.chat.session_events import AnswerStarted, ReplyGrew, SessionEvent
from tui_chat.ui.transcript.model import Transcript

if TYPE_CHECKING:
    from textual.timer import Timer

BEAT_S = 1.0


class Pulse:
    """Counts while an answer grows; runs at no other time."""

    def __init__(self, transcript: Transcript, settle: Callable[[], None], moves: Callable[[], bool]) -> None:
        """`settle` shows what changed; `moves` says whether motion is wanted."""
        self._transcript = transcript
        self._settle = settle
        self._moves = moves
        self._timer: Timer | None = None
        self._since = 0.0

    def take(self, timer: "Timer") -> None:
        """Beat with this timer, which is paused."""
        self._timer = timer

    def follow(self, event: SessionEvent) -> None:
        """Begin when an answer is asked for. What grew tells since when: the view may have come later."""
        if isinstance(event, ReplyGrew):
            self._since = min(self._since, monotonic() - event.at_s)
        elif isinstance(event, AnswerStarted):
            self._since = monotonic()
            if self._timer is not None:
                self._timer.reset()
                self._timer.resume()

    def beat(self) -> None:
        """Count, or stop where nothing grows."""
        if self._transcript.is_growing:
            self._transcript.count(monotonic() - self._since, moves=self._moves())
            self._settle()
        elif self._timer is not None:
            self._timer.pause()
