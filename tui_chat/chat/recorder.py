"""Keeps a conversation on disk while it grows, at most half a second behind the screen.

Saving may fail (a full disk, a read-only folder) without stopping anything: what could not be written is kept and
tried again with the next save, and `Unsaved` knows of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from msgspec.structs import replace

from tui_chat.chat.cut_elsewhere import cut_as_billed
from tui_chat.chat.ports import Store, TimedEvent
from tui_chat.chat.unsaved import Unsaved
from tui_chat.core.errors import DELETED, ErrorKind, Failure, StoreError
from tui_chat.core.filed import UNFILED
from tui_chat.core.marks import Marks
from tui_chat.core.merging import Marked
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node

JOURNAL_INTERVAL_S = 0.5


class Recorder:
    """Writes one conversation through a store."""

    def __init__(
        self, store: Store, unsaved: Unsaved, whole: Callable[[], tuple[Conversation, Sequence[Node]]]
    ) -> None:
        """`whole` gives all of the conversation, as it is in memory."""
        self.whole = whole
        self.saved: Conversation | None = None
        """The conversation as it was read or saved last: where it is not in the store any more, somebody has deleted
        it; what does not differ is another program's to change. None where it never was."""
        self.filed = UNFILED
        """Where the conversation stands among the others, as far as that is known here."""
        self._store = store
        self._unsaved = unsaved
        self._conversation: Conversation | None = None
        self._nodes: dict[str, Node] = {}
        self._marked: dict[str, Marked] = {}
        self._begun: set[str] = set()
        """Ids of the answers that are written here; others that grow are another program's."""
        self._brings_back = False
        """What is owed is worth bringing back a conversation that was deleted."""
        self._generation = store.generation
        """The file that has all that was saved."""
        self._lock = asyncio.Lock()

    async def save(self, conversation: Conversation, *nodes: Node, brings_back: bool = True) -> None:
        """Write these and all that is still owed; a failure is noted in `Unsaved`. A conversation that another program
        has deleted is written whole again, unless nothing is new but what does not bring it back."""
        self._conversation = conversation
        for node in nodes:
            self._nodes[node.id] = node
            if node.is_being_written:
                self._begun.add(node.id)
        self._brings_back = self._brings_back or brings_back or bool(nodes)
        await self._write()

    async def save_marks(self, conversation: Conversation, node: Node, before: Marks) -> None:
        """Write what a message is marked with, and nothing else of it: what was said in it may be more by now than is
        known here."""
        if node.id in self._nodes:
            await self.save(conversation, node)
            return
        self._conversation, self._brings_back = conversation, True
        first = self._marked.get(node.id)
        self._marked[node.id] = Marked(node.id, first.before if first else before, node.marks)
        await self._write()

    def saw(self, **facts: object) -> None:
        """Take note of what another program has made of it in the store."""
        if self.saved is not None:
            self.saved = replace(self.saved, **facts)

    async def save_again(self) -> None:
        """Write what is still owed."""
        await self._write()

    @property
    def has_change(self) -> bool:
        """What belongs to the conversation as a whole was changed, and that is not written yet."""
        return self._conversation is not None

    def owes(self, node_id: str) -> bool:
        """A node was given to be saved and is not written yet."""
        return node_id in self._nodes or node_id in self._marked

    async def _write(self) -> None:
        async with self._lock:
            try:
                await self._write_owed()
                if self._store.generation != self._generation:
                    await self._write_whole()
            except StoreError as error:
                try:
                    if self._store.generation != self._generation:
                        await self._write_whole()  # the file is another one, which need not have this conversation
                    elif error.failure.code == DELETED:
                        await self._bring_back()
                    else:
                        raise
                except StoreError as again:
                    self._unsaved.failed(self, again.failure)
                    return
            self._brings_back = False
        self._unsaved.saved(self)

    async def _write_owed(self) -> None:
        changed, owed, marked = self._conversation, list(self._nodes.values()), list(self._marked.values())
        if changed is not None or owed or marked:
            conversation = changed or self.whole()[0]
            await self._store.save(conversation, owed, marked, before=self.saved)
            self.saved = conversation
            self._wrote(changed, owed, marked)

    def _wrote(self, conversation: Conversation | None, nodes: Sequence[Node], marked: Sequence[Marked]) -> None:
        if self._conversation is conversation:
            self._conversation = None
        for each in marked:
            if self._marked.get(each.node_id) is each:
                del self._marked[each.node_id]
        for node in nodes:
            if self._nodes.get(node.id) is node:
                del self._nodes[node.id]

    async def _write_whole(self) -> None:
        generation = self._store.generation
        self._conversation, nodes = self.whole()
        self._nodes = {node.id: node for node in nodes} | self._nodes
        self._marked.clear()
        self.saved = None
        await self._store.add(self._conversation, (), self.filed)
        await self._write_owed()
        self._generation = generation

    async def _bring_back(self) -> None:
        """Write all of a conversation that was deleted while it was open here, and say so."""
        if not self._brings_back:
            self._conversation = None
            return
        conversation, nodes = self.whole()
        others = [node for node in nodes if node.id not in self._begun and node.is_being_written]
        left = {node.id: node for node in await cut_as_billed(self._store, conversation.id, others)}
        kept = [left.get(node.id, node) for node in nodes if node.id not in self._nodes]
        await self._store.add(conversation, kept, self.filed)
        await self._write_owed()
        self._unsaved.say(_brought_back(conversation))


def _brought_back(conversation: Conversation) -> Failure:
    return Failure(
        ErrorKind.STORE,
        f"Another program deleted “{sanitize_line(conversation.title, 40)}” while it was open here. All that is here of"
        " it was saved again.",
        "Go on, or delete it again in the list of conversations.",
        code=DELETED,
    )


class Journal:
    """Appends an answer's events to the store while they come. A context manager around the stream."""

    def __init__(
        self, store: Store | None, conversation_id: str, node_id: str, bring_back: Callable[[], Awaitable[None]]
    ) -> None:
        """With no store (a temporary conversation) nothing is kept. `bring_back` saves the conversation with the answer
        as it was begun, where another program has deleted it."""
        self._store = store
        self._bring_back = bring_back
        self._conversation_id = conversation_id
        self._node_id = node_id
        self._pending: list[TimedEvent] = []
        self._written: list[TimedEvent] = []
        self._writer: asyncio.Task[None] | None = None
        self._has_failed = False

    async def __aenter__(self) -> "Journal":
        if self._store is not None:
            self._writer = asyncio.create_task(self._write_regularly(self._store), name="journal")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop. What is pending is not written any more: the whole node is saved next, and ends the journal."""
        if self._writer is not None:
            self._writer.cancel()
            with suppress(asyncio.CancelledError):
                await self._writer

    def add(self, event: TimedEvent) -> None:
        """Keep an event for the next write."""
        if self._writer is not None and not self._has_failed:
            self._pending.append(event)

    async def _write_regularly(self, store: Store) -> None:
        while True:
            await asyncio.sleep(JOURNAL_INTERVAL_S)
            events, self._pending = self._pending, []
            if not events:
                continue
            try:
                await self._append(store, events)
            except StoreError:
                # A journal with a gap is worth nothing; the final save reports what is wrong with the store.
                self._has_failed = True
                self._pending.clear()
                return
            self._written += events

    async def _append(self, store: Store, events: Sequence[TimedEvent]) -> None:
        try:
            await store.append_journal(self._conversation_id, self._node_id, events)
        except StoreError as error:
            if error.failure.code != DELETED:
                raise
            await asyncio.shield(asyncio.ensure_future(self._bring_back()))  # the end of the answer must not cut it
            await store.append_journal(self._conversation_id, self._node_id, (*self._written, *events))
