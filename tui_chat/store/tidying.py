"""What is put in order when a file is opened: the index of words, and answers that nobody writes any more."""

import sqlite3
from collections.abc import Callable

from tui_chat.core.tree import Node
from tui_chat.store import journal, search
from tui_chat.store.rows import Writer, write_node
from tui_chat.store.transactions import roll_back


def put(connection: sqlite3.Connection, conversation_id: str, node: Node, writer: Writer, *, has_index: bool) -> None:
    """Write a node whole, end its journal, and make it findable."""
    seq = write_node(connection, conversation_id, node, writer)
    journal.end(connection, seq)
    search.put(connection, seq, node.message, has_index=has_index)


def is_tidy(connection: sqlite3.Connection, here: Writer, lives: journal.Lives) -> bool:
    """Whether nothing has to be written before the file can be used with its index."""
    return search.is_ready(connection) and not journal.abandoned(connection, here, lives)


def tidy(
    connection: sqlite3.Connection,
    here: Writer,
    lives: journal.Lives,
    *,
    use_index: bool,
    begin: Callable[[sqlite3.Connection], object],
) -> bool:
    """Bring it in order; whether there is an index. `begin` begins a transaction."""
    begin(connection)
    try:
        has_index = search.prepare(connection, use_index=use_index)
        for conversation_id, node in journal.abandoned(connection, here, lives):
            put(connection, conversation_id, node, here, has_index=has_index)
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise
    return has_index
