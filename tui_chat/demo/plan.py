"""The plan of a scripted answer: a list of moves, before they are cut into tokens, timed and written as JSON.

Scripts build plans, and `wire` turns them into bytes. A script that refuses the request returns an `HttpError`.
"""

import msgspec


class Say(msgspec.Struct, frozen=True):
    """Text of the answer."""

    text: str


class Think(msgspec.Struct, frozen=True):
    """Text of the reasoning."""

    text: str


class CallTool(msgspec.Struct, frozen=True):
    """A tool call, whole or its beginning; its arguments go out in small fragments."""

    index: int
    id: str
    name: str
    arguments: str


class GrowCall(msgspec.Struct, frozen=True):
    """More arguments of a call that was begun."""

    index: int
    arguments: str


class Wait(msgspec.Struct, frozen=True):
    """Silence for a while."""

    seconds: float


class Comment(msgspec.Struct, frozen=True):
    """A comment line, which keeps the stream alive."""

    text: str


class Fail(msgspec.Struct, frozen=True):
    """An error object inside the stream, which ends it."""

    message: str
    type: str
    code: str


class Hang(msgspec.Struct, frozen=True):
    """The connection ends before the answer does."""

    is_clean: bool
    """The body ends as if it were complete; otherwise it breaks off in the middle."""


Move = Say | Think | CallTool | GrowCall | Wait | Comment | Fail | Hang


class Plan(msgspec.Struct, frozen=True):
    """One answer."""

    moves: tuple[Move, ...]
    finish_reason: str = "stop"
    tokens_per_s: float | None = 70.0
    """Speed of writing; None writes as fast as it can be sent."""
    first_s: float = 0.35
    """Wait before the first token."""


class HttpError(msgspec.Struct, frozen=True):
    """An HTTP error in place of an answer."""

    status: int
    message: str
    type: str
    code: str
    retry_after_s: int | None = None
    allow: str = ""
    """Method that the path takes, with status 405; else empty."""
