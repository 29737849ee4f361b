"""What is put in order when a file is opened: answers that nobody writes any more, and what a dead run had hidden."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from tui_chat.core.parts import Message, Role
from tui_chat.core.tree import Node
from tui_chat.store import gaps, journal, ledger, search
from tui_chat.store.answer_rows import Writer, read_answer
from tui_chat.store.integers import LARGEST_INTEGER
from tui_chat.store.lookup import not_there
from tui_chat.store.rows import read_parts, seq_of, write_node
from tui_chat.store.transactions import roll_back
from tui_chat.store.typed import typed

Forget = Callable[[sqlite3.Connection, Sequence[str]], object]
"""Removes what is kept of conversations beside the file, while they are still in it."""


def put(
    connection: sqlite3.Connection,
    conversation_id: str,
    node: Node,
    writer: Writer,
    *,
    has_index: bool,
    is_billed: bool = True,
) -> None:
    """Write a node whole, make it findable, and enter what it cost unless that was billed elsewhere: before an import,
    or when it was saved with the same facts."""
    before = read_answer(connection, seq_of(connection, conversation_id, node.id))
    seq = write_node(connection, conversation_id, node, writer)
    search.put(connection, seq, node.message, has_index=has_index)
    entry = ledger.entry_of(conversation_id, node)
    if is_billed and entry is not None and entry != ledger.entry_of(conversation_id, replace(node, answer=before)):
        ledger.note(connection, entry)


def delete(connection: sqlite3.Connection, conversation_id: str, *, has_index: bool) -> None:
    """Delete a conversation with everything in it.

    Raises:
        StoreError: there is none with this id.
    """
    search.drop(connection, conversation_id, has_index=has_index)
    if not connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,)).rowcount:
        raise not_there(conversation_id)
    gaps.note_deletion(connection)


def questions(connection: sqlite3.Connection, conversation_ids: Sequence[str]) -> Iterator[str]:
    """What people said in these conversations."""
    for id_ in conversation_ids:
        for row in connection.execute(
            "SELECT seq FROM nodes WHERE conversation_id = ? AND role = ?", (id_, Role.USER.value)
        ):
            parts = read_parts(connection, typed(row[0], int), LARGEST_INTEGER)
            yield Message(Role.USER, tuple(parts)).text


def hidden(connection: sqlite3.Connection, here: Writer, lives: journal.Lives) -> list[str]:
    """Conversations that were put out of sight by a run that is over, or by this one."""
    rows = connection.execute("SELECT id, deleted_by FROM conversations WHERE deleted_at IS NOT NULL")
    found = (typed(row, tuple[str, str]) for row in rows)
    return [id_ for id_, run in found if run in ("", here.run) or not lives(run)]


def is_tidy(connection: sqlite3.Connection, here: Writer, lives: journal.Lives) -> bool:
    """Whether nothing has to be written before the file can be used."""
    if ledger.is_behind(connection):
        return False
    return not journal.abandoned(connection, here, lives) and not hidden(connection, here, lives)


def tidy(
    connection: sqlite3.Connection,
    here: Writer,
    lives: journal.Lives,
    *,
    has_index: bool,
    begin: Callable[[sqlite3.Connection], object],
    forget: Forget,
) -> None:
    """Bring it in order. `begin` begins a transaction."""
    begin(connection)
    try:
        ledger.catch_up(connection)
        for conversation_id, node in journal.abandoned(connection, here, lives):
            put(connection, conversation_id, node, here, has_index=has_index)
        remove_hidden(connection, here, lives, has_index=has_index, forget=forget)
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def remove_hidden(
    connection: sqlite3.Connection, here: Writer, lives: journal.Lives, *, has_index: bool, forget: Forget
) -> bool:
    """Delete what was put out of sight by a run that is over, or by this one; whether there was anything."""
    ids = hidden(connection, here, lives)
    if ids:
        forget(connection, ids)
    for id_ in ids:
        delete(connection, id_, has_index=has_index)
    return bool(ids)
