"""Adds many messages at once, as an import does: thousands of them in a second."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from tui_chat.core.filed import Filed
from tui_chat.core.tree import Conversation, Node
from tui_chat.store import search
from tui_chat.store.answer_rows import Writer
from tui_chat.store.listing import read_summary, write_labels
from tui_chat.store.rows import write_conversation, write_new_nodes
from tui_chat.store.typed import typed

_PIECE: Final = 100
"""Messages that are written by the same statements; their forms are in memory together."""


def add_conversation(connection: sqlite3.Connection, conversation: Conversation, filed: Filed, now: float) -> None:
    """Write a conversation, in sight. One that was in sight before stays filed as it is."""
    is_new = read_summary(connection, conversation.id) is None
    write_conversation(connection, conversation)
    if is_new:
        archived_at = now if filed.is_archived else None
        connection.execute(
            "UPDATE conversations SET deleted_at = NULL, archived_at = ? WHERE id = ?", (archived_at, conversation.id)
        )
        write_labels(connection, conversation.id, filed.labels)


def add_nodes(
    connection: sqlite3.Connection, conversation_id: str, nodes: Sequence[Node], writer: Writer, *, has_index: bool
) -> None:
    """Write those of the nodes whose ids are not there, findable. Nothing is entered in the ledger: what they cost was
    billed elsewhere."""
    rows = connection.execute("SELECT id FROM nodes WHERE conversation_id = ?", (conversation_id,))
    known = {typed(row[0], str) for row in rows}
    new = list({node.id: node for node in reversed(nodes) if node.id not in known}.values())
    new.reverse()
    for start in range(0, len(new), _PIECE):
        piece = new[start : start + _PIECE]
        seqs = write_new_nodes(connection, conversation_id, piece, writer)
        texts = zip(seqs, (search.searchable(node.message) for node in piece), strict=True)
        search.put_new(connection, texts, has_index=has_index)
