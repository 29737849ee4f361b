"""A store whose disk is full until somebody makes room."""

import asyncio
from collections.abc import Sequence

from tests.memory_store import MemoryStore
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.errors import StoreError
from tui_chat.core.merging import Marked
from tui_chat.core.tree import Conversation, Node


class FullDisk(MemoryStore):
    """Refuses to write while it has no room."""

    def __init__(self) -> None:
        super().__init__()
        self.has_room = False
        self._tries = asyncio.Semaphore(0)
        self.forgets = False
        """Another, empty file takes the place of this one at the next write."""
        self._generation = 0

    @property
    def generation(self) -> int:
        return self._generation

    async def tried(self, times: int) -> None:
        """Wait until it was written to so often."""
        for _ in range(times):
            await self._tries.acquire()

    async def save(
        self,
        conversation: Conversation,
        nodes: Sequence[Node],
        marked: Sequence[Marked] = (),
        *,
        before: Conversation | None,
    ) -> None:
        self._forget()
        await super().save(conversation, nodes, marked, before=before)

    async def save_conversation(self, conversation: Conversation) -> None:
        self._check()
        await super().save_conversation(conversation)

    async def save_node(self, conversation_id: str, node: Node, *, is_billed: bool = True) -> None:
        self._check()
        await super().save_node(conversation_id, node, is_billed=is_billed)

    async def append_journal(self, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
        self._check()
        await super().append_journal(conversation_id, node_id, events)

    def _check(self) -> None:
        self._tries.release()
        self._forget()
        if not self.has_room:
            raise StoreError("The disk is full.", "Make room.", retryable=True)

    def _forget(self) -> None:
        if self.forgets:
            self.forgets = False
            self._generation += 1
            self._kept.clear()
