"""Takes a conversation out of an export into the store. Nothing that is saved is changed or removed by that.

A conversation is known by the ids in the file: one that is there already is not added again, and one that has grown
since gets what is new. Where an id stands for something else here, the import gets ids of its own, the same ones each
time, so that it too is known when it is imported again.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_chat.chat.ports import Store
from tui_chat.core.errors import FileError, StoreError, TranscriptError
from tui_chat.core.figures import counted
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.regular_files import expanded, read_whole, shown_path
from tui_chat.transcripts.importing import LARGEST_BYTES, from_json, with_new_ids

OTHER_IDS: Final = "Another conversation has the id that is in the file; this one got an id of its own."
"""Said where `Imported.has_new_ids`."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH: Final = 12


class Imported(msgspec.Struct, frozen=True):
    """What came of an import."""

    conversation: Conversation
    added: int
    already: int
    """Messages that were there before."""
    has_new_ids: bool
    """Its own ids stood for something else."""


def imported_words(imported: Imported) -> str:
    """Say which conversation came in, and how much of it is new."""
    conversation = imported.conversation
    return f"{conversation.id}  {sanitize_line(conversation.title)} ({_how_much(imported)})"


def _how_much(imported: Imported) -> str:
    if not imported.already:
        return counted(imported.added, "message")
    if not imported.added:
        return "already here"
    return f"{counted(imported.added, 'new message')}, {imported.already} were already here"


async def import_file(store: Store, file: Path) -> Imported:
    """Add what is new of the conversation in a file.

    Raises:
        TranscriptError: the file cannot be read, or holds no conversation; its name is in the words.
        StoreError: it cannot be written.
    """
    return await import_conversation(store, *await asyncio.to_thread(_document, file))


def _document(file: Path) -> tuple[Conversation, tuple[Node, ...]]:
    try:
        return from_json(read_whole(expanded(file), LARGEST_BYTES))
    except FileError as error:
        raise TranscriptError(f"{shown_path(file)} cannot be read: {error.strerror}.", error.failure.advice) from None
    except TranscriptError as error:
        raise TranscriptError(f"{shown_path(file)}: {error.failure.message}", error.failure.advice) from None


async def import_conversation(store: Store, conversation: Conversation, nodes: Sequence[Node]) -> Imported:
    """Add what is new of a conversation, whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    nodes = tuple(map(_ended, nodes))
    if (imported := await _add(store, conversation, nodes)) is not None:
        return imported
    again = await _add(store, *_with_ids_of_content(conversation, nodes))
    if again is None:
        raise StoreError(
            f"The conversation {conversation.id} is there with other messages, and so is its copy.",
            "Delete one of them, then import it again.",
        )
    return replace(again, has_new_ids=True)


async def _add(store: Store, conversation: Conversation, nodes: Sequence[Node]) -> Imported | None:
    """Add it under its own ids; None where they stand for something else."""
    found = await _found(store, conversation.id)
    if found is None:
        await store.add(conversation, nodes)
        return Imported(conversation, len(nodes), 0, has_new_ids=False)
    kept, there = found[0], {node.id: node for node in found[1]}
    new = [node for node in nodes if node.id not in there]
    old = [node for node in nodes if node.id in there]
    if (there and not old) or any(not _is_same(node, there[node.id]) for node in old):
        return None
    if new:
        await store.add(_grown(kept, conversation, nodes), new)
    return Imported(kept, len(new), len(old), has_new_ids=False)


async def _found(store: Store, conversation_id: str) -> tuple[Conversation, tuple[Node, ...]] | None:
    if await store.summary(conversation_id) is None:
        return None
    return await store.load(conversation_id)


def _is_same(node: Node, there: Node) -> bool:
    """The message is the one that is saved, or an earlier state of it."""
    was_growing = node.answer is not None and node.answer.outcome is Outcome.TRUNCATED
    return node == there or (was_growing and there.message.text.startswith(node.message.text))


def _grown(kept: Conversation, conversation: Conversation, nodes: Sequence[Node]) -> Conversation:
    """The saved conversation; it is read up to its new end where that follows its old one."""
    path = {node.id for node in Tree(nodes).path(conversation.head_id)}
    return replace(kept, head_id=conversation.head_id) if kept.head_id in path else kept


def _ended(node: Node) -> Node:
    """A message that nobody writes any more: an answer that was being written when it was exported is cut."""
    if node.answer is None or node.answer.outcome is not None:
        return node
    return replace(node, answer=replace(node.answer, outcome=Outcome.TRUNCATED))


def _with_ids_of_content(conversation: Conversation, nodes: Sequence[Node]) -> tuple[Conversation, tuple[Node, ...]]:
    """The same under ids that are made of all that it holds."""
    seed = hashlib.sha256(json_text((conversation.id, tuple(nodes))).encode())
    count = 0

    def next_id() -> str:
        nonlocal count
        count += 1
        digest = seed.copy()
        digest.update(b"%d" % count)
        return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest.digest()[:_ID_LENGTH])

    return with_new_ids(conversation, nodes, next_id)
