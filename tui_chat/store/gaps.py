"""Overwrites what SQLite leaves of deleted rows between the rows of its pages.

Where it moves rows to another page, SQLite leaves their bytes in the gap between the page's directory and its rows,
even with `secure_delete` (https://sqlite.org/fileformat2.html#b_tree_pages). So the gaps of the whole file are
overwritten with zeros after a deletion, piece by piece, in the file itself: SQLite has no way to do it but to write
the file anew.

What makes that safe: whoever does it has the right to write, and the log is empty, so that the file alone says what is
there, and nobody changes it. A gap has no meaning to any reader. The note of how far it is comes after it, in the same
transaction, and makes every other connection forget the pages that it has in memory, gaps and all.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from tui_chat.store.typed import typed

PIECE_PAGES: Final = 2_048
"""Looked at while others wait for the right to write: some ten milliseconds."""
_NOTE: Final = "pages_to_clear_from"
"""In `meta`: the first page whose gap may hold something of what was deleted, or that there is none."""
_NONE_LEFT: Final = "none"
_MOST_PAGES: Final = 1 << 24
"""Up to here the first byte of a page that continues a long row, or is free, is 0, and tells it from one with rows."""
_HEADER_BYTES: Final = 100
_LARGEST_ROOT: Final = slice(52, 56)
"""Of the header: zero but in a file that shrinks by itself, which has pages of yet another kind."""
_ROWS: Final = {2: 12, 5: 12, 10: 8, 13: 8}
"""Kinds of pages with rows, with the length of the head of each."""

_descriptors: Final[dict[tuple[int, int], int]] = {}
"""Of files that were cleared, by device and number. To close one would take away the locks of every connection that
this process has to the file (fcntl locks belong to the process)."""


def note_deletion(connection: sqlite3.Connection) -> None:
    """Note that something was deleted, so that all gaps are cleared."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_NOTE,))


def is_noted(connection: sqlite3.Connection) -> bool:
    """Whether something was deleted since all gaps were cleared."""
    return noted(connection) not in (None, _NONE_LEFT)


def left(connection: sqlite3.Connection) -> bool:
    """Whether gaps may hold something of what was deleted, if only before any of this was noted."""
    if noted(connection) is None:
        return bool(connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'nodes'").fetchone())
    return is_noted(connection)


def begin(connection: sqlite3.Connection) -> None:
    """Note that all gaps are to be cleared, where they never were."""
    connection.execute("INSERT OR IGNORE INTO meta VALUES (?, '1')", (_NOTE,))


def noted(connection: sqlite3.Connection) -> str | None:
    """How far the clearing is, as it is noted; None where nothing was ever cleared, nor is to be."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_NOTE,)).fetchone()
    return None if row is None else typed(row[0], str)


def clear_piece(path: Path, connection: sqlite3.Connection) -> bool:
    """Clear the gaps of some pages; False where nothing is left, or others keep us from it now. `connection` has the
    file open, and is in no transaction.

    Raises:
        sqlite3.Error, OSError: it cannot be read or written.
    """
    from_page = noted(connection)
    if from_page is None or not from_page.isdecimal():
        return False
    connection.execute("PRAGMA busy_timeout = 100")
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        return False
    # One that has no page in memory yet: each that it writes, it reads after the gap was cleared.
    with contextlib.closing(sqlite3.connect(path, timeout=0.1, isolation_level=None)) as fresh:
        fresh.execute("PRAGMA secure_delete = ON")
        fresh.execute("BEGIN IMMEDIATE")
        try:
            if path.with_name(f"{path.name}-wal").stat().st_size:
                return False
            following = clear(_descriptor(path), int(from_page), PIECE_PAGES)
            fresh.execute(
                "UPDATE meta SET value = ? WHERE name = ? AND value = ?",
                (_NONE_LEFT if following is None else str(following), _NOTE, from_page),
            )
            fresh.execute("COMMIT")
        finally:
            if fresh.in_transaction:
                fresh.execute("ROLLBACK")
    return following is not None


def clear_copy(path: Path) -> None:
    """Clear the gaps of a file that nobody has open, all of them."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        following: int | None = 1
        while following is not None:
            following = clear(descriptor, following, PIECE_PAGES)
    finally:
        os.close(descriptor)


def clear(descriptor: int, first: int, most: int) -> int | None:
    """Fill gaps and free places of so many pages with zeros, from the one of this number on, and have them on the disk.

    Returns:
        The number of the page behind them; None where there is none, or the file is too large to tell what a page is.
    """
    header = os.pread(descriptor, _HEADER_BYTES, 0)
    if len(header) < _HEADER_BYTES:
        return None
    size = int.from_bytes(header[16:18]) if header[16:18] != b"\0\1" else 65_536
    usable, pages = size - header[20], os.fstat(descriptor).st_size // size
    if pages >= _MOST_PAGES or header[_LARGEST_ROOT] != bytes(4):
        return None
    following, wrote = first + most, False
    for number in range(first, min(following, pages + 1)):
        begin = (number - 1) * size
        page = os.pread(descriptor, size, begin)
        if len(page) < size:
            break
        for start, end in _unused(page, _HEADER_BYTES if number == 1 else 0, usable):
            nothing = bytes(end - start)
            if page[start:end] != nothing:
                os.pwrite(descriptor, nothing, begin + start)
                wrote = True
    if wrote:
        os.fsync(descriptor)
    return following if following <= pages else None


def _unused(page: bytes, head: int, usable: int) -> list[tuple[int, int]]:
    """Where nothing stands in a page: before its rows, and in free places between them. Empty where it has no rows, or
    is not as it should be."""
    length = _ROWS.get(page[head])
    if length is None:
        return []
    start = head + length + 2 * int.from_bytes(page[head + 3 : head + 5])
    end = int.from_bytes(page[head + 5 : head + 7]) or 65_536
    if not start <= end <= usable:
        return []
    found = [(start, end)]
    place, before = int.from_bytes(page[head + 1 : head + 3]), end
    while place:
        behind = place + int.from_bytes(page[place + 2 : place + 4])
        if not before <= place < place + 4 <= behind <= usable:
            return []
        found.append((place + 4, behind))
        place, before = int.from_bytes(page[place : place + 2]), behind
    return found


def _descriptor(path: Path) -> int:
    facts = path.stat()
    key = (facts.st_dev, facts.st_ino)
    if key not in _descriptors:
        _descriptors[key] = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    return _descriptors[key]
