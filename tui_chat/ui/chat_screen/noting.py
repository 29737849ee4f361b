"""Shows notes on the composer's edge, each for its time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.core.errors import Failure
from tui_chat.ui.chat_screen.composer_frame import ComposerFrame
from tui_chat.ui.chat_screen.drafting import TimedHost
from tui_chat.ui.chat_screen.notes import Notes, words_of

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.timer import Timer

LATER_S = 0.01
"""So that the time of a note is over when the timer rings."""


class Noting:
    """The notes of a chat screen."""

    def __init__(self, host: TimedHost, frame: Callable[[], ComposerFrame]) -> None:
        self._host = host
        self._frame = frame
        self._timer: Timer | None = None
        self.notes = Notes()

    def say(self, words: str, severity: "SeverityLevel" = "information", seconds: float | None = None) -> None:
        """Say something. Its words are never parsed as markup."""
        self.notes.add(words, severity, seconds)
        self._show()

    def tell(self, failure: Failure) -> None:
        """Say a failure, and what to do about it."""
        self.say(words_of(failure), "error")

    def key_pressed(self) -> None:
        """Take away a note that has been read."""
        if self.notes.current is not None and self.notes.key_pressed():
            self._show()

    def _show(self) -> None:
        changes_in_s = self.notes.follow_clock()
        self._frame().show_note(self.notes.current)
        if self._timer is not None:
            self._timer.stop()
        self._timer = None if changes_in_s is None else self._host.set_timer(changes_in_s + LATER_S, self._show)
