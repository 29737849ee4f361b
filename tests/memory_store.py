"""A store that keeps conversations in memory alone: `chat.ports.Store` without a disk."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui_chat.chat.ports import (
    AnswerRecord,
    BackedUp,
    ConversationSummary,
    LedgerEntry,
    Progress,
    SearchHit,
    TimedEvent,
)
from tui_chat.core.errors import StoreError
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.journal import grown
from tui_chat.store.lookup import not_there, one_of, with_known_head
from tui_chat.store.search import excerpt, matches, searchable, split_words


class _Kept:
    """One conversation with its messages and the journals of answers that are being written."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.nodes: dict[str, Node] = {}
        self.journals: dict[str, list[TimedEvent]] = {}

    @property
    def updated_at(self) -> float:
        return max([self.conversation.created_at, *(node.created_at for node in self.nodes.values())])


class MemoryStore:
    """`chat.ports.Store` without a file."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self.ledger: dict[str, LedgerEntry] = {}
        """What was asked beside the answers, by id."""

    @property
    def generation(self) -> int:
        """Nothing takes the place of this memory."""
        return 0

    def _get(self, conversation_id: str) -> _Kept:
        try:
            return self._kept[conversation_id]
        except KeyError:
            raise not_there(conversation_id) from None

    def _newest_first(self) -> list[_Kept]:
        last_made_first = reversed(self._kept.values())
        return sorted(last_made_first, key=lambda kept: -kept.updated_at)

    async def save_conversation(self, conversation: Conversation) -> None:
        """Create it, or keep what changed of it."""
        kept = self._kept.get(conversation.id)
        if kept is None:
            self._kept[conversation.id] = _Kept(conversation)
        else:
            created_at = kept.conversation.created_at
            kept.conversation = msgspec.structs.replace(conversation, created_at=created_at)

    async def save_node(self, conversation_id: str, node: Node) -> None:
        """Keep a node, new or in place of what was there under its id."""
        kept = self._get(conversation_id)
        kept.nodes[node.id] = node
        kept.journals.pop(node.id, None)

    async def add(self, conversation: Conversation, nodes: Sequence[Node]) -> None:
        """Add a conversation with these nodes; those that are there stay as they are."""
        await self.save_conversation(conversation)
        for node in nodes:
            if node.id not in self._get(conversation.id).nodes:
                await self.save_node(conversation.id, node)

    async def append_journal(self, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
        """Keep what arrived for an answer that is still growing."""
        kept = self._get(conversation_id)
        if node_id not in kept.nodes:
            raise not_there(conversation_id)
        kept.journals.setdefault(node_id, []).extend(events)

    async def load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        """A conversation by its id or a unique beginning of it."""
        kept = self._kept[one_of(id_prefix, [known for known in self._kept if known.startswith(id_prefix)])]
        nodes = tuple(
            node if node.answer and node.answer.outcome else grown(node, kept.journals.get(node.id, ()))
            for node in kept.nodes.values()
        )
        return with_known_head(kept.conversation, nodes), nodes

    async def latest_id(self) -> str | None:
        """The conversation with the newest message; None where there is none."""
        return next((kept.conversation.id for kept in self._newest_first() if kept.nodes), None)

    async def latest_exchange(self) -> tuple[Node, ...]:
        """The newest message of that conversation, before it the one that it answers."""
        latest_id = await self.latest_id()
        nodes = (await self.load(latest_id))[1] if latest_id else ()
        return tuple(node for node in nodes if node.id in (nodes[-1].id, nodes[-1].parent_id))

    async def list(self, limit: int | None = None) -> tuple[ConversationSummary, ...]:
        """Conversations, the one with the newest message first."""
        return tuple(
            ConversationSummary(
                kept.conversation.id,
                kept.conversation.title,
                kept.conversation.model,
                kept.conversation.created_at,
                kept.updated_at,
                len(kept.nodes),
            )
            for kept in self._newest_first()[: None if limit is None else max(0, limit)]
        )

    async def search(self, words: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Messages that contain all the words, the newest first."""
        wanted = split_words(words)
        if not wanted:
            return ()
        hits = [
            SearchHit(kept.conversation.id, kept.conversation.title, node.id, node.created_at, excerpt(text, wanted))
            for kept in self._kept.values()
            for node in kept.nodes.values()
            if matches(text := searchable(node.message), wanted)
        ]
        return tuple(hits[::-1][: max(0, limit)])

    async def answers(self, since: float = 0.0) -> tuple[AnswerRecord, ...]:
        """Every answer since then that may have cost something, oldest first."""
        records = [
            AnswerRecord(
                kept.conversation.id,
                kept.conversation.title,
                node.created_at,
                node.answer.answering_model,
                node.answer.counts,
                node.answer.cost,
            )
            for kept in self._kept.values()
            for node in kept.nodes.values()
            if node.answer and node.answer.may_have_cost and node.created_at >= since
        ]
        return tuple(sorted(records, key=lambda record: record.created_at))

    async def add_to_ledger(self, entry: LedgerEntry) -> None:
        """Note what a request cost."""
        self.ledger[entry.id] = entry

    async def back_up(self, target: Path, progress: Progress) -> BackedUp:
        """There is no file to copy."""
        raise StoreError("No conversation has been saved yet.", "There is nothing to copy.")

    async def delete(self, conversation_id: str) -> None:
        """Forget a conversation with everything in it."""
        self._get(conversation_id)
        del self._kept[conversation_id]

    def notices(self) -> tuple[str, ...]:
        """Nothing can be damaged."""
        return ()

    async def close(self) -> None:
        """Nothing is queued."""
