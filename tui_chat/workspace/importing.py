"""Takes the conversations of a file into the store. Nothing that is saved is changed or removed by that.

A conversation is known by the ids in the file: one that is there already is not added again, and one that has grown
since gets what is new. Where an id stands for something else here, the import gets ids of its own, the same ones each
time, so that it too is known when it is imported again.
"""

import asyncio
import contextlib
import errno
import hashlib
from collections import Counter
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec.structs import replace

from tui_chat.chat.ports import Progress, Store
from tui_chat.core.errors import FileError, StoreError, TranscriptError
from tui_chat.core.figures import counted
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.marks import UNMARKED
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.regular_files import expanded, shown_path
from tui_chat.transcripts.importers.found import Found, Transcript, Unreadable
from tui_chat.transcripts.importing import with_new_ids
from tui_chat.transcripts.soundness import refused
from tui_chat.workspace.import_sources import opened

OTHER_IDS: Final = "Another conversation has the id that is in the file; this one got an id of its own."
"""Said of a conversation that `has_new_ids`."""
MOST_SAID: Final = 20
"""Conversations that cannot be taken and are named; more of them are counted."""
_EVERY_S: Final = 0.25
_A_FILE: Final = "Give the path of a file; of several, import one after the other."
_T = TypeVar("_T")
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


class ImportedFile(msgspec.Struct, frozen=True):
    """What came of the import of a file."""

    conversations: tuple[Imported, ...]
    left_out: tuple[str, ...] = ()
    """What is not in it, one sentence or kind each; harmless."""

    @property
    def added(self) -> int:
        """Messages that are new."""
        return sum(imported.added for imported in self.conversations)

    @property
    def already(self) -> int:
        """Messages that were there before."""
        return sum(imported.already for imported in self.conversations)


def imported_words(imported: Imported) -> str:
    """Say which conversation came in, and how much of it is new."""
    conversation = imported.conversation
    how_much = _how_much(imported.added, imported.already, "already here")
    return f"{conversation.id}  {sanitize_line(conversation.title)} ({how_much})"


def file_words(imported: ImportedFile) -> str:
    """Say how many conversations and messages came in."""
    count = len(imported.conversations)
    if count == 1:
        return imported_words(imported.conversations[0])
    how_much = _how_much(imported.added, imported.already, "all of them already here")
    return f"{counted(count, 'conversation')} ({how_much})"


def notes_on(imported: ImportedFile) -> tuple[str, ...]:
    """What has to be said beside that, one line each."""
    renamed = sum(one.has_new_ids for one in imported.conversations)
    other_ids = (
        OTHER_IDS if len(imported.conversations) == 1 else f"Got ids of their own, as others have theirs: {renamed}"
    )
    return (*((other_ids,) if renamed else ()), *(f"Left out: {what}" for what in imported.left_out))


def opening_words(imported: ImportedFile) -> str:
    """Say how to open what came in."""
    if len(imported.conversations) > 1:
        return "/resume finds them."
    return f"/resume {imported.conversations[0].conversation.id} opens it."


def _how_much(added: int, already: int, nothing_new: str) -> str:
    if not already:
        return counted(added, "message")
    if not added:
        return nothing_new
    return f"{counted(added, 'new message')}, {already} were already here"


async def import_file(store: Store, file: Path, progress: Progress | None = None) -> ImportedFile:
    """Add what is new of the conversations in a file, each whole or not at all. `progress` may be called often.

    Raises:
        TranscriptError: the file cannot be read, or holds no conversation; its name is in the words.
        StoreError: a conversation cannot be written; the words say how many were.
    """
    path = expanded(file)
    with contextlib.ExitStack() as closing:
        try:
            tell = progress or _tell_nobody
            found = await _telling(asyncio.to_thread(opened, path, closing), tell, 0.0)
            imported = await _import_found(store, found, tell)
        except FileError as error:
            words = f"{shown_path(file)} cannot be read: {error.strerror}."
            is_file = error.errno not in (errno.EISDIR, errno.EINVAL)
            raise TranscriptError(words, error.failure.advice if is_file else _A_FILE) from None
        except TranscriptError as error:
            raise TranscriptError(f"{shown_path(file)}: {error.failure.message}", error.failure.advice) from None
    return imported


async def _import_found(store: Store, found: Found, progress: Progress) -> ImportedFile:
    imported: dict[str, Imported] = {}
    kinds: Counter[str] = Counter()
    unreadable: list[str] = []
    read = 0
    while (one := await asyncio.to_thread(_next, found.transcripts)) is not None:
        read += 1
        share = (read - 0.5) / found.count if found.count else 0.5
        if isinstance(one, Unreadable):
            unreadable.append(one.why)
            continue
        kinds.update(one.left_out)
        if not one.nodes and found.count != 1:
            continue
        try:
            taken = await _telling(import_conversation(store, one.conversation, one.nodes, one.filed), progress, share)
        except StoreError as error:
            raise _in_the_middle(error, len(imported)) from error
        imported[taken.conversation.id] = _both(imported.get(taken.conversation.id), taken)
    if not imported:
        raise refused(_why_nothing(unreadable))
    said = unreadable[:MOST_SAID]
    if len(unreadable) > MOST_SAID:
        said.append(f"{len(unreadable) - MOST_SAID} more conversations that cannot be read")
    counts = [f"{kind}: {count}" for kind, count in kinds.items() if count]
    return ImportedFile(tuple(imported.values()), (*said, *counts))


async def _telling(work: Coroutine[object, object, _T], progress: Progress, share: float) -> _T:
    """Do it, and say meanwhile how far everything has come: one conversation of thousands of messages takes long."""
    task = asyncio.ensure_future(work)
    try:
        progress(share)
        while not (await asyncio.wait((task,), timeout=_EVERY_S))[0]:
            progress(share)
        return await task
    finally:
        task.cancel()


def _tell_nobody(_: float) -> None:
    """Nobody asked."""


def _next(transcripts: Iterator[Transcript | Unreadable]) -> Transcript | Unreadable | None:
    return next(transcripts, None)


def _both(before: Imported | None, now: Imported) -> Imported:
    """What came of a conversation that stands in the file twice."""
    if before is None:
        return now
    return replace(now, added=before.added + now.added, has_new_ids=before.has_new_ids or now.has_new_ids)


def _in_the_middle(error: StoreError, count: int) -> StoreError:
    if not count:
        return error
    words = f"{counted(count, 'conversation')} came in whole, the next one could not be saved. {error.failure.message}"
    return StoreError(words, f"{error.failure.advice} Then import the file again: what is here is not added twice.")


def _why_nothing(unreadable: list[str]) -> str:
    if not unreadable:
        return "it holds no conversation with a message in it"
    first = unreadable[0].rstrip(".")
    return (
        first
        if len(unreadable) == 1
        else f"none of its {len(unreadable)} conversations can be read. The first: {first}"
    )


async def import_conversation(
    store: Store, conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED
) -> Imported:
    """Add what is new of a conversation, whole or not at all. One that is here stays filed as it is.

    Raises:
        StoreError: it cannot be written.
    """
    nodes = tuple(map(_ended, nodes))
    if (imported := await _add(store, conversation, nodes, filed)) is not None:
        return imported
    again = await _add(store, *_with_ids_of_content(conversation, nodes), filed)
    if again is None:
        raise StoreError(
            f"The conversation {conversation.id} is there with other messages, and so is its copy.",
            "Delete one of them, then import it again.",
        )
    return replace(again, has_new_ids=True)


async def _add(store: Store, conversation: Conversation, nodes: Sequence[Node], filed: Filed) -> Imported | None:
    """Add it under its own ids; None where they stand for something else."""
    found = await _found(store, conversation.id)
    if found is None:
        await store.add(conversation, nodes, filed)
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
    """The message is the one that is saved, or an earlier state of it, however each of them is marked."""
    if (node.parent_id, node.message.role) != (there.parent_id, there.message.role):
        return False
    was_growing = node.answer is not None and node.answer.outcome is Outcome.TRUNCATED
    is_equal = replace(node, marks=UNMARKED) == replace(there, marks=UNMARKED)
    return is_equal or (was_growing and there.message.text.startswith(node.message.text))


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
