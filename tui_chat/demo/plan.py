"""What a scripted model means to say: a list of moves, before any of it is cut into tokens, timed or written as JSON.

Scripts build plans, `wire` turns them into bytes. A script that refuses before it says anything returns a `Refusal`.
"""

import msgspec


class Say(msgspec.Struct, frozen=True):
    """Text of the answer."""

    text: str


class Think(msgspec.Struct, frozen=True):
    """Text of the reasoning."""

    text: str


class Call(msgspec.Struct, frozen=True):
    """A tool call, whole; its arguments go out in small fragments."""

    index: int
    id: str
    name: str
    arguments: str


class Wait(msgspec.Struct, frozen=True):
    """Nothing at all for a while."""

    seconds: float


class Comment(msgspec.Struct, frozen=True):
    """A comment line: alive and working."""

    text: str


class Fail(msgspec.Struct, frozen=True):
    """An error object inside the stream, which ends it."""

    message: str
    type: str
    code: str


class Hang(msgspec.Struct, frozen=True):
    """The connection ends before the answer does."""

    is_clean: bool
    """The body ends as if it were whole; else it breaks off in the middle."""


Move = Say | Think | Call | Wait | Comment | Fail | Hang


class Plan(msgspec.Struct, frozen=True):
    """One answer."""

    moves: tuple[Move, ...]
    finish_reason: str = "stop"
    tokens_per_s: float | None = 70.0
    """Speed of writing; None is as fast as it can be sent."""
    first_s: float = 0.35
    """Wait before the first token."""


class Refusal(msgspec.Struct, frozen=True):
    """An HTTP error in place of an answer."""

    status: int
    message: str
    type: str
    code: str
    retry_after_s: int | None = None
    allow: str = ""
    """Methods that the path takes, with 405."""
