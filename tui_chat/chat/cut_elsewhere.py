"""Answers that another program was writing, of which only what was seen here is left."""

from collections.abc import Sequence

from msgspec.structs import replace

from tui_chat.chat.ledger import entry_id_of
from tui_chat.chat.ports import Store
from tui_chat.core.cut_answer import cut
from tui_chat.core.tree import Node


async def cut_as_billed(store: Store, conversation_id: str, nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Each as it was cut, with the tokens and the cost that were entered for it: its writer may have seen its end.

    Raises:
        StoreError: the ledger cannot be read.
    """
    if not nodes:
        return ()
    entries = {entry.id: entry for entry in await store.ledger_of(conversation_id)}
    left: list[Node] = []
    for node in map(cut, nodes):
        entry = entries.get(entry_id_of(conversation_id, node.id))
        if entry is not None and node.answer is not None:
            node = replace(node, answer=replace(node.answer, counts=entry.counts, cost=entry.cost))
        left.append(node)
    return tuple(left)
