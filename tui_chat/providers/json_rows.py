"""Reads the rows of a long JSON list one by one, so that a list of any kind takes no more memory than its largest row.

The ends of values are found by a regular expression, since a parser would build all of the list first: a body of 32 MB
may hold ten million empty objects.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from tui_chat.providers.openai_wire import UNREADABLE, read_exact_json

MAX_ROW: Final = 256 * 1024
"""Bytes of a row; a larger one is passed over."""
_DEEPEST: Final = 16
_LONGEST_NAME: Final = 100

_STRING: Final = rb'"(?:[^"\\]++|\\.)*+"'


def _nested(depth: int) -> bytes:
    inside = rb'[^\[\]{}"]++|' + _STRING + (b"|" + _nested(depth - 1) if depth else b"")
    return rb"[\[{](?:" + inside + rb")*+[\]}]"


_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
_BETWEEN: Final = re.compile(rb"[ \t\r\n]*+(?:,[ \t\r\n]*+|(?=\]))")
_VALUE: Final = re.compile(_nested(_DEEPEST) + b"|" + _STRING + rb'|[^\s,:\[\]{}"]++', re.DOTALL)
_MEMBER: Final = re.compile(rb"[ \t\r\n]*+(" + _STRING + rb")[ \t\r\n]*+:[ \t\r\n]*+", re.DOTALL)


def rows_of(body: bytes | bytearray, names: Sequence[str]) -> Iterator[object] | None:
    """The rows of a list, or of the list under the first of these names in an object; None where there is no such list.
    A row that is too large or cannot be read is None. Iterating may raise UNREADABLE where the list ends in the midst
    of it."""
    start = _after_space(body, 3 if body[:3] == b"\xef\xbb\xbf" else 0)
    if body[start : start + 1] == b"{":
        start = _list_in(body, start, names)
    if start < 0 or body[start : start + 1] != b"[":
        return None
    return _rows(body, start + 1)


def _rows(body: bytes | bytearray, at: int) -> Iterator[object]:
    at = _after_space(body, at)
    while body[at : at + 1] != b"]":
        value = _VALUE.match(body, at)
        if value is None:
            raise ValueError("a row without an end")
        yield _read(value[0]) if value.end() - at <= MAX_ROW else None
        between = _BETWEEN.match(body, value.end())
        if between is None:
            raise ValueError("no comma behind a row")
        at = between.end()


def _read(row: bytes | bytearray) -> object:
    if row[:1] not in (b"{", b'"'):
        return None
    try:
        return read_exact_json(row)
    except UNREADABLE:
        return None


def small_members(body: bytes | bytearray, limit: int) -> Iterator[tuple[str, object]]:
    """The members of an object that are no lists and no longer than `limit` bytes; none where it is no object."""
    start = _after_space(body, 0)
    for name, at in _members(body, start) if body[start : start + 1] == b"{" else ():
        value = _VALUE.match(body, at) if body[at : at + 1] != b"[" else None
        if value is not None and value.end() - at <= limit:
            with contextlib.suppress(*UNREADABLE):
                yield name, read_exact_json(value[0])


def _list_in(body: bytes | bytearray, start: int, names: Sequence[str]) -> int:
    """Where in an object the list under the first of these names begins; -1 where there is none."""
    found: dict[str, int] = {}
    for name, at in _members(body, start):
        if name in names and body[at : at + 1] == b"[":
            found[name] = at
            if name == names[0]:
                break
    return next((found[name] for name in names if name in found), -1)


def _members(body: bytes | bytearray, start: int) -> Iterator[tuple[str, int]]:
    """The names of an object's members, and where their values begin."""
    at = start + 1
    while (member := _MEMBER.match(body, at)) is not None:
        is_short = member.end(1) - member.start(1) < _LONGEST_NAME
        yield bytes(member[1][1:-1]).decode("utf-8", "replace") if is_short else "", member.end()
        value = _VALUE.match(body, member.end())
        if value is None:
            break
        at = _after_space(body, value.end())
        if body[at : at + 1] != b",":
            break
        at += 1


def _after_space(body: bytes | bytearray, at: int) -> int:
    space = _SPACE.match(body, at)
    return space.end() if space else at
