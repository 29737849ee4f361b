"""Keeps a conversation on disk while it grows, at most half a second behind the screen.

Saving may fail (a full disk, a read-only folder) without stopping anything: what could not be written is kept and
tried again with the next save, and the failure is said once until a save succeeds again.
"""

import asyncio
from contextlib import suppress

from tui_chat.chat.ports import Store, TimedEvent
from tui_chat.core.errors import Failure, StoreError
from tui_chat.core.tree import Conversation, Node

JOURNAL_INTERVAL_S = 0.5


class Recorder:
    """Writes one conversation through a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._conversation: Conversation | None = None
        self._nodes: dict[str, Node] = {}
        self._failing = False
        self._lock = asyncio.Lock()

    async def save(self, conversation: Conversation, *nodes: Node) -> Failure | None:
        """Write these and all that is still owed. None: everything is on disk, or its failure was said before."""
        self._conversation = conversation
        for node in nodes:
            self._nodes[node.id] = node
        async with self._lock:
            try:
                if self._conversation is not None:
                    await self._store.save_conversation(self._conversation)
                    self._conversation = None
                for node in list(self._nodes.values()):
                    await self._store.save_node(conversation.id, node)
                    if self._nodes.get(node.id) is node:
                        del self._nodes[node.id]
            except StoreError as error:
                self._conversation = self._conversation or conversation
                return self._said_once(error.failure)
        self._failing = False
        return None

    def owes(self, node_id: str) -> bool:
        """A node was given to be saved and is not written yet."""
        return node_id in self._nodes

    def _said_once(self, failure: Failure) -> Failure | None:
        said, self._failing = self._failing, True
        return None if said else failure


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
