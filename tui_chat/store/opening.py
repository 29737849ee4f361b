"""Getting hold of the conversations file for writing: safe modes, one opener at a time, the form brought up to date."""

import contextlib
import errno
import os
import sqlite3
import stat
from pathlib import Path

import msgspec

from tui_chat.regular_files import refuse_irregular
from tui_chat.store import large
from tui_chat.store.copies import BEFORE_NEW_FORM
from tui_chat.store.locks import folder_locked, forget_dead
from tui_chat.store.migrations import MIGRATIONS, migrate, version_of
from tui_chat.store.ownership import check_ours

WAL = "-wal"
COMPANIONS = (WAL, "-shm")
"""What SQLite keeps beside a file in WAL mode."""


class Opened(msgspec.Struct, frozen=True):
    """What came of opening the file."""

    connection: sqlite3.Connection
    """With the schema in place."""
    backup: Path | None = None
    """A copy of the file as it was before it was brought to a new form; None where it had that form."""
    lacks_log: bool = False
    """A program was killed while it wrote, and the log with what it wrote last is gone."""


def open_database(path: Path, *, busy_timeout_s: float) -> Opened:
    """An open connection with its schema in place.

    The folder is made with mode 0700 where it is missing, the file with 0600; SQLite gives its companions the file's
    own mode.

    Raises:
        sqlite3.Error, OSError: it cannot be opened, or not for writing.
        StoreError: a newer program, or another one, wrote it.
    """
    refuse_irregular(path)
    _make_folder(path.parent)
    with folder_locked(path.parent):
        exists = path.exists()
        if exists and not (_is_writable(path) and _is_writable(path.parent)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        lacks_log = forget_dead(path) and exists and not path.with_name(path.name + WAL).exists()
        return msgspec.structs.replace(_connect(path, busy_timeout_s), lacks_log=lacks_log)


def _is_writable(path: Path) -> bool:
    """Whether whoever we act for now may write; the user who started us may be somebody else."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _make_folder(folder: Path) -> None:
    """Every folder that is missing on the way, closed to others whatever the umask."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)


def make_file(path: Path) -> None:
    """The file, made by us and not by SQLite, which would leave its mode to the umask.

    A file that exists is never opened here: closing it would take away the locks of every other connection that this
    process has to it (fcntl locks belong to the process).
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _close_to_others(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077:
        path.chmod(0o600)


def _connect(path: Path, busy_timeout_s: float) -> Opened:
    make_file(path)
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        check_ours(connection, path)
        _close_to_others(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        large.prepare(connection)
        backup = _back_up(connection, path)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, backup=backup)


def _back_up(connection: sqlite3.Connection, path: Path) -> Path | None:
    """A copy beside a file that is about to be brought to a new form; None where there is nothing to keep."""
    version = version_of(connection)
    if not 0 < version < len(MIGRATIONS):
        return None
    backup = path.with_name(f"{path.name}{BEFORE_NEW_FORM}{version}")
    unfinished = backup.with_name(backup.name + ".new")
    unfinished.unlink(missing_ok=True)
    make_file(unfinished)
    with contextlib.closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    unfinished.replace(backup)
    return backup


def drop_backups(path: Path) -> None:
    """Remove the copies of earlier starts: the new form has proved itself."""
    for backup in path.parent.glob(f"{path.name}{BEFORE_NEW_FORM}*"):
        with contextlib.suppress(OSError):
            backup.unlink()
