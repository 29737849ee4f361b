"""A damaged conversations file: what can be read of it goes into a new file in its place, and it is kept beside.

Rows are read in ranges of their keys. A range that cannot be read is halved until what fails is one row, which is
passed over; so a damaged page costs the rows on it and no others. Where the list of tables is damaged, or the file has
lost its end, the tables that SQLite still knows are read.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui_chat.core.jsonvalue import json_text
from tui_chat.core.parts import Text
from tui_chat.store.aside import take_place
from tui_chat.store.copies import rescued
from tui_chat.store.failures import means_unreadable
from tui_chat.store.migrations import BEGUN, BILLED, COUNTED, migrate
from tui_chat.store.opening import make_file
from tui_chat.store.rows import read_nodes
from tui_chat.store.search import searchable

TITLE = "Saved from a damaged file"
"""Title of a conversation whose own could not be read."""

_KEYS = {
    "conversations": "rowid",
    "nodes": "seq",
    "parts": "node_seq",
    "answers": "node_seq",
    "journal": "seq",
    "search_text": "node_seq",
    "ledger": "seq",
    "claims": "rowid",
    "labels": "rowid",
}
"""The tables, and the key by which each is read. What is counted from these is counted anew."""
_RANGE = 500
_LAST_RESORT = 1_000_000
"""Where not even the largest key can be read."""
_LARGEST_KEY = 1 << 28
"""What a damaged row may say beyond is no key."""
_MOST_FAILURES = 20_000

_MENDING = f"""
INSERT INTO conversations (id, created_at, updated_at, title, model, system, head_id)
    SELECT conversation_id, min(created_at), max(created_at), '{TITLE}', '', '', NULL FROM nodes
    WHERE conversation_id NOT IN (SELECT id FROM conversations) GROUP BY conversation_id;
DELETE FROM parts WHERE node_seq NOT IN (SELECT seq FROM nodes);
DELETE FROM answers WHERE node_seq NOT IN (SELECT seq FROM nodes);
DELETE FROM journal WHERE node_seq NOT IN (SELECT seq FROM nodes);
DELETE FROM search_text WHERE node_seq NOT IN (SELECT seq FROM nodes);
DELETE FROM labels WHERE conversation_id NOT IN (SELECT id FROM conversations);
UPDATE nodes SET parent_id = (
        SELECT before.id FROM nodes AS before
        WHERE before.conversation_id = nodes.conversation_id AND before.seq < nodes.seq
        ORDER BY before.seq DESC LIMIT 1)
    WHERE parent_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM nodes AS parent
        WHERE parent.conversation_id = nodes.conversation_id AND parent.id = nodes.parent_id);
"""
"""What belongs to a message that is lost goes; a message whose conversation or predecessor is lost gets another."""


_LOST_FACTS = """
INSERT INTO answers (node_seq, requested_model, model, outcome, has_counts, prompt_tokens, completion_tokens,
    total_tokens, reasoning_tokens, cached_tokens, cache_write_tokens, cost_usd, cost_source, first_token_s, total_s,
    retries, provider_data, writer_host, writer_pid, written_at, gateway, has_begun)
SELECT nodes.seq, coalesce(requested_model, ''), model,
    CASE WHEN EXISTS (SELECT 1 FROM journal WHERE node_seq = nodes.seq) THEN NULL ELSE 'complete' END,
    coalesce(has_counts, 0), prompt_tokens, completion_tokens, total_tokens, reasoning_tokens, cached_tokens,
    cache_write_tokens, cost_usd, cost_source, first_token_s, total_s, 0, '{}', '', 0, 0, coalesce(gateway, ''), 1
FROM nodes LEFT JOIN ledger ON ledger.id = nodes.conversation_id || '/' || nodes.id
WHERE role = 'assistant' AND nodes.seq NOT IN (SELECT node_seq FROM answers)
"""
"""Gives answers whose facts are lost those that the ledger has; what it has not is unknown, and not free."""


_LOST_NODE = """
INSERT OR IGNORE INTO nodes (seq, conversation_id, id, parent_id, created_at, role)
SELECT ?1, ?2, ?3, '', (SELECT updated_at FROM conversations WHERE id = ?2), CASE
    WHEN EXISTS (SELECT 1 FROM answers WHERE node_seq = ?1) THEN 'assistant'
    WHEN EXISTS (SELECT 1 FROM parts WHERE node_seq = ?1 AND kind = 'tool_result') THEN 'tool'
    ELSE 'user' END
"""


class Rescued(msgspec.Struct, frozen=True):
    """What came of a damaged file."""

    aside: Path
    """Where it is now."""
    conversations: int
    messages: int
    """What the new file holds of it."""
    lost_facts: int = 0
    """Answers of which nothing is known any more but their words and what the ledger has."""

    @property
    def words(self) -> str:
        """What the person is told."""
        if not self.conversations:
            return f"The conversations file was damaged. It was kept as {self.aside}, and a new one was started."
        conversations = "1 conversation" if self.conversations == 1 else f"{self.conversations} conversations"
        messages = "1 message" if self.messages == 1 else f"{self.messages} messages"
        return (
            f"The conversations file was damaged. {conversations} with {messages} could be read and were copied into a"
            f" new one; the damaged one was kept as {self.aside}.{self._lost}"
        )

    @property
    def _lost(self) -> str:
        if not self.lost_facts:
            return ""
        of = "an answer" if self.lost_facts == 1 else f"{self.lost_facts:,} answers"
        return f" Model, tokens and cost of {of} are lost, but for what the ledger has."


def rescue(path: Path, now: float) -> Rescued:
    """Put a new file with all that can be read in the place of a damaged one. Only where no other program writes.

    Raises:
        sqlite3.Error, OSError: the new file cannot be written; the damaged one stays where it is.
    """
    new = rescued(path)
    try:
        _remove(new)
        make_file(new)
        with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as target:
            migrate(target)
            target.execute("BEGIN")
            lost_facts = _copy_all(path, target)
            counts = (_count(target, "conversations"), _count(target, "nodes"))
            target.execute("COMMIT")
        aside = take_place(path, new, now)
    finally:
        _remove(new)
    return Rescued(aside, *counts, lost_facts)


def _remove(file: Path) -> None:
    for suffix in ("", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + suffix).unlink()


def _count(connection: sqlite3.Connection, table: str) -> int:
    count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return count


def _copy_all(path: Path, target: sqlite3.Connection) -> int:
    """Copy all that can be read; the number of answers whose facts are lost."""
    with contextlib.closing(_open_damaged(path)) as source:
        whole = set[str]()
        for table, key in _KEYS.items():
            with _passing_over():
                if _copy(source, target, table, key):
                    whole.add(table)
        _copy_from_index(source, target)
        had_ledger = told_begun = False
        with _passing_over():
            had_ledger = bool(_columns(source, "ledger"))
            told_begun = "has_begun" in _columns(source, "answers")
    if not told_begun:
        _execute_all(target, BEGUN)
    if not had_ledger:
        _execute_all(target, BILLED)
    _execute_all(target, _MENDING)
    # An import may bring answers of which no facts were ever known.
    lost_facts = 0 if "answers" in whole else target.execute(_LOST_FACTS).rowcount
    _give_words_back(target)
    _make_findable(target)
    _execute_all(target, COUNTED)
    return lost_facts


def _open_damaged(path: Path) -> sqlite3.Connection:
    """A connection that reads as much as SQLite can, writes nothing, and runs nothing that the file may bring along."""
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    source.text_factory = lambda raw: raw.decode("utf-8", "replace")
    source.execute("PRAGMA query_only = ON")
    source.execute("PRAGMA trusted_schema = OFF")
    source.execute("PRAGMA writable_schema = ON")  # reads on where the list of tables, or the end of the file, is lost
    return source


def _execute_all(target: sqlite3.Connection, statements: str) -> None:
    """Execute them in the transaction that is going on."""
    for statement in filter(str.strip, statements.split(";")):
        target.execute(statement)


@contextlib.contextmanager
def _passing_over() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not means_unreadable(error):
            raise


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str, key: str) -> bool:
    """Copy a table as far as it can be read; whether that is all of it."""
    kept = _columns(source, table)
    columns = [column for column in _columns(target, table) if column in kept]
    if not columns:
        return False  # there is no such table in the form of the file
    names = ", ".join(columns)
    select = f"SELECT {names} FROM {table} WHERE {key} BETWEEN ? AND ?"
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    last = min(_last_key(source, table, key), _LARGEST_KEY)
    failures = 0
    for begin in range(1, last + 1, _RANGE):
        ranges = [(begin, min(begin + _RANGE - 1, last))]
        while ranges and failures < _MOST_FAILURES:
            first, end = ranges.pop()
            try:
                rows = source.execute(select, (first, end)).fetchall()
            except sqlite3.DatabaseError as error:
                if not means_unreadable(error):
                    raise
                failures += 1
                if first < end:
                    middle = (first + end) // 2
                    ranges += [(middle + 1, end), (first, middle)]
            else:
                target.executemany(insert, rows)
    return not failures


def _copy_from_index(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Find messages whose own rows are lost in the index of their ids; what else they were is told from the rest."""
    for (conversation_id,) in target.execute("SELECT id FROM conversations").fetchall():
        with _passing_over():
            found = source.execute(
                "SELECT seq, id FROM nodes INDEXED BY sqlite_autoindex_nodes_1 WHERE conversation_id = ?"
                " AND seq BETWEEN 1 AND ?",
                (conversation_id, _LARGEST_KEY),
            ).fetchall()
            target.executemany(_LOST_NODE, [(seq, conversation_id, id_) for seq, id_ in found])


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns that are kept in the rows of a table; none where there is no such table, or only something that would
    make its rows anew as it is read: a view, a virtual table."""
    if not _keeps_rows(connection, table):
        return []
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _keeps_rows(connection: sqlite3.Connection, table: str) -> bool:
    if sqlite3.sqlite_version_info < (3, 37):
        return True  # it cannot tell
    return any(row[2] == "table" for row in connection.execute(f"PRAGMA table_list({table})"))


def _last_key(source: sqlite3.Connection, table: str, key: str) -> int:
    of = "nodes" if key == "node_seq" else table
    for kept_in, query in (
        (table, f"SELECT max({key}) FROM {table}"),
        ("sqlite_sequence", f"SELECT max(seq) FROM sqlite_sequence WHERE name = '{of}'"),
    ):
        with _passing_over():
            (last,) = source.execute(query).fetchone() if _keeps_rows(source, kept_in) else (None,)
            if isinstance(last, int):
                return last
            if kept_in == table:
                return 0  # it can be read, and is empty
    return _LAST_RESORT


def _give_words_back(target: sqlite3.Connection) -> None:
    """Give a message whose parts are lost the words under which it could be found."""
    rows = target.execute(
        "SELECT node_seq, text FROM search_text WHERE text <> '' AND node_seq NOT IN (SELECT node_seq FROM parts)"
    ).fetchall()
    target.executemany(
        "INSERT INTO parts (node_seq, position, kind, data) VALUES (?, 0, 'text', ?)",
        [(seq, json_text(Text(text))) for seq, text in rows],
    )


def _make_findable(target: sqlite3.Connection) -> None:
    """Give a message whose words are lost those of its parts."""
    missing: dict[str, set[int]] = {}
    for seq, conversation_id in target.execute(
        "SELECT seq, conversation_id FROM nodes WHERE seq NOT IN (SELECT node_seq FROM search_text)"
    ):
        missing.setdefault(conversation_id, set()).add(seq)
    for conversation_id, seqs in missing.items():
        with contextlib.suppress(msgspec.MsgspecError):  # a row of it cannot be understood: shown as such, not found
            target.executemany(
                "INSERT INTO search_text (node_seq, text) VALUES (?, ?)",
                [
                    (stored.seq, searchable(stored.node.message))
                    for stored in read_nodes(target, conversation_id)
                    if stored.seq in seqs
                ],
            )
