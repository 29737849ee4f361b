"""Events of the answer that is being written, kept so that a view which comes later shows what those saw that were
there from the beginning. Runs of words are joined, so it costs what the answer costs.
"""

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, PhaseChanged, ReplyGrew, SessionEvent, ToolFinished
from tui_chat.core.stream_events import ReasoningDelta, TextDelta, written_length
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, OutboxChanged, QuestionSaved


class Replay:
    """What came since the tree last had everything; empty where it has."""

    def __init__(self) -> None:
        self.characters = 0
        """Length of what the model has written in this answer."""
        self._events: list[SessionEvent] = []
        self._run: list[str] = []
        """Words that came behind the last event and are of its kind."""
        self._last: ReplyGrew | None = None
        """The last event, where it is words."""

    @property
    def answer_id(self) -> str:
        """The answer that is being written; empty where none is."""
        first = self._events[0] if self._events else None
        return first.answer.id if isinstance(first, AnswerStarted) else ""

    def add(self, event: ConversationEvent) -> None:
        """Keep an event, or forget all where the tree has what they brought."""
        if isinstance(event, ReplyGrew):
            self._grow(event)
        elif isinstance(event, AnswerStarted):
            self._clear()
            self._events.append(AnswerStarted(None, event.answer))
        elif isinstance(event, AnswerEnded | ToolFinished):
            self._clear()
        elif isinstance(event, PhaseChanged | QuestionSaved | NotSent | OutboxChanged | GivenBack):
            return  # a phase is told by the session, the rest is about messages and not about the answer
        elif self._events:
            self._join()
            self._events.append(event)

    def events(self) -> tuple[SessionEvent, ...]:
        """The events, the start of the answer first."""
        self._join()
        return tuple(self._events)

    def _grow(self, event: ReplyGrew) -> None:
        growth = event.event
        self.characters += written_length(growth)
        if isinstance(growth, TextDelta | ReasoningDelta):
            if self._last is not None and type(self._last.event) is type(growth):
                self._run.append(growth.text)
            else:
                self._join()
                self._events.append(event)
            self._last = event
        else:
            self._join()
            self._events.append(event)

    def _join(self) -> None:
        if self._last is not None and self._run:
            kind = TextDelta if isinstance(self._last.event, TextDelta) else ReasoningDelta
            self._events.append(ReplyGrew(self._last.node_id, self._last.at_s, kind("".join(self._run))))
            self._run = []
        self._last = None

    def _clear(self) -> None:
        self._events, self._run, self._last, self.characters = [], [], None, 0
