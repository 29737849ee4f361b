"""Reading back what `json` writes. The file is hostile until it was checked."""

from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable, Sequence

import msgspec

from tui_chat.core import figures
from tui_chat.core.errors import TranscriptError
from tui_chat.core.parts import LARGEST_TEXT_BYTES
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.json import FORMAT, Document
from tui_chat.transcripts.soundness import check, refused

LARGEST_BYTES = 200_000_000
_PIECE = 1024 * 1024


class _Format(msgspec.Struct):
    format: str = ""


class _Parts(msgspec.Struct, frozen=True):
    parts: tuple[msgspec.Raw, ...] = ()


class _Message(msgspec.Struct):
    """A message whose parts were not looked at."""

    id: str = ""
    message: _Parts = _Parts()


class _Messages(msgspec.Struct):
    nodes: tuple[_Message, ...] = ()


def from_json(data: bytes, *, largest_text_bytes: int = LARGEST_TEXT_BYTES) -> Document:
    """What an export holds, with the ids that it has there: see `with_new_ids`. Bytes that are no UTF-8 become
    replacement characters.

    Raises:
        TranscriptError: it is no such export, or not a sound one; the message says what is wrong.
    """
    if len(data) > LARGEST_BYTES:
        raise refused("it is too large")
    try:
        return _from_text(memoryview(data)[len(BOM_UTF8) :] if data.startswith(BOM_UTF8) else data, largest_text_bytes)
    except _NoUtf8:
        return _from_text(data.decode("utf-8", "replace").removeprefix("\ufeff"), largest_text_bytes)


class _NoUtf8(Exception):
    """The bytes are no UTF-8."""


def _is_utf8(data: memoryview) -> bool:
    """Say so in pieces: a large text is not kept twice. Which error means it depends on the version of msgspec."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _from_text(text: bytes | memoryview | str, largest_text_bytes: int) -> Document:
    try:
        found = msgspec.json.decode(text, type=_Format).format
        if found != FORMAT:
            raise refused(
                f"its format is “{sanitize_line(found, 40)}”, not “{FORMAT}”"
                if found
                else "it does not name its format"
            )
        _check_sizes(msgspec.json.decode(text, type=_Messages), largest_text_bytes)
        document = msgspec.json.decode(text, type=Document)
    except RecursionError:
        raise refused("it is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError) as error:
        if not isinstance(text, str) and not _is_utf8(memoryview(text)):
            raise _NoUtf8 from None
        raise refused(sanitize_line(str(error))) from None
    check(document.conversation, document.nodes)
    return document


def with_new_ids(
    conversation: Conversation, nodes: Sequence[Node], new_id: Callable[[], str]
) -> tuple[Conversation, tuple[Node, ...]]:
    """The same conversation under ids of our own, so that an import never writes over what is there."""
    ids = {node.id: new_id() for node in nodes}
    return (
        msgspec.structs.replace(conversation, id=new_id(), head_id=ids.get(conversation.head_id or "")),
        tuple(
            msgspec.structs.replace(
                node,
                id=ids[node.id],
                parent_id=ids.get(node.parent_id or ""),
                marks=node.marks.under(ids),
            )
            for node in nodes
        ),
    )


def _check_sizes(messages: _Messages, limit_bytes: int) -> None:
    """Refuse what no answer may be either, before it is taken into memory."""
    for message in messages.nodes:
        for raw in message.message.parts:
            size = memoryview(raw).nbytes
            if size > 3 * limit_bytes or (size > limit_bytes and _is_too_large(raw, limit_bytes)):
                raise TranscriptError(
                    f"This file cannot be imported: the message {sanitize_line(message.id, 60)} holds a text of more"
                    f" than {figures.bound(limit_bytes)}.",
                    "Nothing of it was imported. Shorten that message in the file, or take it out.",
                )


def _is_too_large(raw: msgspec.Raw, limit_bytes: int) -> bool:
    part = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    texts = (msgspec.json.decode(value) for value in part.values() if memoryview(value).nbytes > limit_bytes)
    return any(isinstance(text, str) and len(text.encode("utf-8", "surrogatepass")) > limit_bytes for text in texts)
