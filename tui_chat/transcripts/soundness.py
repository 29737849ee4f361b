"""What the types of a document cannot say: whether ids, times, counts and marks in it make sense together.

Apart from those who read, because every form of ours is judged alike before anything of it is saved.
"""

import math
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from tui_chat.core.errors import TranscriptError
from tui_chat.core.marks import LONGEST_LABEL, MOST_LABELS
from tui_chat.core.moments import LATEST_TIME
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node

LARGEST_NODES: Final = 200_000

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_LARGEST_EXPONENT: Final = 40
_MOST_DIGITS: Final = 400
_LARGEST_COUNT: Final = 2**63 - 1


def check(conversation: Conversation, nodes: Sequence[Node]) -> None:
    """Pass over ids that are safe and unique, parents that come before, and numbers that can be shown.

    Raises:
        TranscriptError: something else is in it; the message says what.
    """
    if len(nodes) > LARGEST_NODES:
        raise refused("it has too many messages")
    _check_id(conversation.id)
    _check_time(conversation.created_at)
    known: set[str] = set()
    for node in nodes:
        _check_id(node.id)
        _check_time(node.created_at)
        if node.id in known:
            raise refused(f"two messages have the id {node.id}")
        if node.parent_id is not None and node.parent_id not in known:
            raise refused(f"the message {node.id} follows one that does not come before it")
        _check_seam(node, known)
        known.add(node.id)
        _check_calls(node)
        _check_counts(node)
        _check_cost(node)
    for node in nodes:
        if node.marks.edited_id is not None and node.marks.edited_id not in known:
            raise refused(f"the message {node.id} was edited from one that is missing")
    if conversation.head_id is not None and conversation.head_id not in known:
        raise refused("its last message is missing")


def is_id(text: str) -> bool:
    """Whether a conversation or a message may have this id."""
    return _ID.fullmatch(text) is not None


def with_sound_labels(nodes: Sequence[Node]) -> tuple[tuple[Node, ...], int]:
    """The nodes with labels that a screen can show, and how many labels were too many."""
    dropped = 0
    sound: list[Node] = []
    for node in nodes:
        kept, too_many = sound_labels(node.marks.labels)
        if kept != node.marks.labels:
            dropped += too_many
            node = msgspec.structs.replace(node, marks=msgspec.structs.replace(node.marks, labels=kept))
        sound.append(node)
    return tuple(sound), dropped


def sound_labels(labels: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Labels that a screen can show, and how many were too many."""
    if not labels:
        return labels, 0
    cleaned = (sanitize_line(label, LONGEST_LABEL) for label in labels)
    sound = tuple(dict.fromkeys(label for label in cleaned if label))
    return sound[:MOST_LABELS], len(sound[MOST_LABELS:])


def refused(why: str) -> TranscriptError:
    """The refusal of a file, or of a conversation in it."""
    return TranscriptError(
        f"This file cannot be imported: {why}.",
        "Give an export of this program (JSON or JSONL), of ChatGPT (the zip, or conversations.json), of Open WebUI"
        " (JSON), or the logs.db of llm.",
    )


def _check_id(id_: str) -> None:
    if not is_id(id_):
        raise refused(f"“{sanitize_line(id_, 40)}” cannot be an id")


def _check_time(seconds: float) -> None:
    if not (math.isfinite(seconds) and 0 <= seconds <= LATEST_TIME):
        raise refused("a time in it is none")


def _check_seam(node: Node, known: set[str]) -> None:
    """A continuation follows the answer that it goes on with, and the tail of a summary comes before it."""
    continues, summary = node.marks.continues, node.marks.summary
    if continues is not None and continues.of_id != node.parent_id:
        raise refused(f"the message {node.id} goes on with one that is not before it")
    if summary is None:
        return
    if summary.tail_id is not None and summary.tail_id not in known:
        raise refused(f"the summary {node.id} names a message that is not before it")
    counts = (summary.messages, summary.before_tokens, summary.after_tokens)
    if not all(0 <= count <= _LARGEST_COUNT for count in counts):
        raise refused(f"a count of the summary {node.id} is none")


def _check_calls(node: Node) -> None:
    """A result names its call by the id alone. An answer that was streamed has none twice: see `ReplyFold`."""
    ids: set[str] = set()
    for call in node.message.tool_calls:
        if call.id in ids:
            raise refused(f"two calls in the message {node.id} have the id “{sanitize_line(call.id, 40)}”")
        ids.add(call.id)


def _check_counts(node: Node) -> None:
    if node.answer is None:
        return
    counts = msgspec.structs.astuple(node.answer.counts) if node.answer.counts else ()
    if any(count is not None and not 0 <= count <= _LARGEST_COUNT for count in (*counts, node.answer.retries)):
        raise refused(f"a count of the message {node.id} is none")


def _check_cost(node: Node) -> None:
    usd = node.answer.cost.usd if node.answer and node.answer.cost else None
    if usd is None:
        return
    # An exponent of a million is a short text and a very long number.
    is_amount = usd.is_finite() and usd >= 0 and abs(usd.adjusted()) <= _LARGEST_EXPONENT
    if not is_amount or len(usd.as_tuple().digits) > _MOST_DIGITS:
        raise refused(f"the cost of the message {node.id} is no amount of money")
