"""Conversations in one SQLite file, written as they happen.

The file stands in WAL mode, so that several running programs share it; what it holds is told in `migrations`, and
`holding` keeps hold of it. Each store has one thread of its own which does all its work in order: the event loop never
waits for the disk, and a save that was asked for is carried out even if whoever asked was cancelled meanwhile. Nothing
is opened before first use.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from tui_chat.chat.found import SearchResult
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, ModelSum, Speed, Spent
from tui_chat.chat.ports import Around, BackedUp, ConversationSummary, KeptCopy, Preview, Progress, TimedEvent
from tui_chat.core.budget import Budget, Claim, Used
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.marks import Marks
from tui_chat.core.merging import Marked
from tui_chat.core.search_query import ALL, Filters, SearchQuery
from tui_chat.core.tree import Conversation, Node
from tui_chat.store import claims, journal, ledger, saving
from tui_chat.store.copies import copies_of
from tui_chat.store.cut_answers import cut_questions
from tui_chat.store.finding import Search
from tui_chat.store.holding import Forget, Held
from tui_chat.store.ledger import read_entries, read_models_asked, read_speeds
from tui_chat.store.listing import (
    find_id,
    find_summary,
    latest_id,
    read_labels,
    read_models,
    read_preview,
    read_summaries,
    read_summary,
    write_labels,
    write_title,
)
from tui_chat.store.lookup import not_there, with_known_head
from tui_chat.store.place import ReplacedError
from tui_chat.store.rows import (
    StoredNode,
    find_conversation,
    read_around,
    read_conversation,
    read_end,
    read_marks,
    read_nodes,
)
from tui_chat.store.spent import in_pieces, read_by_model, read_piece
from tui_chat.store.tending import let_go, tend
from tui_chat.store.tidying import delete

_P = ParamSpec("_P")
_T = TypeVar("_T")


class SqliteStore:
    """`chat.ports.Store` on a file. All failures of the file are StoreError, and the same call may be tried again.

    Args:
        path: the file; it and its folder are made where they are missing, modes 0600 and 0700.
        now: seconds since the epoch.
        busy_timeout_s: how long to wait for another program that is writing.
        use_index: False does without FTS5, as a library without it must.
        forget: removes what is kept elsewhere of conversations that are about to be removed.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], float] = time.time,
        busy_timeout_s: float = 20.0,
        use_index: bool = True,
        forget: Forget = lambda _, __: None,
    ) -> None:
        self._held = Held(path, now=now, busy_timeout_s=busy_timeout_s, use_index=use_index, forget=forget)
        self._busy_timeout_s = busy_timeout_s
        self._executor: ThreadPoolExecutor | None = None

    @property
    def path(self) -> Path:
        """The file, for display."""
        return self._held.path

    @property
    def generation(self) -> int:
        """Grows when another file has taken the place of the one in use: what was saved may not be in it."""
        return self._held.generation

    def notices(self) -> tuple[str, ...]:
        """What the person should be told once and has not been: a damaged file was moved aside, and whither."""
        notices, self._held.notices = tuple(self._held.notices), []
        return notices

    async def save(
        self,
        conversation: Conversation,
        nodes: Sequence[Node],
        marked: Sequence[Marked] = (),
        *,
        before: Conversation | None,
    ) -> None:
        """Write what changed of a conversation since `before`, these nodes and these marks, all of it or nothing."""
        await self._run(saving.save, self._held, conversation, tuple(nodes), tuple(marked), before=before)

    async def save_conversation(self, conversation: Conversation) -> None:
        """Create it, or write what changed of it (title, model, system, head)."""
        await self._run(saving.save_conversation, self._held, conversation)

    async def save_node(self, conversation_id: str, node: Node) -> None:
        """Write a node, whole: new, or in place of what was there under its id. Ends its journal, if any."""
        await self._run(saving.save_node, self._held, conversation_id, node)

    async def add(self, conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> None:
        """Add a conversation with these nodes, whole or not at all. What is there stays as it is, and nothing of it was
        billed here."""
        await self._run(saving.add, self._held, conversation, tuple(nodes), filed)

    async def append_journal(self, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
        """Append what arrived for an answer that is still growing and was saved, empty, before."""
        if events:
            await self._run(saving.append_journal, self._held, conversation_id, node_id, tuple(events))

    async def load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        """A conversation by its id or a unique beginning of it; answers that are being written as far as they are."""
        return await self._run(self._load, id_prefix)

    async def load_end(self, conversation_id: str, count: int) -> tuple[Node, ...]:
        """The last messages of the path that was being read, so many at most, as `load` has them."""
        return await self._run(self._load_end, conversation_id, count)

    async def find(self, id_prefix: str) -> ConversationSummary:
        """A conversation without its messages, by its id or a unique beginning of it."""
        return await self._run(self._read, find_summary, id_prefix)

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """What belongs to the conversation with exactly this id as a whole; None where it is not there."""
        return await self._run(self._read, find_conversation, conversation_id)

    async def latest_id(self) -> str | None:
        """The conversation with the newest message; None where there is none."""
        return await self._run(self._read, latest_id)

    async def cut_questions(self) -> tuple[str, ...]:
        """What was asked where an answer was cut by the end of its program, and nothing was said since."""
        return await self._run(cut_questions, self._held)

    async def list(self, limit: int | None = None, filters: Filters = ALL) -> tuple[ConversationSummary, ...]:
        """Conversations, the one with the newest message first."""
        return await self._run(self._read, read_summaries, limit, filters)

    async def summary(self, conversation_id: str) -> ConversationSummary | None:
        """The conversation with exactly this id, as `list` has it; None where there is none."""
        return await self._run(self._read, read_summary, conversation_id)

    async def preview(self, conversation_id: str) -> Preview:
        """The last that was said on each side."""
        return await self._run(self._read, read_preview, conversation_id)

    async def marks(self, conversation_id: str) -> Mapping[str, Marks]:
        """What each message of a conversation is marked with, by its id."""
        return await self._run(self._read, read_marks, conversation_id)

    async def around(self, conversation_id: str, node_id: str) -> Around:
        """A message and its neighbours."""
        return await self._run(self._read, read_around, conversation_id, node_id)

    async def revision(self) -> int:
        """A number that is another one after every change, by whichever program."""
        return await self._run(self._revision)

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        """Messages and titles with all the words, the best first. Saving goes on between its pieces; it begins anew
        where another file takes the place of the one that is searched."""
        while True:
            with contextlib.suppress(ReplacedError):
                return await self._search(query, limit)

    async def _search(self, query: SearchQuery, limit: int) -> SearchResult:
        search = await self._run(self._begin_search, query, limit)
        pieces = await self._run(self._search_on, search, search.pieces)
        goes_on, left = True, len(pieces)
        while goes_on and left:
            goes_on = await self._run(self._search_on, search, partial(search.look, piece=pieces[-left]))
            left -= 1
        return await self._run(self._search_on, search, partial(search.result, is_cut=left > 0))

    async def nearest_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """What was meant by words of which some are in no message: see the port."""
        from tui_chat.store.nearest_words import nearest_words  # a chat does without

        return await self._run(self._read, nearest_words, words)

    async def tend(self) -> float:
        """Do a piece of what can wait, and return the share that is done."""
        return await self._run(tend, self._held)

    async def add_to_ledger(self, entry: LedgerEntry) -> None:
        """Note what a request cost that was no answer of a saved conversation."""
        await self._run(self._write, ledger.note, entry)

    async def spent(self, since: float = 0.0, until: float | None = None) -> tuple[Spent, ...]:
        """What the ledger holds of this time, by day, oldest first; saving goes on between its pieces."""
        return await in_pieces(lambda *piece: self._run(self._read, read_piece, *piece), since, until)

    async def spent_by_model(self) -> tuple[ModelSum, ...]:
        """What the ledger holds of all time, by model, gateway and kind."""
        return await self._run(self._read, read_by_model)

    async def models_asked(self, gateway: str, most: int) -> tuple[str, ...]:
        """The models that were asked for last through a gateway, the newest first."""
        return await self._run(self._read, read_models_asked, gateway, most)

    async def ledger_of(self, conversation_id: str, kind: LedgerKind | None = None) -> tuple[LedgerEntry, ...]:
        """Everything that was asked in a conversation, or what is of this kind, oldest first."""
        return await self._run(self._read, read_entries, conversation_id, kind)

    async def speeds(self, since: float) -> tuple[Speed, ...]:
        """How fast the answers of this time came, oldest first."""
        return await self._run(self._read, read_speeds, since)

    async def used(self, claim: Claim) -> Used:
        """What counts against budgets before this claim, which is not entered."""
        return await self._run(self._read, claims.used, claim, self._held.lives)

    async def claim(self, claim: Claim, budget: Budget) -> Used:
        """Enter what a request may cost, unless that would go over the budget; what counts besides it."""
        return await self._run(self._claim, claim, budget)

    async def settle(self, claim_id: str, *, stays: bool) -> None:
        """End a claim: the ledger has what it cost; or it `stays` as the estimate of what nobody told."""
        await self._run(self._write, claims.settle, claim_id, stays=stays)

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation the title that the person wants."""
        await self._run(self._write, write_title, conversation_id, title)

    async def set_archived(self, conversation_id: str, archived: bool) -> None:
        """Put a conversation into the archive, or take it out."""
        await self._run(self._change, conversation_id, archived_at=self._held.now() if archived else None)

    async def set_labels(self, conversation_id: str, labels: Sequence[str]) -> None:
        """Give a conversation these labels and no others."""
        await self._run(self._write, write_labels, conversation_id, labels)

    async def labels(self) -> tuple[str, ...]:
        """Every label that is in use."""
        return await self._run(self._read, read_labels)

    async def models(self) -> tuple[str, ...]:
        """Every model that has answered."""
        return await self._run(self._read, read_models)

    async def hide(self, conversation_id: str) -> None:
        """Take a conversation out of sight, to be deleted when this run ends."""
        await self._run(self._hide, conversation_id)

    async def bring_back(self, conversation_id: str) -> None:
        """Show a conversation again that was hidden."""
        await self._run(self._change, conversation_id, deleted_at=None)

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation with everything in it; what it held is overwritten in the file, copies that SQLite left
        of it by `close` or `tend`."""
        await self._run(self._delete, conversation_id)

    async def copies(self) -> tuple[KeptCopy, ...]:
        """The copies of conversations that were made before a change of form or after damage."""
        return await self._run(copies_of, self.path)

    async def back_up(self, target: Path, progress: Progress) -> BackedUp:
        """Copy all conversations to a file while others write. `progress` is called in another thread.

        Raises:
            StoreError: nothing was saved yet, what was is damaged, the place is taken, or it cannot be written.
        """
        from tui_chat.store.backup import cancellable  # a chat does without

        return await cancellable(partial(self._back_up, target), progress)

    async def close(self) -> None:
        """Finish what is queued and let go of the file; using the store again opens it again."""
        if self._executor is not None:
            executor = self._executor
            try:
                await self._run(let_go, self._held)
            except asyncio.CancelledError:
                self._held.patience.end()
                raise
            finally:
                self._executor = None
                executor.shutdown(wait=False)

    async def _run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="store")
        future = self._executor.submit(lambda: self._held.carry_out(lambda: work(*args, **kwargs)))
        # Cancelling the one who waits must not take a save out of the queue.
        return await asyncio.shield(asyncio.wrap_future(future))

    async def _back_up(self, target: Path, progress: Progress) -> BackedUp:
        """Copy through a connection of its own, so that saving goes on meanwhile; once more behind a damage that showed
        in the copy and was mended. An earlier copy may have what was lost with that, and is not replaced."""
        from tui_chat.store.backup import DamagedSourceError, back_up

        rescues = self._held.rescues
        await self._run(self._read, lambda _: None)  # mends a damage that shows here, and notes which file is copied
        has_index = self._held.has_index
        copy = partial(back_up, self.path, target, progress, busy_timeout_s=self._busy_timeout_s, has_index=has_index)
        try:
            return await asyncio.to_thread(copy, replaces=self._held.rescues == rescues)
        except DamagedSourceError as damage:
            if not await self._run(self._held.mend, damage.found):
                raise
        return await asyncio.to_thread(copy, replaces=False)

    # Below here everything runs in the store's own thread.

    def _load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        with self._held.reading() as connection:
            conversation_id = find_id(connection, id_prefix)
            nodes = self._as_read(connection, read_nodes(connection, conversation_id))
            return with_known_head(read_conversation(connection, conversation_id), nodes), nodes

    def _load_end(self, conversation_id: str, count: int) -> tuple[Node, ...]:
        with self._held.reading() as connection:
            return self._as_read(connection, read_end(connection, conversation_id, count))

    def _as_read(self, connection: sqlite3.Connection, stored: Iterable[StoredNode]) -> tuple[Node, ...]:
        """The nodes, with what their journals hold."""
        here, lives = self._held.as_reader(), self._held.lives
        return tuple(journal.as_read(connection, node, here, lives) for node in stored)

    def _read(
        self, reader: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Do something that only reads."""
        with self._held.reading() as connection:
            return reader(connection, *args, **kwargs)

    def _write(
        self, writer: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Do something that writes, whole or not at all."""
        with self._held.writing() as connection:
            return writer(connection, *args, **kwargs)

    def _claim(self, claim: Claim, budget: Budget) -> Used:
        with self._held.writing() as connection:
            return claims.claim(connection, claim, budget, self._held.here().run, self._held.lives)

    def _revision(self) -> int:
        with self._held.reading() as connection:
            by_others: int = connection.execute("PRAGMA data_version").fetchone()[0]
            return hash((self._held.generation, by_others, connection.total_changes))

    def _begin_search(self, query: SearchQuery, limit: int) -> Search:
        with self._held.reading():
            return Search(query, limit, has_index=self._held.has_index, generation=self._held.generation)

    def _search_on(self, search: Search, step: Callable[[sqlite3.Connection], _T]) -> _T:
        with self._held.reading() as connection:
            if self._held.generation != search.generation:
                raise ReplacedError
            return step(connection)

    def _change(self, conversation_id: str, **values: str | float | None) -> None:
        columns = ", ".join(f"{column} = ?" for column in values)
        with self._held.writing() as connection:
            changed = connection.execute(
                f"UPDATE conversations SET {columns} WHERE id = ?", (*values.values(), conversation_id)
            )
            if not changed.rowcount:
                raise not_there(conversation_id)

    def _hide(self, conversation_id: str) -> None:
        here = self._held.here()
        self._change(conversation_id, deleted_at=here.written_at, deleted_by=here.run)

    def _delete(self, conversation_id: str) -> None:
        with self._held.writing() as connection:
            self._held.forget(connection, [conversation_id])
            delete(connection, conversation_id, has_index=self._held.has_index)
        self._held.fold_log()
