"""The hold that a store has on its file: opened when it is used, opened anew when another file has taken its place,
and mended when it turns out to be damaged.

Other programs have the same file open, and any of them may find the damage. So who writes passes a gate, and looks
there whether the file at the path is still the one that was opened.
"""

import contextlib
import os
import socket
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from tui_chat.core.errors import FileError, StoreError
from tui_chat.store import gaps, index
from tui_chat.store.answer_rows import Writer
from tui_chat.store.failures import (
    FOREIGN,
    means_busy,
    means_damaged,
    means_damaged_index,
    means_unwritable,
    store_error,
    wants_reopening,
)
from tui_chat.store.locks import Gate, Run, folder_locked, forget_dead
from tui_chat.store.opening import Opened, drop_backups, open_database
from tui_chat.store.place import Place
from tui_chat.store.reading import nothing, open_to_read
from tui_chat.store.tidying import is_tidy, questions, remove_hidden, tidy
from tui_chat.store.transactions import SLICE_S, Patience, roll_back

_T = TypeVar("_T")
Forget = Callable[[Sequence[str], Iterable[str]], object]
"""Removes what is kept elsewhere of conversations that are about to be removed. It is given their ids, and what people
said in them; it may be called again for the same ones, and raise FileError."""
_LOST = "The conversations file was damaged, and this could not be read from it."


class Held:
    """The file of one store. Used from the store's own thread, except for `notices` and `patience.end`."""

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], float],
        busy_timeout_s: float,
        use_index: bool,
        forget: Forget = lambda _, __: None,
    ) -> None:
        self.path = path
        self.has_index = False
        """The connection that is open has an index of words."""
        self.notices: list[str] = []
        """What the person has not been told."""
        self.rescues = 0
        """How often a new file was put in the place of a damaged one."""
        self.patience = Patience(busy_timeout_s)
        self._now = now
        self._forget = forget
        self._use_index = use_index
        self._gate = Gate(path)
        self._run = Run(path)
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._place = Place(path)
        self._backup: Path | None = None
        """The copy that this start has made."""

    def carry_out(self, work: Callable[[], _T]) -> _T:
        """Do work on the file, once more behind a damage that was mended. The one door between the file and us.

        Raises:
            StoreError: whatever went wrong.
        """
        try:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                if not means_damaged(error) or not self.mend(error):
                    raise
                try:
                    return work()
                except StoreError as after:
                    # What was asked for is among what is lost.
                    raise StoreError(_LOST, after.failure.advice) from error
        except FOREIGN as error:
            if wants_reopening(error):
                self._disconnect()
            raise store_error(error, self.path) from error

    @property
    def generation(self) -> int:
        """Grows when another file has taken the place of the one that was used so far."""
        return self._place.generation

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what the block writes."""
        with self._gate.together():
            connection = self._open_writer()
            self.patience.begin(connection)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                roll_back(connection)
                raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Reads of one moment. Needs no right to write; without a file nothing is there, and none is made."""
        connection = self._open_reader()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            roll_back(connection)

    def fold_log(self) -> None:
        """Take the log into the file, unless a reader elsewhere still keeps it: it holds what was deleted."""
        if self._writer is not None:
            self._fold_log(self._writer)

    def _fold_log(self, connection: sqlite3.Connection) -> None:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def remove_hidden(self) -> None:
        """Delete what this run has put out of sight."""
        if self._writer is None:
            return
        with self.writing() as connection:
            removed = remove_hidden(connection, self.here(), self.lives, has_index=self.has_index, forget=self.forget)
        if removed:
            self.fold_log()

    def forget(self, connection: sqlite3.Connection, ids: Sequence[str]) -> None:
        """Remove what is kept elsewhere of conversations, before they are removed. Where that cannot be done they are
        removed all the same, and it is told."""
        try:
            self._forget(ids, questions(connection, ids))
        except FileError as error:
            self._tell(f"What was typed in a deleted conversation may be left behind: {error.failure.message}")

    def merge(self, longest_s: float) -> None:
        """Take what was deleted out of the index for good, for so long at most; the rest is left to `tend`."""
        until = time.monotonic() + longest_s
        merged = False
        while self._writer is not None and index.is_marked(self._writer) and time.monotonic() < until:
            merged = True
            with self.writing() as connection:
                if not index.merge(connection):
                    break
        if merged:
            self.fold_log()

    def clear_gaps(self, longest_s: float) -> None:
        """Overwrite what SQLite leaves of deleted rows in its pages, for so long at most, once the index has nothing of
        them; the rest is left to `tend`, or the next start."""
        if self._writer is not None:
            self._clear_gaps(self._writer, longest_s)

    def _clear_gaps(self, connection: sqlite3.Connection, longest_s: float) -> None:
        until = time.monotonic() + longest_s
        with contextlib.suppress(sqlite3.OperationalError, OSError):  # told when something has to be kept there
            if not gaps.is_noted(connection) or (self.has_index and index.is_marked(connection)):
                return
            with self._gate.together():
                while gaps.clear_piece(self.path, connection) and time.monotonic() < until:
                    pass
            self._fold_log(connection)

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now()

    def here(self) -> Writer:
        """This run of the program as the writer of an answer."""
        return Writer(socket.gethostname(), os.getpid(), self._now(), self._run.id())

    def as_reader(self) -> Writer:
        """This run as one that only reads, and needs no lock for that."""
        return Writer(socket.gethostname(), os.getpid(), self._now())

    def lives(self, run_id: str) -> bool:
        """Whether the run of this id still has its lock."""
        return self._run.lives(run_id)

    def let_go(self) -> None:
        """Close the file; using it opens it again."""
        self.patience.renew()
        self._run.end()
        self._disconnect()

    # Opening

    def _open_writer(self) -> sqlite3.Connection:
        self._close_reader()
        if self._writer is not None and self._place.holds_another:
            self._leave_the_other()
        if self._writer is None:
            connection = self._connect()
            try:
                self._tidy(connection)
            except BaseException:
                connection.close()
                raise
            self._keep(connection)
        assert self._writer is not None
        return self._writer

    def _open_reader(self) -> sqlite3.Connection:
        self._close_reader()
        if self._writer is not None and self._place.holds_another:
            self._leave_the_other()
        if self._writer is not None:
            return self._writer
        if self._place.is_empty:
            self.has_index = False
            self._reader = nothing()
            return self._reader
        try:
            return self._open_as_usual()
        except (sqlite3.OperationalError, OSError) as error:
            if not means_unwritable(error):
                raise
        self._reader, is_whole = open_to_read(self.path, self.patience.longest_s)
        self.has_index = self._use_index and index.is_possible(self._reader)
        if not is_whole:
            self._tell(
                f"What was written last may be missing: there is no room for a copy of {self._place.log.name}, and it"
                " cannot be read without one."
            )
        return self._reader

    def _open_as_usual(self) -> sqlite3.Connection:
        """Open the file as for writing; where it cannot be tidied now, only for this one reading."""
        connection = self._connect()
        try:
            self._tidy(connection, longest_s=SLICE_S)
        except sqlite3.OperationalError as error:
            if not (means_busy(error) or means_unwritable(error)):
                connection.close()
                raise
            self._reader = connection
            return connection
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        self._place.look()
        opened = open_database(self.path, busy_timeout_s=self.patience.longest_s)
        self._place.opened()
        self._tell_of(opened)
        return opened.connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Go on with this connection."""
        self._place.ready()
        if self._backup is None:
            drop_backups(self.path)
        self._writer = connection

    def _tidy(self, connection: sqlite3.Connection, *, longest_s: float | None = None) -> None:
        """Bring it in order where that is needed; a file that needs nothing is only read."""
        here = self.as_reader()
        self.has_index = self._use_index and index.is_possible(connection)
        if not is_tidy(connection, here, self.lives):
            tidy(
                connection,
                here,
                self.lives,
                has_index=self.has_index,
                begin=lambda each: self.patience.begin(each, longest_s=longest_s),
                forget=self.forget,
            )
            self._fold_log(connection)
        self._clear_gaps(connection, SLICE_S)

    def _tell_of(self, opened: Opened) -> None:
        if opened.backup is not None:
            self._backup = opened.backup
            self._tell(
                f"The conversations file was brought to a new form. As it was it is kept as {opened.backup} until"
                " the next start that goes well."
            )
        if opened.lacks_log:
            self._tell(
                f"The newest messages may be missing: a program was killed while it wrote, and {self._place.log.name},"
                " which holds what it wrote last, is gone."
            )

    def _tell(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)

    # Another file at the path

    def _leave_the_other(self) -> None:
        """Close a file that has been replaced. Where only its log was taken away, what that held is saved first."""
        if self._writer is not None and self._place.lacks_log:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
            self._tell(f"{self._place.log.name} was taken away while it was in use; what it held was saved again.")
        self._place.left()
        self._disconnect()

    def _disconnect(self) -> None:
        self._close_reader()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # Damage

    def mend(self, error: sqlite3.DatabaseError) -> bool:
        """Put what can be read of the damaged file in its place, unless another program has done so; whether there is
        now a file that can be used."""
        from tui_chat.store.rescue import rescue  # a whole file does without

        if means_damaged_index(error) and self._rebuild_index():
            return True
        self._disconnect()
        with self._gate.alone(), folder_locked(self.path.parent):
            if self._place.holds_another_file:
                return True
            try:
                rescued = rescue(self.path, self._now())
            except (OSError, sqlite3.OperationalError) as hindrance:
                if means_unwritable(hindrance):
                    return False
                raise
            forget_dead(self.path)
        self.rescues += 1
        self._tell(rescued.words)
        return True

    def _rebuild_index(self) -> bool:
        if self._writer is None:
            return False
        try:
            roll_back(self._writer)
            self.patience.begin(self._writer)
            index.mark_all(self._writer)
            self._writer.execute("COMMIT")
        except sqlite3.Error:
            roll_back(self._writer)
            return False
        return True
