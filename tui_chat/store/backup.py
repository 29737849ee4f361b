"""A whole copy of the conversations file, made while other programs write: what it shows is one moment.

It is written under another name, private to its owner, and takes its own name once it is whole and was looked through
for damage: what it replaces may be the last good copy.
"""

import asyncio
import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path

from tui_chat.chat.ports import BackedUp, Progress
from tui_chat.core.errors import StoreError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.regular_files import expanded, shown_path
from tui_chat.store import index
from tui_chat.store.failures import FOREIGN, means_damaged, store_error
from tui_chat.store.gaps import clear_copy
from tui_chat.store.opening import make_file
from tui_chat.store.ownership import is_ours
from tui_chat.store.reading import open_to_read
from tui_chat.store.tidying import delete
from tui_chat.store.typed import typed

_PAGES = 256
"""Copied at a time; between two of these it may be cancelled."""


class DamagedSourceError(StoreError):
    """The conversations file is damaged, and was not copied. `found` is what SQLite says of it."""

    def __init__(self, source: Path, found: sqlite3.DatabaseError) -> None:
        self.found = found
        super().__init__(
            f"The conversations file {shown_path(source)} is damaged, and cannot be mended now. No copy was made, and"
            " an earlier one stays as it is.",
            "Make room, give yourself the right to write the file and its folder, and try again: then what can be read"
            " of it is saved.",
        )


def _check_target(target: Path, source: Path, *, replaces: bool) -> None:
    """Refuse a place where something else stands; an earlier copy may be replaced where `replaces`.

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
    if target.exists() and not replaces:
        raise StoreError(
            f"{shown} was left as it is: it may have what was lost with the damage of the conversations file.",
            "Give another name.",
        )


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


async def cancellable(copy: Callable[[Progress], Coroutine[None, None, BackedUp]], progress: Progress) -> BackedUp:
    """Await a copy that is made in another thread; cancelled, it ends, and what it had begun is removed before anybody
    goes on."""
    is_cancelled = threading.Event()

    def step(share: float) -> None:
        if is_cancelled.is_set():
            raise InterruptedError
        progress(share)

    copying = asyncio.ensure_future(copy(step))
    try:
        return await asyncio.shield(copying)
    except asyncio.CancelledError:
        is_cancelled.set()
        with contextlib.suppress(StoreError):
            await copying
        raise


def back_up(
    path: Path, target: Path, progress: Progress, *, busy_timeout_s: float, has_index: bool, replaces: bool
) -> BackedUp:
    """Copy the conversations file as it is now to the target, but for what a person has deleted and could bring back.

    Raises:
        DamagedSourceError: the file is damaged.
        StoreError: nothing was saved yet, the place is taken (also by an earlier copy, unless `replaces`), or it cannot
            be written. Nothing was left behind in any case, and what was there stays.
    """
    target = expanded(target).absolute()
    try:
        if not path.exists():
            raise StoreError("No conversation has been saved yet.", "There is nothing to copy.")
        _check_target(target, path, replaces=replaces)
        source, _ = open_to_read(path, busy_timeout_s)
        with contextlib.closing(source):
            return _copy(source, target, progress, has_index=has_index)
    except FOREIGN as error:
        if isinstance(error, sqlite3.DatabaseError) and means_damaged(error):
            raise DamagedSourceError(path, error) from error
        raise store_error(error, path) from error


def _copy(source: sqlite3.Connection, target: Path, progress: Progress, *, has_index: bool) -> BackedUp:
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
            _look_for_damage(copy, progress)
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


def _look_for_damage(copy: sqlite3.Connection, progress: Progress) -> None:
    """Look through every table and its indexes, but not through what the index of words makes of its own: that is made
    anew where it is wrong.

    Raises:
        sqlite3.DatabaseError: there is damage.
    """
    for row in copy.execute("SELECT quote(name) FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall():
        progress(1.0)  # ends it where it was cancelled
        found = copy.execute(f"PRAGMA quick_check({typed(row[0], str)})").fetchone()
        if found != ("ok",):
            damage = sqlite3.DatabaseError(*found)
            damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damage


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
