"""What a session tells a front end: a closed union of facts.

An answer is `AnswerStarted`, any number of the others, and one `AnswerEnded` on every path: done, failed, cancelled. A
turn is an answer, what becomes of each of its calls, and, where all of them were run, the next answer; it is over when
its iterator is.
"""

from enum import StrEnum

import msgspec

from tui_chat.chat.policy import Decision
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.core.errors import Failure
from tui_chat.core.parts import ToolCall
from tui_chat.core.stream_events import StreamEvent
from tui_chat.core.tree import Node


class Phase(StrEnum):
    """What the session is doing, in the words of the status line."""

    READY = "ready"
    PREPARING = "starting tools"
    """Tool servers are started before the request goes out."""
    CONNECTING = "connecting"
    WAITING = "waiting"
    THINKING = "thinking"
    WRITING = "writing"
    CALLING = "calling"
    """Arguments of a call are arriving, or a call waits for its result; the status line names the tool."""
    RUNNING = "running"
    """A call is being run; the status line names the tool."""
    RETRYING = "retrying"


class AnswerStarted(msgspec.Struct, frozen=True):
    """A question was saved and its answer, still empty, has its place."""

    question: Node | None
    """The new node that was sent; None where the turn only goes on (a tool result, a retry)."""
    answer: Node


class PhaseChanged(msgspec.Struct, frozen=True):
    """The session does something else now."""

    phase: Phase
    detail: str = ""
    """The tool's name for CALLING and RUNNING, there with how many others run beside it; else empty."""


class ReplyGrew(msgspec.Struct, frozen=True):
    """The answer, or what is known about it, grew."""

    node_id: str
    at_s: float
    """Seconds since the answer was asked for."""
    event: StreamEvent


class Retrying(msgspec.Struct, frozen=True):
    """Nothing of the answer came; the request goes out again."""

    attempt: int
    """1 for the first retry."""
    after_s: float
    failure: Failure
    most: int = 0
    """How many retries there are at most; 0 where that is not known."""


def retry_words(attempt: int, most: int) -> str:
    """`2 of 3`; `2` where it is not known how many there are."""
    return f"{attempt} of {most}" if most else str(attempt)


class ToolAsked(msgspec.Struct, frozen=True):
    """An answer ended with a call that waits for its result."""

    node_id: str
    call: ToolCall


class ToolDecided(msgspec.Struct, frozen=True):
    """It is decided what becomes of a call."""

    call: ToolCall
    decision: Decision


class ToolStarted(msgspec.Struct, frozen=True):
    """A call is being run."""

    call: ToolCall
    """As the model wrote it."""
    plan: ToolPlan
    """What runs."""


class ToolOutput(msgspec.Struct, frozen=True):
    """A call that runs wrote something; sanitised, and no more of it than is kept."""

    call: ToolCall
    text: str


class ToolStopped(msgspec.Struct, frozen=True):
    """A call that ran was stopped, and waits for its result again."""

    call: ToolCall


class ToolFinished(msgspec.Struct, frozen=True):
    """A call has its result, which is now a node."""

    call_id: str
    node: Node
    total_s: float | None = None
    """How long it ran; None where nothing was run."""


class RoundLimitReached(msgspec.Struct, frozen=True):
    """The model called tools again after as many rounds as a turn may have; these calls wait for a person."""

    limit: int


class Notice(msgspec.Struct, frozen=True):
    """Something that the person should know and that is not part of any answer."""

    failure: Failure


class AnswerEnded(msgspec.Struct, frozen=True):
    """The last event of an answer; the node is final and holds all that arrived."""

    answer: Node


SessionEvent = (
    AnswerStarted
    | PhaseChanged
    | ReplyGrew
    | Retrying
    | ToolAsked
    | ToolDecided
    | ToolStarted
    | ToolOutput
    | ToolStopped
    | ToolFinished
    | RoundLimitReached
    | Notice
    | AnswerEnded
)
