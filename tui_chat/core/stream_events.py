"""What a provider says while it answers: a closed union, spoken by the client and the dialects, heard by the turn.

Every stream is any number of events and then exactly one `Stopped`, whatever happened. A stream ends with a value, not
with a surprise.
"""

from enum import StrEnum

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.limits import LimitLeft
from tui_chat.core.parts import Beside, Source
from tui_chat.core.usage import Cost, TokenCounts


class Outcome(StrEnum):
    """How an answer ended, in the words of `ask --json`."""

    COMPLETE = "complete"
    """The gateway said that it ended: a finish reason other than `error`, or `[DONE]`, and no error."""
    TRUNCATED = "truncated"
    """The stream ended, or was cut, before that."""
    ERROR = "error"
    """The request failed, or an error came inside the stream."""
    CANCELLED = "cancelled"


class Connected(msgspec.Struct, frozen=True, tag="connected", gc=False):
    """The gateway accepted the request; nothing of the answer has come yet."""

    limits: tuple[LimitLeft, ...] = ()
    """What is left of its limits; empty where it tells of none."""


class Started(msgspec.Struct, frozen=True, tag="started", gc=False):
    """The first chunk, or one that changed what the first had said. Empty strings: the gateway did not say."""

    response_id: str
    model: str
    """The model that in fact answers, and is billed."""


class TextDelta(msgspec.Struct, frozen=True, tag="text", gc=False):
    """More of the answer; never empty, never half a surrogate pair. May join what several chunks carried."""

    text: str


class ReasoningDelta(msgspec.Struct, frozen=True, tag="reasoning", gc=False):
    """More of the reasoning; never empty."""

    text: str


class Reclassified(msgspec.Struct, frozen=True, tag="reclassified", gc=False):
    """All of the text so far turned out to be reasoning, but for white space at its end: a tag closed it that was never
    opened."""

    characters: int
    """How much text that is; never 0."""


class RefusalDelta(msgspec.Struct, frozen=True, tag="refusal", gc=False):
    """More of a refusal; never empty."""

    text: str


class ToolCallDelta(msgspec.Struct, frozen=True, tag="tool_call", gc=False):
    """A tool call began or grew. The dialect has already settled which call a fragment belongs to."""

    index: int
    """Position among this answer's calls, from 0, in order of appearance: our own, not the wire's."""
    id: str
    """Empty while unknown; once given it does not change."""
    name: str
    """Empty while unknown; once given it does not change."""
    fragment: str
    """Arguments text that was added; empty where the chunk brought none."""
    kind: str = ""
    """What kind of call it is, where it is not one of a function."""
    is_masked: bool = False
    """A secret stood in it and was hidden, so that it is not what the model wrote any more."""


class PartReceived(msgspec.Struct, frozen=True, tag="part"):
    """A picture, a file or a part of an unknown type came, whole."""

    part: Beside


class AudioDelta(msgspec.Struct, frozen=True, tag="audio", gc=False):
    """More of the sound that is the answer."""

    data: str
    """Bytes in base64: a piece by itself, or cut anywhere out of one text."""
    media_type: str = ""
    """Empty where the gateway does not say."""


class SourceFound(msgspec.Struct, frozen=True, tag="source"):
    """The answer names a page; one that was named before, when more of it is known."""

    source: Source


class UsageReported(msgspec.Struct, frozen=True, tag="usage"):
    """Usage so far, all that was told of it; each report replaces the one before."""

    counts: TokenCounts
    cost: Cost | None
    raw: str
    """The usage object as received, as JSON text; where several were, one object with the fields of all."""


class ProviderData(msgspec.Struct, frozen=True, tag="provider", gc=False):
    """A field of the chunk that is not ours to read (`provider`, `system_fingerprint`, …): kept, last one wins."""

    name: str
    json: str


class MessageData(msgspec.Struct, frozen=True, tag="message_data", gc=False):
    """A field of the answer's message, or of one of its calls, that is not ours to read: whole, the last one wins."""

    name: str
    json: str
    call: int | None = None
    """Position of the call that it belongs to; None: the message."""


class FieldLeftOut(msgspec.Struct, frozen=True, tag="left_out", gc=False):
    """A field of the request was not sent, because the gateway or the model refuses it."""

    name: str
    why: str
    """The gateway's words."""


class SecretHidden(msgspec.Struct, frozen=True, tag="secret_hidden", gc=False):
    """The gateway sent a secret of the request back, and it was hidden: said once for an answer, and of each thing
    that was dropped for it."""

    dropped: str = ""
    """What was dropped whole; empty where a mark stands in place of the secret."""


class Heartbeat(msgspec.Struct, frozen=True, tag="heartbeat", gc=False):
    """A comment line: the provider is alive and working, though it said nothing."""


class RetryScheduled(msgspec.Struct, frozen=True, tag="retry"):
    """Nothing of the answer has come, and the request will be sent again."""

    attempt: int
    """1 for the first retry."""
    after_s: float
    failure: Failure
    most: int = 0
    """How many retries there are at most; 0 where that is not known."""


class FellBack(msgspec.Struct, frozen=True, tag="fell_back"):
    """A model failed before anything of an answer came, and another one is asked in its place."""

    failed: str
    """The model that was asked so far."""
    model: str
    """The one that is asked now."""
    failure: Failure


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """The last event of every stream."""

    outcome: Outcome
    finish_reason: str | None = None
    """As sent; None where the gateway gave none."""
    failure: Failure | None = None
    """Set with `ERROR`, and with `TRUNCATED` where it is known why."""
    waited_s: float = 0.0
    """Seconds before this event in which the answer was whole already, and more of it was waited for in vain."""


StreamEvent = (
    Connected
    | Started
    | TextDelta
    | ReasoningDelta
    | Reclassified
    | RefusalDelta
    | ToolCallDelta
    | PartReceived
    | AudioDelta
    | SourceFound
    | UsageReported
    | ProviderData
    | MessageData
    | FieldLeftOut
    | SecretHidden
    | Heartbeat
    | RetryScheduled
    | FellBack
    | Stopped
)


def is_content(event: StreamEvent) -> bool:
    """Whether something of the answer itself came."""
    return isinstance(event, TextDelta | ReasoningDelta | RefusalDelta | ToolCallDelta | PartReceived | AudioDelta)


def written_length(event: StreamEvent) -> int:
    """Characters that an event adds to what the model writes: words, reasoning, arguments of calls."""
    match event:
        case TextDelta(text) | ReasoningDelta(text) | RefusalDelta(text):
            return len(text)
        case ToolCallDelta(fragment=fragment):
            return len(fragment)
        case _:
            return 0
