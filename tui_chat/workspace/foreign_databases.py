"""A SQLite file of another program, read and never written: plain tables by known names, nothing of its own run."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from tui_chat.core.errors import FileError
from tui_chat.core.figures import bound
from tui_chat.regular_files import file_error, open_regular
from tui_chat.transcripts.soundness import refused

LARGEST_COPY: Final = 4 * 1024 * 1024 * 1024
LARGEST_VALUE: Final = 64 * 1024 * 1024
_MOST_STEPS: Final = 20_000
"""Of a million operations each, for one question to the file."""
_BESIDE: Final = ("-wal", "-journal")
"""Files that hold what is not in the database yet; -shm is made anew."""
_ALLOWED: Final = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)


class ForeignDatabase:
    """The tables of a database: `transcripts.importers.llm_logs.Tables`. What is written but not folded in is read from
    a copy of our own, so that the file and what lies beside it stay as they are."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            TranscriptError: it is no sound database.
            FileError: it cannot be read.
        """
        os.close(open_regular(path))
        self._folder: TemporaryDirectory[str] | None = None
        beside = [Path(f"{path}{ending}") for ending in _BESIDE]
        is_whole = not any(_size(file) for file in beside)
        if not is_whole:
            self._folder = TemporaryDirectory(prefix="tui-chat-import-")
        try:
            opened = path if is_whole else self._copied(path, beside)
            uri = f"{opened.absolute().as_uri()}?mode={'ro&immutable=1' if is_whole else 'rw'}"
            # The conversations are read one by one, each in a thread of its own; never two at once.
            self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            self._steps = 0
            self._places: dict[tuple[str, str], dict[object, list[int]]] = {}
            self._columns = self._guarded()
        except sqlite3.Error:
            self.close()
            raise refused("it is a database that is damaged, or in use") from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, and of the copy where there is one."""
        if (connection := getattr(self, "_connection", None)) is not None:
            connection.close()
        if self._folder is not None:
            self._folder.cleanup()

    def has_tables(self, *names: str) -> bool:
        """Whether there are plain tables of these names."""
        return all(name in self._columns for name in names)

    def rows(
        self, table: str, column: str = "", value: object = None, *, columns: str = ""
    ) -> list[Mapping[str, object]]:
        """The rows of a table, in the order of writing.

        Raises:
            TranscriptError: the file is damaged there.
        """
        known = self._columns.get(table, ())
        wanted = [name for name in columns.split() if name in known] if columns else list(known)
        if not wanted or (column and column not in known):
            return []
        sql = f"SELECT {', '.join(map(_quoted, wanted))} FROM {_quoted(table)}"
        self._steps = 0
        try:
            if not column:
                return [dict(zip(wanted, row, strict=True)) for row in self._connection.execute(sql)]
            found = (
                self._connection.execute(f"{sql} WHERE _rowid_ = ?", (place,)).fetchone()
                for place in self._places_of(table, column).get(value, ())
            )
            return [dict(zip(wanted, row, strict=True)) for row in found if row is not None]
        except (sqlite3.Error, OverflowError, UnicodeError):
            raise refused(f"the table “{table}” is damaged, or takes too long to read") from None

    def _places_of(self, table: str, column: str) -> dict[object, list[int]]:
        """The numbers of the rows with each value; few columns of the file have an index."""
        if (table, column) not in self._places:
            places: dict[object, list[int]] = {}
            sql = f"SELECT _rowid_, {_quoted(column)} FROM {_quoted(table)} ORDER BY _rowid_"
            for place, value in self._connection.execute(sql):
                places.setdefault(value, []).append(place)
            self._places[table, column] = places
        return self._places[table, column]

    def _guarded(self) -> dict[str, tuple[str, ...]]:
        """Let nothing in the file run, and find its plain tables with their columns."""
        connection = self._connection
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.set_progress_handler(self._is_too_long, 1_000_000)
        names = [
            name
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            if isinstance(name, str) and isinstance(sql, str) and not sql.lstrip().upper().startswith("CREATE VIRTUAL")
        ]
        # A hidden column is one that is worked out, by an expression of whoever made the file.
        columns = {
            name: tuple(row[1] for row in connection.execute(f"PRAGMA table_xinfo({_quoted(name)})") if not row[6])
            for name in names[:1_000]
        }
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
        return columns

    def _is_too_long(self) -> bool:
        self._steps += 1
        return self._steps > _MOST_STEPS

    def _copied(self, path: Path, beside: list[Path]) -> Path:
        assert self._folder is not None
        copy = Path(self._folder.name, "copy.db")
        for file, ending in ((path, ""), *zip(beside, _BESIDE, strict=True)):
            if ending and not _size(file):
                continue
            if _size(file) > LARGEST_COPY:
                raise refused(f"it is larger than {bound(LARGEST_COPY)}")
            try:
                with os.fdopen(open_regular(file), "rb") as source, Path(f"{copy}{ending}").open("xb") as target:
                    shutil.copyfileobj(source, target, 1024 * 1024)
            except FileError:
                raise
            except OSError as error:
                raise file_error(file, error) from error
        return copy


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
