"""Events since the last frame. Putting one aside costs nothing; a frame folds in all of them at once."""

from collections.abc import Callable

from tui_chat.chat.session_events import SessionEvent
from tui_chat.ui.transcript.model import Transcript


class PendingEvents:
    """Events that a transcript has not been given yet."""

    def __init__(self, transcript: Transcript, make_whole: Callable[[], None]) -> None:
        """`make_whole` lays out all that is above, and keeps what is in sight."""
        self._transcript = transcript
        self._make_whole = make_whole
        self._events: list[SessionEvent] = []

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: SessionEvent) -> None:
        """Keep an event for the next frame."""
        self._events.append(event)

    def clear(self) -> None:
        """Drop all events: they belong to a conversation that is not shown any more."""
        self._events.clear()

    def fold_in(self) -> Transcript:
        """Fold all events into the transcript, and return it."""
        events, self._events = self._events, []
        for event in events:
            self._transcript.apply(event)
        if events:
            self._transcript.advance()
        return self._transcript

    def all_in(self) -> Transcript:
        """Fold all events in, lay out what is above, and return the whole transcript."""
        transcript = self.fold_in()
        self._make_whole()
        return transcript
