"""SQLite's and the system's complaints, turned into ours: one table, so that none is met in two ways."""

import errno
import sqlite3
from pathlib import Path

import msgspec

from tui_chat.core.errors import FileError, StoreError
from tui_chat.regular_files import shown_path

FOREIGN = (sqlite3.Error, OSError, msgspec.MsgspecError, OverflowError, UnicodeError, RecursionError)
"""All that the file, the system and the encoders raise."""

_CHECK = "Check its folder, or set TUI_CHAT_HOME to another one."

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LEAVE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

_TABLE: dict[int, tuple[str, str, bool]] = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make room, then go on.", True),
    sqlite3.SQLITE_IOERR: (
        "The disk failed, or is full, while the conversations were written.",
        "Check the disk and its free space.",
        True,
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program has kept the conversations file locked.",
        "Close whatever holds it.",
        True,
    ),
    sqlite3.SQLITE_LOCKED: (
        "Another program has kept the conversations file locked.",
        "Close whatever holds it.",
        True,
    ),
    sqlite3.SQLITE_READONLY: (
        "The conversations file is read-only.",
        "Give yourself the right to write it and its folder, or set TUI_CHAT_HOME to another one.",
        True,
    ),
    sqlite3.SQLITE_PERM: (
        "The conversations file must not be opened.",
        "Give yourself the right to read and write it, or set TUI_CHAT_HOME to another folder.",
        True,
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The conversations file cannot be opened.",
        "Check that its folder exists and can be written, or set TUI_CHAT_HOME to another one.",
        True,
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The conversations file is damaged.",
        "What can be read of it is copied into a new file at the next try; the damaged one is kept beside it.",
        False,
    ),
    sqlite3.SQLITE_NOTADB: (
        "The conversations file is not one.",
        "A new one is made at the next try; what was there is kept beside it.",
        False,
    ),
    sqlite3.SQLITE_CONSTRAINT: (
        "The conversation is no longer in the file; it may have been deleted elsewhere.",
        "Export it, or save it as a new conversation.",
        False,
    ),
    sqlite3.SQLITE_TOOBIG: (
        "The message is too long for the conversations file.",
        "Export it to a file of its own.",
        False,
    ),
}


def store_error(error: Exception, file: Path) -> StoreError:
    """The StoreError for what a library or the system raised (one of `FOREIGN`); it names the conversations file."""
    found = _described(error)
    message = found.failure.message.replace("The conversations file", f"The conversations file {shown_path(file)}", 1)
    return StoreError(message, found.failure.advice, retryable=found.failure.retryable)


def _described(error: Exception) -> StoreError:
    if isinstance(error, FileError):
        return StoreError(error.failure.message, error.failure.advice)
    if isinstance(error, sqlite3.Error):
        if row := _TABLE.get(_code(error) or 0):
            return StoreError(row[0], row[1], retryable=row[2])
        return StoreError(f"The conversations file cannot be used: {error}.", _CHECK)
    if isinstance(error, OSError):
        if error.errno in _NO_ROOM or error.errno == errno.EROFS:
            row = _TABLE[sqlite3.SQLITE_READONLY if error.errno == errno.EROFS else sqlite3.SQLITE_FULL]
            return StoreError(row[0], row[1], retryable=row[2])
        why = error.strerror or type(error).__name__
        return StoreError(f"The conversations file cannot be used: {why}.", _CHECK, retryable=True)
    return StoreError(
        "A message in the conversations file cannot be read or written as it is.",
        "It may come from a newer tui-chat; update, or export what can be read.",
    )


def means_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, and not the way to it."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def means_damaged_index(error: sqlite3.Error) -> bool:
    """Whether only the search index is broken, which can be made anew."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT_VTAB


def means_busy(error: sqlite3.Error) -> bool:
    """Whether another program is writing."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def means_unwritable(error: Exception) -> bool:
    """Whether the file, its folder or its disk takes no writes now, while it may still be read."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM | _NO_LEAVE
    return isinstance(error, sqlite3.Error) and _code(error) in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    )


def means_unreadable(error: sqlite3.Error) -> bool:
    """Whether this place of a damaged file cannot be read, while others may be. SQLITE_ERROR is what SQLite says of a
    table, a column or an index that it does not know, as where the list of them is damaged."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR)


def wants_reopening(error: Exception) -> bool:
    """Whether the next try should open the file anew: what is wrong belongs to this connection or to the file."""
    return isinstance(error, sqlite3.Error) and _code(error) in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary code; None for an error that Python made up."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
