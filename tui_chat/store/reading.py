"""Getting hold of the conversations file where nothing can be written: a full disk, a folder that may only be read.

SQLite wants to keep companions beside a file even where it only reads. Where it cannot, the file is taken as one that
does not change, which is true only without a log; with one, copies of both are read, and where there is no room for
copies, the file alone.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from tui_chat.regular_files import refuse_irregular
from tui_chat.store.migrations import MIGRATIONS, migrate, version_of
from tui_chat.store.opening import WAL
from tui_chat.store.ownership import check_ours

_TRIES = 5


def open_to_read(path: Path, busy_timeout_s: float) -> tuple[sqlite3.Connection, bool]:
    """A connection that writes nothing beside a file of ours, and whether it shows everything. False: what was written
    last may be missing.

    Raises:
        sqlite3.Error, OSError: it cannot be read.
        StoreError: a newer program, or another one, wrote it.
    """
    refuse_irregular(path)
    is_whole = True
    try:
        connection = _connect(f"{_uri(path)}?mode=ro", busy_timeout_s)
    except sqlite3.OperationalError:
        if not _has_log(path):
            connection = _connect(f"{_uri(path)}?mode=ro&immutable=1", busy_timeout_s)
        else:
            try:
                connection = _copy(path)
            except (OSError, sqlite3.OperationalError):
                is_whole = False
                connection = _connect(f"{_uri(path)}?mode=ro&immutable=1", busy_timeout_s)
    return _in_our_form(connection, path), is_whole


def nothing() -> sqlite3.Connection:
    """What is read where there is no file yet: an empty one in memory."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(memory)
    memory.execute("PRAGMA query_only = ON")
    return memory


def _uri(path: Path) -> str:
    return path.absolute().as_uri()


def _connect(uri: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(path.name + WAL).stat().st_size > 0
    except FileNotFoundError:
        return False


def _copy(path: Path) -> sqlite3.Connection:
    """A copy of the file with what its log holds, in a file that has no name any more once this returns."""
    with tempfile.TemporaryDirectory(prefix="tui-chat-") as folder:
        copy = Path(folder) / path.name
        for _ in range(_TRIES):
            before = _versions(path)
            shutil.copyfile(path, copy)
            shutil.copyfile(path.with_name(path.name + WAL), copy.with_name(copy.name + WAL))
            if _versions(path) == before:  # else somebody wrote meanwhile, and the two may not fit
                break
        connection = sqlite3.connect(copy, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # takes the log into the file
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _versions(path: Path) -> tuple[int, ...]:
    found = (os.stat(file) for file in (path, path.with_name(path.name + WAL)))
    return tuple(fact for each in found for fact in (each.st_ino, each.st_size, each.st_mtime_ns))


def _in_our_form(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection, or that to a copy in memory where the file has an older form; it takes no writes either."""
    try:
        check_ours(connection, path)
        if 0 < version_of(connection) < len(MIGRATIONS):
            memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            with contextlib.closing(connection):
                connection.backup(memory)
            connection = memory
            migrate(memory)
            memory.execute("PRAGMA query_only = ON")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection
