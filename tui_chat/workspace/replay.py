"""The answer that is being written, and the calls that run, for a view that comes later.

The words of the answer are kept once, by the session.
"""

from collections.abc import Iterable

from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    ReplyGrew,
    Retrying,
    SessionEvent,
    ToolFinished,
    ToolStarted,
    ToolStopped,
)
from tui_chat.core.stream_events import written_length
from tui_chat.workspace.events import ConversationEvent


class Replay:
    """What came since the tree last had everything, but for the words, and the calls that run; empty where it has
    everything and nothing runs."""

    def __init__(self) -> None:
        self.characters = 0
        """Length of what the model has written in this answer."""
        self._started: AnswerStarted | None = None
        self._said: list[SessionEvent] = []
        """What was said beside the answer."""
        self._running: dict[str, ToolStarted] = {}
        """The calls that run, by their ids."""

    def add(self, event: ConversationEvent) -> None:
        """Keep an event, or forget all where the tree has what they brought."""
        match event:
            case ReplyGrew():
                self.characters += written_length(event.event)
            case AnswerStarted():
                self._clear()
                self._running.clear()
                self._started = AnswerStarted(None, event.answer)
            case AnswerEnded():
                self._clear()
            case ToolStarted(call):
                self._running[call.id] = event
            case ToolStopped(call):
                self._running.pop(call.id, None)
            case ToolFinished(call_id):
                self._clear()
                self._running.pop(call_id, None)
            case Notice() | Retrying() if self._started is not None:
                self._said.append(event)
            case _:
                pass

    def events(self, arrived: Iterable[TimedEvent]) -> tuple[SessionEvent, ...]:
        """The events, the start of the answer first where one is written; `arrived` is what the session has of it."""
        if self._started is None:
            return tuple(self._running.values())
        node_id = self._started.answer.id
        grown = (ReplyGrew(node_id, timed.at_s, timed.event) for timed in arrived)
        return (self._started, *self._said, *grown)

    def _clear(self) -> None:
        self._started, self._said, self.characters = None, [], 0
