"""Copies of a path under new ids, and entries of the ledger: what a session makes beside answers."""

from collections.abc import Callable, Iterable
from itertools import takewhile

from msgspec.structs import replace

from tui_chat.chat.ledger import LedgerEntry, LedgerKind, entry_id_of
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.tree import Conversation, Node


def copied(
    conversation: Conversation, path: Iterable[Node], new_id: Callable[[], str], now: float
) -> tuple[Conversation, tuple[Node, ...]]:
    """A conversation of this path alone, under ids of its own; its answers keep their entries of the ledger. An answer
    that is being written stays where it is written: the copy ends with its question."""
    ids: dict[str, str] = {}
    nodes: list[Node] = []
    for node in takewhile(lambda node: not node.is_being_written, path):
        ids[node.id] = new_id()
        copy = replace(
            node,
            id=ids[node.id],
            parent_id=nodes[-1].id if nodes else None,  # not its parent, which may be deleted
            marks=node.marks.under(ids),
        )
        if node.answer is not None:
            entry_id = node.answer.entry_id or entry_id_of(conversation.id, node.id)
            copy = replace(copy, answer=replace(node.answer, entry_id=entry_id))
        nodes.append(copy)
    head_id = nodes[-1].id if nodes else None
    return replace(conversation, id=new_id(), created_at=now, head_id=head_id), tuple(nodes)


def entry_of(kind: LedgerKind, answer: AnswerInfo, id_: str, conversation_id: str, now: float) -> LedgerEntry:
    """The entry of what was asked beside the answers of a conversation."""
    return LedgerEntry(
        id_,
        conversation_id,
        now,
        kind,
        answer.requested_model,
        answer.answering_model,
        answer.gateway,
        answer.counts,
        answer.cost,
        answer.timing,
    )
