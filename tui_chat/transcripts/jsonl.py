"""A conversation as lines of JSON that lose nothing: `tui-chat-lines/1`, for programs that read a line at a time.

```
{"format": "tui-chat-lines/1", "conversation": {…}, "path": […], "messages": 2, "labels": […], "archived": false}
{"id": …, "parent_id": …, "created_at": …, "message": {…}, "answer": …, "marks": {…}}
{"id": …, …}
```

The first line is the header: what `tui-chat/1` has beside its nodes, see `json`, and how many lines follow.
Each other line is one message, a node as it stands in `nodes` there; parents come before their children. Lines end in
a newline, and no other character in them ends a line for anybody: those are escaped.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from tui_chat.core.errors import TranscriptError
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.parts import LARGEST_TEXT_BYTES
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.importing import LARGEST_BYTES, from_json
from tui_chat.transcripts.json import FORMAT, Document, as_written, harmless_json, path_ids, plain_json
from tui_chat.transcripts.soundness import LARGEST_NODES

LINES_FORMAT: Final = "tui-chat-lines/1"


_SNIFFED: Final = 200
"""Bytes at the beginning in which a file of ours names its format."""


class Header(msgspec.Struct, frozen=True):
    """The first line."""

    format: str
    conversation: Conversation
    path: tuple[str, ...]
    messages: int
    labels: tuple[str, ...]
    archived: bool


class _Head(msgspec.Struct, frozen=True):
    """A first line of which only the form was looked at."""

    format: str = ""
    conversation: msgspec.Raw = msgspec.Raw(b"null")
    path: msgspec.Raw = msgspec.Raw(b"[]")
    messages: int | None = None
    labels: msgspec.Raw = msgspec.Raw(b"[]")
    archived: msgspec.Raw = msgspec.Raw(b"false")


def to_jsonl(conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> str:
    """The lines, each with its newline. The same values give the same bytes.

    Raises:
        OverflowError: a count has more than 64 bits, which no dialect lets pass.
    """
    path = path_ids(conversation, nodes)
    header = Header(LINES_FORMAT, conversation, path, len(nodes), filed.labels, filed.is_archived)
    return "".join(f"{harmless_json(plain_json(value))}\n" for value in (header, *as_written(nodes)))


def is_jsonl(data: bytes) -> bool:
    """Whether the first line names this format."""
    if LINES_FORMAT.encode() not in data[:_SNIFFED]:
        return False  # nothing of a large file is copied
    line = data.removeprefix(BOM_UTF8).partition(b"\n")[0]
    try:
        return msgspec.json.decode(line.decode("utf-8", "replace"), type=_Head).format == LINES_FORMAT
    except (msgspec.MsgspecError, RecursionError):
        return False


def from_jsonl(data: bytes, *, largest_text_bytes: int = LARGEST_TEXT_BYTES) -> Document:
    """The document that such a file is, under the same checks as `from_json`.

    Raises:
        TranscriptError: it is no such file, or not a sound one; the message says what is wrong.
    """
    if len(data) > LARGEST_BYTES:
        raise _refused("it is too large")
    lines = _lines(data)
    head = _head(next(lines, b""))
    nodes: list[bytes] = []
    for number, line in enumerate(lines, 2):
        if len(nodes) == LARGEST_NODES:
            raise _refused("it has too many messages")
        nodes.append(_one_value(line, number))
    if head.messages is not None and head.messages != len(nodes):
        raise _refused(f"its first line promises {head.messages:,} messages, and {len(nodes):,} follow")
    pieces = (
        b'{"format":',
        msgspec.json.encode(FORMAT),
        b',"conversation":',
        bytes(head.conversation),
        b',"path":',
        bytes(head.path),
        b',"labels":',
        bytes(head.labels),
        b',"archived":',
        bytes(head.archived),
        b',"nodes":[',
        b",".join(nodes),
        b"]}",
    )
    return from_json(b"".join(pieces), largest_text_bytes=largest_text_bytes)


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines that hold anything."""
    for line in data.removeprefix(BOM_UTF8).split(b"\n"):
        if stripped := line.strip():
            yield stripped.decode("utf-8", "replace").encode()


def _head(line: bytes) -> _Head:
    try:
        head = msgspec.json.decode(line, type=_Head)
    except (msgspec.MsgspecError, RecursionError):
        raise _refused("its first line is no header") from None
    if head.format != LINES_FORMAT:
        raise _refused(f"its format is “{sanitize_line(head.format, 40)}”, not “{LINES_FORMAT}”")
    return head


def _one_value(line: bytes, number: int) -> bytes:
    try:
        return bytes(msgspec.json.decode(line, type=msgspec.Raw))
    except (msgspec.MsgspecError, RecursionError):
        raise _refused(f"its line {number:,} is torn, or no JSON") from None


def _refused(why: str) -> TranscriptError:
    return TranscriptError(
        f"This file cannot be imported: {why}.", "Write it again with `tui-chat history export --format jsonl`."
    )
