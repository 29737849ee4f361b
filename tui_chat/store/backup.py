"""A whole copy of the conversations file, made while other programs write: what it shows is one moment.

It is written under another name, private to its owner, and takes its own name once it is whole.
"""

import contextlib
import os
import secrets
import sqlite3
from pathlib import Path

from tui_chat.chat.ports import BackedUp, Progress
from tui_chat.core.errors import StoreError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.store import index
from tui_chat.store.gaps import clear_copy
from tui_chat.store.opening import make_file
from tui_chat.store.ownership import is_ours
from tui_chat.store.tidying import delete
from tui_chat.store.typed import typed

_PAGES = 256
"""Copied at a time; between two of these it may be cancelled."""


def check_target(target: Path, source: Path) -> None:
    """Refuse a place where something else stands; an earlier copy may be replaced.

    Raises:
        StoreError: it is taken, or cannot be looked at.
    """
    shown = sanitize_line(str(target), 300)
    if target.is_symlink():
        raise StoreError(f"{shown} is a symbolic link.", "Give the place that it leads to, or another name.")
    if target.is_dir():
        raise StoreError(f"{shown} is a folder.", "Give the name of a file in it.")
    if not target.parent.is_dir():
        raise StoreError(f"{shown} cannot be written: its folder is not there.", "Give a place in a folder.")
    if target.exists() and target.samefile(source):
        raise StoreError(f"{shown} cannot be copied onto itself.", "Give another name.")
    if target.exists() and not _is_copy(target):
        raise StoreError(f"{shown} exists already, and is no copy of conversations.", "Give another name.")


def _is_copy(file: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as found:
            return is_ours(found, may_be_empty=False)
    except sqlite3.Error:
        return False


def _make(new: Path, target: Path) -> None:
    try:
        make_file(new)
    except OSError as error:
        words = f"{sanitize_line(str(target), 300)} cannot be written: {error.strerror}."
        raise StoreError(words, "Give a place in a folder that you may write.") from None


def back_up(source: sqlite3.Connection, target: Path, progress: Progress, *, has_index: bool) -> BackedUp:
    """Copy all that the connection sees now to the target, but for what a person has deleted and could bring back.

    Raises:
        sqlite3.Error, OSError, StoreError: it cannot be written; nothing was left behind, and what was there stays.
    """
    new = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}.tmp")
    try:
        _make(new, target)
        with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as copy:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM conversations").fetchone()  # from here on it sees one moment
            source.backup(
                copy, pages=_PAGES, progress=lambda _, left, all_: progress(1 - left / all_ if all_ else 1.0), sleep=0
            )
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from any medium
            _leave_out_deleted(copy, has_index=has_index)
            conversations, messages = copy.execute(
                "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM nodes)"
            ).fetchone()
        clear_copy(new)
        _flush(new)
        os.replace(new, target)
    finally:
        if source.in_transaction:
            source.execute("ROLLBACK")
        for suffix in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                new.with_name(new.name + suffix).unlink()
    return BackedUp(target, conversations, messages, target.stat().st_size)


def _leave_out_deleted(copy: sqlite3.Connection, *, has_index: bool) -> None:
    copy.execute("PRAGMA foreign_keys = ON")
    copy.execute("PRAGMA secure_delete = ON")
    copy.execute("BEGIN")
    for row in copy.execute("SELECT id FROM conversations WHERE deleted_at IS NOT NULL").fetchall():
        delete(copy, typed(row[0], str), has_index=has_index)
    while has_index and index.merge(copy):
        pass
    copy.execute("COMMIT")


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
