"""What a session tells a front end: a closed union of facts.

A turn is `TurnStarted`, any number of the others, and one `TurnEnded` on every path: done, failed, cancelled.
"""

from enum import StrEnum

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.parts import ToolCall
from tui_chat.core.stream_events import StreamEvent
from tui_chat.core.tree import Node


class Phase(StrEnum):
    """What the session is doing, in the words of the status line."""

    READY = "ready"
    CONNECTING = "connecting"
    WAITING = "waiting"
    THINKING = "thinking"
    WRITING = "writing"
    CALLING = "calling"
    """Arguments of a call are arriving, or a call waits for its result; the status line names the tool."""
    RETRYING = "retrying"


class TurnStarted(msgspec.Struct, frozen=True):
    """A question was saved and its answer, still empty, has its place."""

    question: Node | None
    """The new node that was sent; None where the turn only goes on (a tool result, a retry)."""
    answer: Node


class PhaseChanged(msgspec.Struct, frozen=True):
    """The session does something else now."""

    phase: Phase
    detail: str = ""
    """The tool's name for CALLING; else empty."""


class ReplyGrew(msgspec.Struct, frozen=True):
    """The answer, or what is known about it, grew."""

    node_id: str
    at_s: float
    """Seconds since the turn started."""
    event: StreamEvent


class Retrying(msgspec.Struct, frozen=True):
    """Nothing of the answer came; the request goes out again."""

    attempt: int
    after_s: float
    failure: Failure


class ToolAsked(msgspec.Struct, frozen=True):
    """An answer ended with a call that waits for its result."""

    node_id: str
    call: ToolCall


class ToolFinished(msgspec.Struct, frozen=True):
    """A call has its result, which is now a node."""

    call_id: str
    node: Node


class Notice(msgspec.Struct, frozen=True):
    """Something that the person should know and that is not part of any answer."""

    failure: Failure


class TurnEnded(msgspec.Struct, frozen=True):
    """The last event of a turn; the node is final and holds all that arrived."""

    answer: Node


SessionEvent = TurnStarted | PhaseChanged | ReplyGrew | Retrying | ToolAsked | ToolFinished | Notice | TurnEnded
