"""The index of words: an FTS5 table for each 32,768 messages, told the words of `search_text` as `index_text` has them.

Many small tables and not one: the newest messages are found without a look at all others, also for one letter that half
of all words begin with; a deletion merges one of them anew; and a table that is wrong can be made again by itself.

A message that no table knows yet stands in `unindexed`: after a migration all of them, and those that were written by a
library without FTS5. They are taken in by pieces, the newest first, and a kill between two pieces loses nothing. One
of very many characters stays there: indexing it would take several times its length in memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.store import large
from tui_chat.store.index_text import indexed_form
from tui_chat.store.typed import typed

_BITS: Final = 15
SIZE: Final = 1 << _BITS
"""Numbers of messages in one table."""
_NAME: Final = lazy_pattern(r"search_index_(\d+)")
_OLD: Final = "search_index"
"""The one table that there was before."""
_LONGEST: Final = 500_000
"""Characters."""
_PIECE_MESSAGES: Final = 400
_PIECE_CHARS: Final = 300_000
_PIECE_PAGES: Final = 64
_PIECE_OLD_ROWS: Final = 2_000


def is_possible(connection: sqlite3.Connection) -> bool:
    """Whether the SQLite library has FTS5."""
    return bool(connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())


def name_of(number: int) -> str:
    """The table of this number."""
    return f"search_index_{number}"


def number_of(seq: int) -> int:
    """The number of the table that knows a message."""
    return seq >> _BITS


def numbers(connection: sqlite3.Connection) -> list[int]:
    """The tables that there are, the newest first."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE name GLOB 'search_index_[0-9]*'")
    found = (_NAME.fullmatch(typed(row[0], str)) for row in names)
    return sorted((int(match[1]) for match in found if match), reverse=True)


def fits(text: str) -> bool:
    """Whether a message is short enough for the index."""
    return len(text) <= _LONGEST


def put(connection: sqlite3.Connection, number: int, texts: Iterable[tuple[int, str]]) -> None:
    """Make messages findable that are not: ones that `fits`, and that belong to the table of this number."""
    name = name_of(number)
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5("
        "text, content = '', tokenize = 'unicode61 remove_diacritics 2')"
    )
    rows = (((seq,), indexed_form(text)) for seq, text in texts)
    large.insert_many(connection, f"{name} (rowid, text)", rows)


def take_out(connection: sqlite3.Connection, seq: int, text: str) -> None:
    """Make a message unfindable; the index must be told the words that it was told before."""
    name = name_of(number_of(seq))
    connection.execute(f"INSERT INTO {name} ({name}, rowid, text) VALUES ('delete', ?, ?)", (seq, indexed_form(text)))


def is_unindexed(connection: sqlite3.Connection, seq: int) -> bool:
    """Whether no table knows a message."""
    return connection.execute("SELECT 1 FROM unindexed WHERE node_seq = ?", (seq,)).fetchone() is not None


def leave_out(connection: sqlite3.Connection, seq: int, text: str) -> None:
    """Let a message wait to be taken in, or stay out where it does not fit."""
    connection.execute("INSERT OR REPLACE INTO unindexed VALUES (?, ?)", (seq, not fits(text)))


def forget_unindexed(connection: sqlite3.Connection, seq: int) -> None:
    """Forget that no table knows a message."""
    connection.execute("DELETE FROM unindexed WHERE node_seq = ?", (seq,))


def unindexed(connection: sqlite3.Connection, first: int, last: int) -> int:
    """Number of messages that no table knows, of those with these numbers."""
    count = "SELECT count(*) FROM unindexed WHERE node_seq BETWEEN ? AND ?"
    return typed(connection.execute(count, (first, last)).fetchone()[0], int)


def waiting(connection: sqlite3.Connection) -> int:
    """Number of messages that wait to be taken in."""
    return typed(connection.execute("SELECT count(*) FROM unindexed WHERE NOT stays").fetchone()[0], int)


# What is wrong with a table, or left to do


def mark(connection: sqlite3.Connection, number: int, what: str) -> None:
    """Note that a table is to be made anew (`anew`), or merged (`merge`, later `merging`)."""
    if what == "merge" and is_anew(connection, number):
        return
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name_of(number), what))


def _marked(connection: sqlite3.Connection) -> dict[int, str]:
    rows = (
        typed(row, tuple[str, str])
        for row in connection.execute("SELECT name, value FROM meta WHERE name GLOB 'search_index_[0-9]*'")
    )
    return {int(name.rpartition("_")[2]): what for name, what in rows}


def mark_all(connection: sqlite3.Connection) -> None:
    """Note that the whole index is to be made anew."""
    for number in numbers(connection):
        mark(connection, number, "anew")


def is_anew(connection: sqlite3.Connection, number: int) -> bool:
    """Whether a table is to be made anew, and must not be written until then."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name_of(number),)).fetchone()
    return row is not None and row[0] == "anew"


# Pieces of what is left to do: each is one transaction of less than a tenth of a second


def take_in(connection: sqlite3.Connection) -> bool:
    """Take in a piece of what the index does not know; False where it knows everything."""
    if anew := [number for number, what in _marked(connection).items() if what == "anew"]:
        _make_anew(connection, anew[0])
    elif _drop_old(connection):
        pass
    elif pieces := list(_newest_waiting(connection)):
        for seq, text in pieces:
            if fits(text):
                if text:
                    put(connection, number_of(seq), [(seq, text)])
                forget_unindexed(connection, seq)
            else:
                leave_out(connection, seq, text)
    else:
        return False
    return True


def merge(connection: sqlite3.Connection) -> bool:
    """Merge a piece of a table of which something was taken out; False where nothing of that is left in any."""
    to_merge = [(number, what) for number, what in _marked(connection).items() if what != "anew"]
    if to_merge:
        _merge(connection, *to_merge[0])
    return bool(to_merge)


def is_marked(connection: sqlite3.Connection) -> bool:
    """Whether something is wrong with a table, or left to do."""
    return bool(_marked(connection))


def _make_anew(connection: sqlite3.Connection, number: int) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {name_of(number)}")
    connection.execute(
        "INSERT OR IGNORE INTO unindexed (node_seq) SELECT node_seq FROM search_text WHERE node_seq BETWEEN ? AND ?",
        (number * SIZE, number * SIZE + SIZE - 1),
    )
    connection.execute("DELETE FROM meta WHERE name = ?", (name_of(number),))


def _drop_old(connection: sqlite3.Connection) -> bool:
    """Remove a piece of the one table of before; False where it is gone."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_OLD,)).fetchone():
        return False
    piece = f"(SELECT id FROM {_OLD}_data WHERE id > 10 ORDER BY id DESC LIMIT {_PIECE_OLD_ROWS})"
    if not connection.execute(f"DELETE FROM {_OLD}_data WHERE id IN {piece}").rowcount:
        connection.execute(f"DROP TABLE {_OLD}")
    return True


def _newest_waiting(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """As many of the messages that wait as make a piece; one without words has an empty text."""
    chars = 0
    for row in connection.execute(
        "SELECT u.node_seq, coalesce(text, '') FROM unindexed AS u LEFT JOIN search_text AS t USING (node_seq)"
        " WHERE NOT stays ORDER BY u.node_seq DESC LIMIT ?",
        (_PIECE_MESSAGES,),
    ):
        seq, text = typed(row, tuple[int, str])
        yield seq, text
        chars += len(text)
        if chars >= _PIECE_CHARS:
            break


def _merge(connection: sqlite3.Connection, number: int, what: str) -> None:
    """Merge a piece of a table, until nothing of what was taken out is left in it."""
    name = name_of(number)
    before = connection.total_changes
    if number in numbers(connection):
        pages = -_PIECE_PAGES if what == "merge" else _PIECE_PAGES  # the first one makes it a merge of everything
        connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', ?)", (pages,))
    if connection.total_changes - before < 2:  # says SQLite of a merge that had nothing left to do
        connection.execute("DELETE FROM meta WHERE name = ?", (name,))
    else:
        mark(connection, number, "merging")


def left(connection: sqlite3.Connection) -> bool:
    """Whether there is a piece of work."""
    return bool(
        connection.execute("SELECT 1 FROM unindexed WHERE NOT stays LIMIT 1").fetchone()
        or connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_OLD,)).fetchone()
        or _marked(connection)
    )


def drop(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Note that messages were taken out, so that their tables are merged."""
    for number in {number_of(seq) for seq in seqs}:
        mark(connection, number, "merge")


def share(connection: sqlite3.Connection) -> float:
    """The share of the messages that the index knows; just under 1.0 where only merging is left."""
    total = typed(connection.execute("SELECT coalesce(max(node_seq), 0) FROM search_text").fetchone()[0], int)
    return min(0.99, max(0.0, 1.0 - waiting(connection) / max(1, total)))
