"""Keeps a conversation on disk while it grows, at most half a second behind the screen.

Saving may fail (a full disk, a read-only folder) without stopping anything: what could not be written is kept and
tried again with the next save, and `Unsaved` knows of it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from tui_chat.chat.ports import Store, TimedEvent
from tui_chat.chat.unsaved import Unsaved
from tui_chat.core.errors import StoreError
from tui_chat.core.tree import Conversation, Node

JOURNAL_INTERVAL_S = 0.5


class Recorder:
    """Writes one conversation through a store."""

    def __init__(
        self, store: Store, unsaved: Unsaved, whole: Callable[[], tuple[Conversation, Sequence[Node]]]
    ) -> None:
        """`whole` gives all of the conversation, as it is in memory."""
        self.whole = whole
        self._store = store
        self._unsaved = unsaved
        self._conversation: Conversation | None = None
        self._nodes: dict[str, Node] = {}
        self._generation = store.generation
        """The file that has all that was saved."""
        self._lock = asyncio.Lock()

    async def save(self, conversation: Conversation, *nodes: Node) -> None:
        """Write these and all that is still owed; a failure is noted in `Unsaved`."""
        self._conversation = conversation
        for node in nodes:
            self._nodes[node.id] = node
        await self._write()

    async def save_again(self) -> None:
        """Write what is still owed."""
        await self._write()

    def owes(self, node_id: str) -> bool:
        """A node was given to be saved and is not written yet."""
        return node_id in self._nodes

    async def _write(self) -> None:
        async with self._lock:
            try:
                await self._write_owed_conversation()
                if self._store.generation == self._generation:
                    await self._write_owed_nodes()
                if self._store.generation != self._generation:
                    await self._write_whole()
            except StoreError as error:
                if self._store.generation == self._generation:
                    self._unsaved.failed(self, error.failure)
                    return
                try:
                    # The file is another one, which need not have this conversation.
                    await self._write_whole()
                except StoreError as again:
                    self._unsaved.failed(self, again.failure)
                    return
        self._unsaved.saved(self)

    async def _write_owed_conversation(self) -> None:
        if (changed := self._conversation) is not None:
            await self._store.save_conversation(changed)
            if self._conversation is changed:
                self._conversation = None

    async def _write_owed_nodes(self) -> None:
        conversation, _ = self.whole()
        for node in list(self._nodes.values()):
            await self._store.save_node(conversation.id, node)
            if self._nodes.get(node.id) is node:
                del self._nodes[node.id]

    async def _write_whole(self) -> None:
        generation = self._store.generation
        self._conversation, nodes = self.whole()
        self._nodes = {node.id: node for node in nodes} | self._nodes
        await self._write_owed_conversation()
        await self._write_owed_nodes()
        self._generation = generation


class Journal:
    """Appends an answer's events to the store while they come. A context manager around the stream."""

    def __init__(self, store: Store | None, conversation_id: str, node_id: str) -> None:
        """With no store (a temporary conversation) nothing is kept."""
        self._store = store
        self._conversation_id = conversation_id
        self._node_id = node_id
        self._pending: list[TimedEvent] = []
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
                await store.append_journal(self._conversation_id, self._node_id, events)
            except StoreError:
                # A journal with a gap is worth nothing; the final save reports what is wrong with the store.
                self._has_failed = True
                self._pending.clear()
                return
