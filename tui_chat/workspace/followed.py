"""An open conversation with the one who follows it, from a message until nothing is due any more.

There is one follower for each conversation, whether it is in sight or not: the iterator of a turn is never handed from
one consumer to another. Whoever shows the conversation watches; where nobody does, its events are only noted.
"""

from collections.abc import Callable
from contextlib import aclosing
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Phase,
    PhaseChanged,
    ReplyGrew,
    Retrying,
    SessionEvent,
    retry_words,
)
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent
from tui_chat.workspace.replay import Replay
from tui_chat.workspace.state import State

if TYPE_CHECKING:  # nothing before a screen's first frame needs it
    from tui_chat.core.errors import Failure

_WELL: Final = (Outcome.COMPLETE, Outcome.CANCELLED)


class Standing(StrEnum):
    """How an open conversation stands for somebody who does not look at it."""

    IDLE = "idle"
    BUSY = "busy"
    ASKS = "asks"
    """A call waits for the person."""
    FAILED = "failed"
    """It ended in a failure that nobody has looked at yet."""
    UNREAD = "unread"
    """It ended, and nobody has looked at it yet."""


class Rested(msgspec.Struct, frozen=True):
    """No further turn of a conversation is due."""


class Watch(msgspec.Struct, frozen=True):
    """What shows a conversation while it is followed."""

    apply: Callable[[ConversationEvent], None]
    give_back: Callable[[str], None]
    """Is given a message that never became a question."""
    rested: Callable[[], None]
    """Is called when no further turn is due."""


class Progress(msgspec.Struct, frozen=True):
    """How far the turn that runs has come. Times are in seconds until now."""

    phase: PhaseChanged
    phase_s: float
    """Since the phase began."""
    asked_s: float
    """Since the answer was asked for."""
    writing_s: float | None
    """Since the first of what the model writes came; None where nothing has."""
    characters: int
    """Length of what it has written."""
    retry_in_s: float
    """Until the request goes out again, where the phase is RETRYING."""
    retry_words: str = ""
    """Which of how many retries that is."""


class Followed:
    """An open conversation and its follower."""

    def __init__(
        self, conversation: OpenConversation, tell: "Callable[[Followed, ConversationEvent | Rested], None]"
    ) -> None:
        """`tell` is told what happens while nobody watches; not each word of an answer."""
        self.conversation = conversation
        self._replay = Replay()
        self.is_followed = False
        self.has_run = False
        """A turn was run."""
        self.failure: Failure | None = None
        """Why the last turn failed, where that is known."""
        self._tell = tell
        self._watch: Watch | None = None
        self._returned: list[str] = []
        self._is_read = True
        self._has_failed = False
        self._phase = PhaseChanged(Phase.READY)
        self._phase_at = self._asked_at = self._retry_at = 0.0
        self._retry_words = ""
        self._writing_at: float | None = None

    # Following

    def watch(self, watch: Watch) -> None:
        """Show it from now on: it is read."""
        self._watch = watch
        self._is_read = True

    def unwatch(self) -> None:
        """Show it no longer."""
        self._watch = None

    async def follow(self) -> None:
        """Run the turns that are due, until a person is needed."""
        conversation = self.conversation
        self.has_run = self.is_followed = True
        try:
            while conversation.is_due:
                async with aclosing(conversation.follow()) as events:
                    async for event in events:
                        self._take(event)
        finally:
            self.is_followed = False
            if unsent := conversation.take_unsent():
                self._give_back(unsent)
        self._rest()

    def broke(self) -> None:
        """Take note that following it broke: what waits in its queue is the person's again."""
        self._has_failed = True
        if waiting := self.conversation.outbox.take_all():
            self._give_back("\n\n".join(waiting))
        self._rest()

    def take_returned(self) -> tuple[str, ...]:
        """Take the messages that came back while nobody watched, the first one first."""
        returned, self._returned = tuple(self._returned), []
        return returned

    @property
    def returned(self) -> tuple[str, ...]:
        """Messages that came back while nobody watched, and belong into its draft."""
        return tuple(self._returned)

    def _take(self, event: ConversationEvent) -> None:
        self._replay.add(event)
        self._note(event)
        if self._watch is not None:
            self._watch.apply(event)
            return
        if isinstance(event, ReplyGrew | PhaseChanged):
            return
        if isinstance(event, NotSent) and event.text:
            self._returned.append(event.text)
        elif isinstance(event, GivenBack):
            self._returned.extend(event.messages)
        self._tell(self, event)

    def _give_back(self, text: str) -> None:
        if self._watch is not None:
            self._watch.give_back(text)
        else:
            self._returned.append(text)

    def _rest(self) -> None:
        if self._watch is not None:
            self._watch.rested()
        else:
            self._is_read = False
            self._tell(self, Rested())

    def _note(self, event: ConversationEvent) -> None:
        match event:
            case ReplyGrew():
                if self._writing_at is None and self._replay.characters:
                    self._writing_at = self._now
            case PhaseChanged():
                self._phase, self._phase_at = event, self._now
            case AnswerStarted():
                self._asked_at = self._phase_at = self._now
                self._writing_at, self._has_failed, self.failure = None, False, None
            case Retrying(attempt, after_s, _, most):
                self._retry_at, self._retry_words = self._now + after_s, retry_words(attempt, most)
            case AnswerEnded(answer):
                info = answer.answer
                self._has_failed = info is None or info.outcome not in _WELL
                self.failure = info.failure if info else None
            case NotSent(_, failure):
                self._has_failed, self.failure = failure is not None, failure
            case _:
                pass

    @property
    def _now(self) -> float:
        return self.conversation.services.clock.monotonic()

    def so_far(self) -> tuple[SessionEvent, ...]:
        """What came of the answer that is being written, here or by another program, its start first, or the calls that
        run; empty where nothing does."""
        session = self.conversation.session
        here = self._replay.events(session.arrived())
        if here or self.conversation.is_answering:
            return here
        from tui_chat.workspace.elsewhere import so_far  # the first frame does without

        return so_far(session)

    def ran_beside(self) -> None:
        """Take note that a run beside its turns is over: where nobody watches, its result is still to be looked at."""
        if self._watch is None:
            self._has_failed = self._has_failed and not self._is_read
            self._is_read = False
            self._tell(self, Rested())

    # How it stands

    @property
    def id(self) -> str:
        """Id of the conversation; empty before it is open."""
        return self.conversation.session.conversation.id if self.conversation.is_open else ""

    @property
    def is_empty(self) -> bool:
        """Nothing was sent in it yet: it is not on disk, and nobody can ask for it."""
        conversation = self.conversation
        if not conversation.is_open or conversation.is_answering:
            return not conversation.is_open
        return not (conversation.session.path or len(conversation.outbox) or self._returned)

    @property
    def standing(self) -> Standing:
        """How it stands now."""
        conversation = self.conversation
        if conversation.is_answering or self._runs_beside:
            return Standing.BUSY
        if conversation.is_open and conversation.session.pending_calls:
            return Standing.ASKS
        if self._is_read:
            return Standing.IDLE
        return Standing.FAILED if self._has_failed else Standing.UNREAD

    @property
    def _runs_beside(self) -> str:
        """The tool of a call that is taken again and runs now; empty where none does."""
        running = self.conversation.session.side_runs.plans if self.conversation.is_open else ()
        return running[0].call.name if running else ""

    @property
    def exists_only_here(self) -> bool:
        """It cannot be opened again once it is let go of, or not as it is now."""
        conversation = self.conversation
        if not conversation.is_open or not conversation.session.path:
            return False
        return self.has_run if conversation.is_temporary else conversation.session.is_owing

    @property
    def is_free(self) -> bool:
        """Nothing is lost, and nothing stopped, if it is let go of. Its draft is for others to keep."""
        conversation = self.conversation
        has_rest = self.standing is Standing.IDLE and not self.is_followed
        return has_rest and not (len(conversation.outbox) or self._returned or self.exists_only_here)

    @property
    def is_opening(self) -> bool:
        """Messages wait until there is a model to ask."""
        return self.conversation.state is State.OPENING

    def progress(self) -> Progress:
        """How far the turn that runs has come."""
        now = self._now
        return Progress(
            self._phase,
            now - self._phase_at,
            now - self._asked_at,
            None if self._writing_at is None else now - self._writing_at,
            self._replay.characters,
            max(0.0, self._retry_at - now),
            self._retry_words,
        )

    @property
    def title(self) -> str:
        """Its title, harmless and in one line; words that say so where it has none."""
        return sanitize_line(self.conversation.session.conversation.title, 200) or "(no title)"

    @property
    def words(self) -> str:
        """How it stands, for people: `writing 12 s`, `waits for you`, `done, unread`."""
        match self.standing:
            case Standing.BUSY:
                return self._busy_words()
            case Standing.ASKS:
                return "waits for you"
            case Standing.UNREAD:
                return "done, unread"
            case Standing.FAILED:
                return "failed"
            case Standing.IDLE:
                return "not saved" if self.exists_only_here else "open"

    def _busy_words(self) -> str:
        if not self.conversation.is_answering:
            return f"{Phase.RUNNING} {sanitize_line(self._runs_beside, 40)}"
        phase, progress = self._phase.phase, self.progress()
        if phase is Phase.READY:
            return str(Phase.CONNECTING)
        if phase is Phase.RETRYING:
            return f"retrying in {-int(-progress.retry_in_s // 1)} s"
        name = sanitize_line(self._phase.detail, 40) if phase in (Phase.CALLING, Phase.RUNNING) else ""
        seconds = int(progress.phase_s)
        return " ".join(filter(None, (phase, name, f"{seconds} s" if seconds > 0 else "")))
