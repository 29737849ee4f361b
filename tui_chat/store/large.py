"""Rows with a text of many megabytes, written without copies that stay.

What is bound to a statement is copied by SQLite, and kept with the statement until the same one runs again. A text that
comes out of a function is let go when the statement has run.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Final

from tui_chat.core.sanitize import without_surrogates

LARGE: Final = 256 * 1024
"""Bytes, or characters, from which on the copies cost more than the function."""

_given: Final[dict[int, bytes | str]] = {}
"""What is being written, by any connection of this process."""
_numbers: Final = count()


def prepare(connection: sqlite3.Connection) -> None:
    """Give a connection that writes what `insert` needs."""
    connection.create_function("large_text", 1, _given.__getitem__)


def insert(connection: sqlite3.Connection, into: str, values: Sequence[str | int], text: bytes | str) -> None:
    """Insert a row whose last column is this text; bytes are UTF-8. `into` names the table and all the columns.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    places = "?, " * len(values)
    if len(text) < LARGE:
        words = text if isinstance(text, str) else text.decode()
        connection.execute(f"INSERT INTO {into} VALUES ({places}?)", (*values, words))
        return
    number = next(_numbers)
    # A text of other letters would keep its UTF-8 beside it for as long as it lives.
    _given[number] = text if isinstance(text, bytes) or text.isascii() else without_surrogates(text).encode()
    try:
        connection.execute(f"INSERT INTO {into} VALUES ({places}CAST(large_text(?) AS TEXT))", (*values, number))
    finally:
        del _given[number]


def insert_many(
    connection: sqlite3.Connection, into: str, rows: Iterable[tuple[Sequence[str | int], bytes | str]]
) -> None:
    """Insert many rows as `insert` does, those with a short text by one statement.

    Raises:
        sqlite3.Error: one of them cannot be written.
    """

    def short() -> Iterator[tuple[str | int, ...]]:
        for values, text in rows:
            if len(text) < LARGE:
                yield (*values, text if isinstance(text, str) else text.decode())
            else:
                insert(connection, into, values, text)

    connection.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * (into.count(',') + 1))})", short())
