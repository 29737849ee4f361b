"""Conversations in one SQLite file, written as they happen.

The file stands in WAL mode, so that several running programs share it; what it holds is told in `migrations`. Each
store has one thread of its own which does all its work in order: the event loop never waits for the disk, and a save
that was asked for is carried out even if whoever asked was cancelled meanwhile. Nothing is opened before first use.
"""

import asyncio
import contextlib
import os
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from tui_chat.chat.ports import AnswerRecord, ConversationSummary, SearchHit, TimedEvent
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.tree import Conversation, Node
from tui_chat.store import journal, search
from tui_chat.store.failures import FOREIGN, means_read_only, store_error, wants_reopening
from tui_chat.store.lookup import not_there, one_of, with_known_head
from tui_chat.store.opening import drop_backups, open_database
from tui_chat.store.rows import (
    Writer,
    read_answers,
    read_conversation,
    read_nodes,
    seq_of,
    typed,
    write_conversation,
    write_node,
)

_P = ParamSpec("_P")
_T = TypeVar("_T")


class SqliteStore:
    """`chat.ports.Store` on a file. All failures of the file are StoreError, and the same call may be tried again.

    Args:
        path: the file; it and its folder are made where they are missing, with modes 0600 and 0700.
        now: seconds since the epoch.
        busy_timeout_s: how long to wait for another program that is writing.
        use_index: False does without FTS5, as a library without it must.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], float] = time.time,
        busy_timeout_s: float = 20.0,
        use_index: bool = True,
    ) -> None:
        self._path = path
        self._now = now
        self._busy_timeout_s = busy_timeout_s
        self._use_index = use_index
        self._has_index = False
        self._executor: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None
        self._notices: list[str] = []
        self._backup: Path | None = None
        """The copy that this start has made."""

    @property
    def path(self) -> Path:
        """The file, for display."""
        return self._path

    def notices(self) -> tuple[str, ...]:
        """What the person should be told once and has not been: a damaged file was moved aside, and whither."""
        notices, self._notices = tuple(self._notices), []
        return notices

    async def save_conversation(self, conversation: Conversation) -> None:
        """Create it, or write what changed of it (title, model, system, head)."""
        await self._run(self._save_conversation, conversation)

    async def save_node(self, conversation_id: str, node: Node) -> None:
        """Write a node, whole: new, or in place of what was there under its id. Ends its journal, if any."""
        await self._run(self._save_node, conversation_id, node)

    async def append_journal(self, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
        """Append what arrived for an answer that is still growing and was saved, empty, before."""
        if events:
            await self._run(self._append_journal, conversation_id, node_id, tuple(events))

    async def load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        """A conversation by its id or a unique beginning of it; answers that are being written as far as they are."""
        return await self._run(self._load, id_prefix)

    async def latest_id(self) -> str | None:
        """The conversation with the newest message; None where there is none."""
        return await self._run(self._latest_id)

    async def list(self, limit: int | None = None) -> tuple[ConversationSummary, ...]:
        """Conversations, the one with the newest message first."""
        return await self._run(self._list, limit)

    async def search(self, words: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Messages that contain all the words, the best first."""
        return await self._run(self._search, words, limit)

    async def answers(self, since: float = 0.0) -> tuple[AnswerRecord, ...]:
        """Every answer that ended, however it did, since then; oldest first."""
        return await self._run(self._answers, since)

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation with everything in it; what it held is overwritten in the file."""
        await self._run(self._delete, conversation_id)

    async def close(self) -> None:
        """Finish what is queued and let go of the file; using the store again opens it again."""
        if self._executor is not None:
            executor = self._executor
            await self._run(self._disconnect)
            self._executor = None
            executor.shutdown(wait=False)

    async def _run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="store")
        future = self._executor.submit(lambda: self._guarded(lambda: work(*args, **kwargs)))
        # Cancelling the one who waits must not take a save out of the queue.
        return await asyncio.shield(asyncio.wrap_future(future))

    # Below here everything runs in the store's own thread.

    def _guarded(self, work: Callable[[], _T]) -> _T:
        """The one door between the file and us."""
        try:
            return work()
        except FOREIGN as error:
            if wants_reopening(error):
                self._disconnect()
            raise store_error(error) from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            opened = open_database(self._path, busy_timeout_s=self._busy_timeout_s, now=self._now())
            connection = opened.connection
            if opened.aside is not None:
                self._notices.append(
                    f"The conversations file was damaged. It was kept as {opened.aside}, and a new one was started."
                )
            if opened.backup is not None:
                self._backup = opened.backup
                self._notices.append(
                    f"The conversations file was brought to a new form. As it was it is kept as {opened.backup} until"
                    " the next start that goes well."
                )
            try:
                self._make_ready(connection)
            except BaseException:
                connection.close()
                raise
            if self._backup is None:
                drop_backups(self._path)
            self._connection = connection
        return self._connection

    def _make_ready(self, connection: sqlite3.Connection) -> None:
        """Bring the index and abandoned answers in order; a file that needs neither is only read."""
        here = self._writer()
        self._has_index = self._use_index and search.is_ready(connection)
        if self._has_index and not journal.abandoned(connection, here):
            return
        try:
            with _transaction(connection):
                self._has_index = search.prepare(connection, use_index=self._use_index)
                for conversation_id, node in journal.abandoned(connection, here):
                    self._put(connection, conversation_id, node)
        except sqlite3.OperationalError as error:
            if not means_read_only(error):
                raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _writer(self) -> Writer:
        return Writer(socket.gethostname(), os.getpid(), self._now())

    def _save_conversation(self, conversation: Conversation) -> None:
        with _transaction(self._open()) as connection:
            write_conversation(connection, conversation)

    def _save_node(self, conversation_id: str, node: Node) -> None:
        with _transaction(self._open()) as connection:
            self._put(connection, conversation_id, node)

    def _put(self, connection: sqlite3.Connection, conversation_id: str, node: Node) -> None:
        seq = write_node(connection, conversation_id, node, self._writer())
        journal.end(connection, seq)
        search.put(connection, seq, node.message, has_index=self._has_index)

    def _append_journal(self, conversation_id: str, node_id: str, events: tuple[TimedEvent, ...]) -> None:
        with _transaction(self._open()) as connection:
            seq = seq_of(connection, conversation_id, node_id)
            if seq is None:
                raise not_there(conversation_id)
            journal.append(connection, seq, events, self._writer())

    def _load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        id_prefix = without_surrogates(id_prefix)
        with _snapshot(self._open()) as connection:
            rows = connection.execute(
                "SELECT id FROM conversations WHERE id >= ? AND id < ? || char(1114111) ORDER BY id LIMIT 6",
                (id_prefix, id_prefix),
            )
            conversation_id = one_of(id_prefix, [typed(row[0], str) for row in rows])
            here = self._writer()
            nodes = tuple(
                journal.as_read(connection, stored, here) for stored in read_nodes(connection, conversation_id)
            )
            return with_known_head(read_conversation(connection, conversation_id), nodes), nodes

    def _latest_id(self) -> str | None:
        rows = self._open().execute(
            "SELECT id FROM conversations AS c WHERE EXISTS (SELECT 1 FROM nodes WHERE conversation_id = c.id)"
            " ORDER BY updated_at DESC, rowid DESC LIMIT 1"
        )
        row = rows.fetchone()
        return None if row is None else typed(row[0], str)

    def _list(self, limit: int | None) -> tuple[ConversationSummary, ...]:
        rows = self._open().execute(
            "SELECT id, title, model, created_at, updated_at,"
            " (SELECT count(*) FROM nodes WHERE conversation_id = conversations.id)"
            " FROM conversations ORDER BY updated_at DESC, rowid DESC LIMIT ?",
            (-1 if limit is None else max(0, limit),),
        )
        return tuple(ConversationSummary(*typed(row, tuple[str, str, str, float, float, int])) for row in rows)

    def _search(self, words: str, limit: int) -> tuple[SearchHit, ...]:
        return search.find(self._open(), search.split_words(words), limit, has_index=self._has_index)

    def _answers(self, since: float) -> tuple[AnswerRecord, ...]:
        return tuple(read_answers(self._open(), since))

    def _delete(self, conversation_id: str) -> None:
        connection = self._open()
        with _transaction(connection):
            search.drop(connection, conversation_id, has_index=self._has_index)
            deleted = connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
            if not deleted.rowcount:
                raise not_there(conversation_id)
        # The log still holds what was deleted; a reader elsewhere may keep it for now.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing; the right to write is taken first, so that two writers wait instead of failing half way."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


@contextlib.contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Several reads of one moment."""
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        _roll_back(connection)


def _roll_back(connection: sqlite3.Connection) -> None:
    # A full disk makes SQLite roll back by itself.
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
