"""The words that somebody meant who mistyped some: those of the newest messages that are most alike, by the index."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

from tui_chat.core.nearest import nearest
from tui_chat.store import index
from tui_chat.store.index_text import folded, is_plain
from tui_chat.store.typed import typed

_TABLES: Final = 2
"""Tables of the index that are asked, the newest."""
_LEAST_LETTERS: Final = 4
_MOST_WORDS: Final = 20_000
"""Words of a table that are compared at most."""
_LEAST_ALIKE: Final = 0.75


def nearest_words(connection: sqlite3.Connection, words: Sequence[str]) -> tuple[str, ...]:
    """The same with the nearest known word in the place of each that is none; empty where there is nothing to replace,
    nothing is near, or the library has no FTS5."""
    if not index.is_possible(connection) or connection.execute("PRAGMA query_only").fetchone()[0]:
        return ()  # a copy that may not be written takes no table of words beside it, either
    found: list[str] = []
    for word in words:
        form = folded(word)
        can_be_wrong = is_plain(word) and form.isalpha() and len(form) >= _LEAST_LETTERS
        if not can_be_wrong or _is_known(connection, form):
            found.append(word)
        elif meant := nearest(form, _alike(connection, form), least=_LEAST_ALIKE):
            found.append(meant)
        else:
            return ()
    return tuple(found) if tuple(found) != tuple(words) else ()


def _is_known(connection: sqlite3.Connection, form: str) -> bool:
    """Some message has a word that begins like this."""
    return next(_words(connection, form, 0, len(form) + 1_000), "") != ""


def _alike(connection: sqlite3.Connection, form: str) -> set[str]:
    """Words of about that length with the same first letter."""
    return set(_words(connection, form[0], len(form) - 2, len(form) + 2))


def _words(connection: sqlite3.Connection, beginning: str, least: int, most: int) -> Iterator[str]:
    """Words of so many letters that begin like this."""
    for number in index.numbers(connection)[:_TABLES]:
        name = f"temp.words_{number}"
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab(main, {index.name_of(number)}, row)"
        )
        for row in connection.execute(
            f"SELECT term FROM (SELECT term FROM {name} WHERE term >= ? AND term < ? LIMIT {_MOST_WORDS})"
            " WHERE length(term) BETWEEN ? AND ?",
            (beginning, beginning + "\U0010ffff", least, most),
        ):
            yield typed(row[0], str)
