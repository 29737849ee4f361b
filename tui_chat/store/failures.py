"""SQLite's and the system's complaints, turned into ours: one table, so that none is met in two ways."""

import sqlite3

import msgspec

from tui_chat.core.errors import StoreError

FOREIGN = (sqlite3.Error, OSError, msgspec.MsgspecError, OverflowError, UnicodeError, RecursionError)
"""All that the file, the system and the encoders raise."""

_KEPT = "Nothing is lost: it is still in memory and can be saved again."

_CHECK = f"Check its folder, or set TUI_CHAT_HOME to another one. {_KEPT}"

_TABLE: dict[int, tuple[str, str, bool]] = {
    sqlite3.SQLITE_FULL: ("The disk is full.", f"Make room, then go on. {_KEPT}", True),
    sqlite3.SQLITE_IOERR: (
        "The disk failed, or is full, while the conversations were written.",
        f"Check the disk and its free space. {_KEPT}",
        True,
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program has kept the conversations file locked.",
        f"Close whatever holds it. {_KEPT}",
        True,
    ),
    sqlite3.SQLITE_LOCKED: (
        "Another program has kept the conversations file locked.",
        f"Close whatever holds it. {_KEPT}",
        True,
    ),
    sqlite3.SQLITE_READONLY: (
        "The conversations file is read-only.",
        f"Give yourself the right to write it and its folder, or set TUI_CHAT_HOME to another one. {_KEPT}",
        True,
    ),
    sqlite3.SQLITE_PERM: (
        "The conversations file must not be opened.",
        "Give yourself the right to read and write it, or set TUI_CHAT_HOME to another folder.",
        True,
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The conversations file cannot be opened.",
        f"Check that its folder exists and can be written, or set TUI_CHAT_HOME to another one. {_KEPT}",
        True,
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The conversations file is damaged.",
        "Keep a copy of it; `sqlite3 FILE .recover` saves what can be read. Start tui-chat again for a new one.",
        False,
    ),
    sqlite3.SQLITE_NOTADB: (
        "The conversations file is not one.",
        "Move it away; a new one is made at the next start.",
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


def store_error(error: Exception) -> StoreError:
    """The StoreError for what a library or the system raised (one of `FOREIGN`)."""
    if isinstance(error, sqlite3.Error):
        if row := _TABLE.get(_code(error) or 0):
            return StoreError(row[0], row[1], retryable=row[2])
        return StoreError(f"The conversations file cannot be used: {error}.", _CHECK)
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
        return StoreError(f"The conversations file cannot be used: {why}.", _CHECK, retryable=True)
    return StoreError(
        "A message in the conversations file cannot be read or written as it is.",
        "It may come from a newer tui-chat; update, or export what can be read.",
    )


def means_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, and not the way to it."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def means_read_only(error: sqlite3.Error) -> bool:
    """Whether the file may be read, but not written."""
    return _code(error) == sqlite3.SQLITE_READONLY


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
