"""Getting hold of the conversations file: safe modes, one opener at a time, a damaged file moved aside.

Openers take turns by locking the folder, because switching a new file to WAL, migrating it, and telling a damaged file
from one that somebody else has just replaced, must each be seen by one process alone.
"""

import contextlib
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from time import gmtime, strftime

import msgspec

from tui_chat.store.failures import means_damaged
from tui_chat.store.migrations import MIGRATIONS, migrate, version_of

_COMPANIONS = ("", "-wal", "-shm")
_BACKUP = ".format-"
"""Before the number of steps that a backup has taken."""


class Opened(msgspec.Struct, frozen=True):
    """What came of opening the file."""

    connection: sqlite3.Connection
    """With the schema in place."""
    aside: Path | None = None
    """Where a damaged file was moved; None where there was none."""
    backup: Path | None = None
    """A copy of the file as it was before it was brought to a new form; None where it had that form."""


def open_database(path: Path, *, busy_timeout_s: float, now: float) -> Opened:
    """An open connection with its schema in place.

    A file that may only be read is opened for reading. The folder is made with mode 0700 where it is missing, the file
    with 0600; SQLite gives its companions the file's own mode.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
        StoreError: a newer program wrote it.
    """
    _make_folder(path.parent)
    with _folder_locked(path.parent):
        if path.exists() and not (_is_writable(path) and _is_writable(path.parent)):
            return Opened(_connect_to_read(path, busy_timeout_s))
        try:
            return _connect(path, busy_timeout_s)
        except sqlite3.DatabaseError as error:
            if not means_damaged(error):
                raise
        aside = _move_aside(path, now)
        return msgspec.structs.replace(_connect(path, busy_timeout_s), aside=aside)


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


@contextlib.contextmanager
def _folder_locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems know no locks; SQLite's own then have to do.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_file(path: Path) -> None:
    """The file, made by us and not by SQLite, which would leave its mode to the umask.

    A file that exists is never opened here: closing it would take away the locks of every other connection that this
    process has to it (fcntl locks belong to the process).
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)


def _connect(path: Path, busy_timeout_s: float) -> Opened:
    _make_file(path)
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
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
    backup = path.with_name(f"{path.name}{_BACKUP}{version}")
    backup.unlink(missing_ok=True)
    _make_file(backup)
    with contextlib.closing(sqlite3.connect(backup)) as copy:
        connection.backup(copy)
    return backup


def drop_backups(path: Path) -> None:
    """Remove the copies of earlier starts: the new form has proved itself."""
    for backup in path.parent.glob(f"{path.name}{_BACKUP}*"):
        with contextlib.suppress(OSError):
            backup.unlink()


def _connect_to_read(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    # Reading beside a live writer needs the companions; where the folder is read-only and they are missing, nobody
    # writes, and the file may be taken as immutable.
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        if 0 < version_of(connection) < len(MIGRATIONS):
            connection = _in_memory(connection)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of an old file that may only be read, brought to the new form where that can be done; it takes no writes
    either."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with contextlib.closing(connection):
        connection.backup(memory)
    migrate(memory)
    memory.execute("PRAGMA query_only = ON")
    return memory


def _move_aside(path: Path, now: float) -> Path:
    """Rename the file and its companions to a name that is free."""
    stamp = strftime("%Y%m%dT%H%M%SZ", gmtime(now))
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}-{number}")
    for companion in _COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + companion).rename(aside.with_name(aside.name + companion))
    return aside
