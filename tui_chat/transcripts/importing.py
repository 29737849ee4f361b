"""Reading back what `json` writes. The file is hostile until it was checked."""

import math
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence

import msgspec

from tui_chat.core import figures
from tui_chat.core.errors import TranscriptError
from tui_chat.core.parts import LARGEST_TEXT_BYTES
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.json import FORMAT, Document

LARGEST_BYTES = 200_000_000
LARGEST_NODES = 200_000

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_LATEST_TIME = 253_402_300_799.0
_LARGEST_EXPONENT = 40
_MOST_DIGITS = 80


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


def from_json(data: bytes, *, largest_text_bytes: int = LARGEST_TEXT_BYTES) -> tuple[Conversation, tuple[Node, ...]]:
    """The conversation of an export, with the ids that it has there: see `with_new_ids`. Bytes that are no UTF-8
    become replacement characters.

    Raises:
        TranscriptError: it is no such export, or not a sound one; the message says what is wrong.
    """
    if len(data) > LARGEST_BYTES:
        raise _refused("it is too large")
    try:
        return _from_text(memoryview(data)[len(BOM_UTF8) :] if data.startswith(BOM_UTF8) else data, largest_text_bytes)
    except UnicodeDecodeError:
        return _from_text(data.decode("utf-8", "replace").removeprefix("\ufeff"), largest_text_bytes)


def _from_text(text: bytes | memoryview | str, largest_text_bytes: int) -> tuple[Conversation, tuple[Node, ...]]:
    try:
        found = msgspec.json.decode(text, type=_Format).format
        if found != FORMAT:
            raise _refused(
                f"its format is “{sanitize_line(found, 40)}”, not “{FORMAT}”"
                if found
                else "it does not name its format"
            )
        _check_sizes(msgspec.json.decode(text, type=_Messages), largest_text_bytes)
        document = msgspec.json.decode(text, type=Document)
    except UnicodeDecodeError:
        raise
    except RecursionError:
        raise _refused("it is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise _refused(sanitize_line(str(error))) from None
    _check(document)
    return document.conversation, document.nodes


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


def _check(document: Document) -> None:
    """What types cannot say: ids that are safe and unique, parents that come before, numbers that can be shown."""
    if len(document.nodes) > LARGEST_NODES:
        raise _refused("it has too many messages")
    _check_id(document.conversation.id)
    _check_time(document.conversation.created_at)
    known: set[str] = set()
    for node in document.nodes:
        _check_id(node.id)
        _check_time(node.created_at)
        if node.id in known:
            raise _refused(f"two messages have the id {node.id}")
        if node.parent_id is not None and node.parent_id not in known:
            raise _refused(f"the message {node.id} follows one that does not come before it")
        known.add(node.id)
        _check_calls(node)
        _check_cost(node)
    head_id = document.conversation.head_id
    if head_id is not None and head_id not in known:
        raise _refused("its last message is missing")


def _check_id(id_: str) -> None:
    if not _ID.fullmatch(id_):
        raise _refused(f"“{sanitize_line(id_, 40)}” cannot be an id")


def _check_time(seconds: float) -> None:
    if not (math.isfinite(seconds) and 0 <= seconds <= _LATEST_TIME):
        raise _refused("a time in it is none")


def _check_calls(node: Node) -> None:
    """A result names its call by the id alone. An answer that was streamed has none twice: see `ReplyFold`."""
    ids: set[str] = set()
    for call in node.message.tool_calls:
        if call.id in ids:
            raise _refused(f"two calls in the message {node.id} have the id “{sanitize_line(call.id, 40)}”")
        ids.add(call.id)


def _check_cost(node: Node) -> None:
    usd = node.answer.cost.usd if node.answer and node.answer.cost else None
    if usd is None:
        return
    # An exponent of a million is a short text and a very long number.
    if not usd.is_finite() or abs(usd.adjusted()) > _LARGEST_EXPONENT or len(usd.as_tuple().digits) > _MOST_DIGITS:
        raise _refused(f"the cost of the message {node.id} is no amount of money")


def _refused(why: str) -> TranscriptError:
    return TranscriptError(
        f"This file cannot be imported: {why}.",
        "Give a file that was written by `/export json` or `tui-chat history export`.",
    )
