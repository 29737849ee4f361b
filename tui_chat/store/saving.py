"""Saves conversations, and what arrives of their answers, in the file that is held."""

import sqlite3
from collections.abc import Iterable, Sequence

from tui_chat.chat.ports import TimedEvent
from tui_chat.core.filed import Filed
from tui_chat.core.merging import Marked, changed_conversation
from tui_chat.core.tree import Conversation, Node
from tui_chat.store import journal, ledger
from tui_chat.store.adding import add_conversation, add_nodes
from tui_chat.store.holding import Held
from tui_chat.store.lookup import deleted, not_there
from tui_chat.store.rows import read_conversation, seq_of, write_conversation, write_marks
from tui_chat.store.tidying import put


def save(
    held: Held,
    conversation: Conversation,
    nodes: Iterable[Node],
    marked: Iterable[Marked],
    *,
    before: Conversation | None,
) -> None:
    """Write what changed of a conversation, these nodes, and marks of others: all of it or nothing.

    Raises:
        StoreError: it was there `before`, and another program has deleted it.
    """
    with held.writing() as connection:
        if before is not None:
            if is_deleted_elsewhere(held, connection, conversation.id):
                raise deleted(conversation.id)
            conversation = changed_conversation(read_conversation(connection, conversation.id), before, conversation)
        write_conversation(connection, conversation)
        for node in nodes:
            _put(held, connection, conversation.id, node)
        for each in marked:
            write_marks(connection, conversation.id, each)


def is_deleted_elsewhere(held: Held, connection: sqlite3.Connection, conversation_id: str) -> bool:
    """Whether a conversation that was saved is gone, or was put out of sight by another run than this one."""
    row = connection.execute(
        "SELECT deleted_at, deleted_by FROM conversations WHERE id = ?", (conversation_id,)
    ).fetchone()
    return row is None or (row[0] is not None and row[1] != held.here().run)


def save_conversation(held: Held, conversation: Conversation) -> None:
    """Create it, or write what changed of it."""
    with held.writing() as connection:
        write_conversation(connection, conversation)


def save_node(held: Held, conversation_id: str, node: Node) -> None:
    """Write a node, whole.

    Raises:
        StoreError: its conversation is not there.
    """
    with held.writing() as connection:
        is_there = connection.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
        if is_there:
            _put(held, connection, conversation_id, node)
        elif entry := ledger.entry_of(conversation_id, node):
            ledger.note(connection, entry)  # another program has deleted it meanwhile; what it cost stays
    if not is_there:
        raise not_there(conversation_id)


def _put(held: Held, connection: sqlite3.Connection, conversation_id: str, node: Node) -> None:
    writer = held.here() if node.is_being_written else held.as_reader()
    put(connection, conversation_id, node, writer, has_index=held.has_index)


def add(held: Held, conversation: Conversation, nodes: Sequence[Node], filed: Filed) -> None:
    """Add a conversation with these nodes, in sight. One that was in sight before stays filed as it is."""
    with held.writing() as connection:
        add_conversation(connection, conversation, filed, held.now())
        add_nodes(connection, conversation.id, nodes, held.as_reader(), has_index=held.has_index)


def append_journal(held: Held, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
    """Append what arrived for an answer that is growing.

    Raises:
        StoreError: another program has deleted its conversation.
    """
    with held.writing() as connection:
        seq = seq_of(connection, conversation_id, node_id)
        if seq is None or is_deleted_elsewhere(held, connection, conversation_id):
            raise deleted(conversation_id)
        journal.append(connection, seq, events, held.here())
