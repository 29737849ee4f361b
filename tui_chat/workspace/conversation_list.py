"""The one list of saved conversations: read in pieces, kept in step with what every program writes, put in an order.

The first page is there at once, however many there are; the rest is read by whoever has the time for it. What changed
is read again in the first page, where new things are, and in the rest once nothing changes for a moment.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from math import inf, nextafter
from typing import Final

from tui_chat.chat.ports import ConversationSummary, Store
from tui_chat.core.search_query import Filters, Shelf
from tui_chat.workspace.open_conversations import OpenConversations

FIRST: Final = 200
"""Conversations that are read at once."""
PIECE: Final = 1_000
"""Conversations that are read in one piece after that."""
NONE_YET: Final = "No conversation yet: what you send is kept here."


class Order(Enum):
    """Orders of the list, each with the words that say so; the one by time needs none."""

    LAST = ""
    TITLE = "by title"
    COST = "highest cost first"
    MESSAGES = "longest first"

    @property
    def next(self) -> "Order":
        """The order that comes after this one."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


def none_words(*, archived: str, undo: str) -> str:
    """Why nothing is listed of what is not archived. `archived` shows the archived ones and `undo` brings back what
    this run deleted, each in the words of the front end; empty where there are none."""
    ways = [f"{archived} shows the archived ones"] if archived else []
    ways += [f"{undo} brings back what was deleted"] if undo else []
    return f"No conversation is left here: {', '.join(ways)}." if ways else NONE_YET


async def has_any(store: Store, shelf: Shelf) -> bool:
    """Something is on a shelf.

    Raises:
        StoreError: it cannot be read.
    """
    return bool(await store.list(1, Filters(shelf=shelf)))


async def listed_first(opened: OpenConversations, store: Store, count: int) -> tuple[str, ...]:
    """Ids of the first conversations as the list has them: those at work, then by their newest message.

    Raises:
        StoreError: they cannot be read.
    """
    at_work = [row.id for row in opened.rows()]
    saved = [row.id for row in await store.list(count) if row.id not in at_work]
    return (*at_work, *saved)[:count]


def ordered(rows: Iterable[ConversationSummary], order: Order) -> list[ConversationSummary]:
    """The rows, given with the newest message first, in an order; a cost that is unknown comes last."""
    match order:
        case Order.LAST:
            return list(rows)
        case Order.TITLE:
            return sorted(rows, key=lambda row: (not row.title, row.title.casefold()))
        case Order.COST:
            return sorted(rows, key=lambda row: row.spending.usd if row.spending.is_known else -1, reverse=True)
        case Order.MESSAGES:
            return sorted(rows, key=lambda row: -row.messages)


class ConversationList:
    """The conversations of one shelf as far as they were read, the one with the newest message first."""

    def __init__(self, store: Store, shelf: Shelf = Shelf.USED, *, first: int = FIRST, piece: int = PIECE) -> None:
        """`first` and `piece` are how many are read in a call."""
        self._store = store
        self._shelf = shelf
        self._first = first
        self._piece = piece
        self._rows: dict[str, ConversationSummary] = {}
        self._first_ends = inf
        """Time of the first page's last row."""
        self._reaches: float | None = None
        """Time of the last row of the piece that was read last; None where no piece is due."""
        self._is_whole = False
        self._revision: int | None = None
        self._is_stale = False
        """Something has changed that may concern rows behind the first page."""
        self._has_others = False
        self._aside: dict[str, ConversationSummary | None] = {}
        """What is wanted and not among the rows; None where nothing of it is saved."""
        self._aside_revision: int | None = None

    @property
    def shelf(self) -> Shelf:
        """Which conversations these are."""
        return self._shelf

    @property
    def rows(self) -> Sequence[ConversationSummary]:
        """What was read so far."""
        return tuple(self._rows.values())

    @property
    def aside(self) -> Sequence[ConversationSummary]:
        """What was read beside the rows."""
        return tuple(row for row in self._aside.values() if row is not None)

    @property
    def has_others(self) -> bool:
        """Nothing is listed since all of them are in the archive."""
        return self._has_others

    @property
    def is_whole(self) -> bool:
        """All of them were read, once at least."""
        return self._is_whole

    @property
    def is_due(self) -> bool:
        """There is a piece to read."""
        return self._reaches is not None

    async def read_first(self) -> bool:
        """Read the first page; whether something is another than before.

        Raises:
            StoreError: it cannot be read.
        """
        self._revision = await self._store.revision()
        page = await self._store.list(self._first, Filters(shelf=self._shelf))
        is_all = len(page) < self._first
        had_others, self._has_others = self._has_others, not page and await self._has_archived()
        has_changed = self._take(page, inf, is_last=is_all) or had_others is not self._has_others
        self._first_ends = inf if is_all else page[-1].updated_at
        if is_all:
            self._is_whole, self._reaches = True, None
        elif not self._is_whole and self._reaches is None:
            self._reaches = self._first_ends
        return has_changed

    async def read_on(self) -> bool:
        """Read the piece that is due; whether something is another than before.

        Raises:
            StoreError: it cannot be read.
        """
        reaches = self._first_ends if self._reaches is None else self._reaches
        until, size = nextafter(reaches, inf), self._piece
        while True:
            page = await self._store.list(size, Filters(shelf=self._shelf, until=until))
            is_last = len(page) < size
            if is_last or page[-1].updated_at < reaches:
                break
            size *= 2  # all of one moment: they came from a file
        has_changed = self._take(page, until, is_last=is_last)
        self._is_whole = self._is_whole or is_last
        self._reaches = None if is_last else page[-1].updated_at
        return has_changed

    async def follow(self) -> bool:
        """Read again what may have changed since the last call; whether something has. Where nothing was written
        since, this costs next to nothing.

        Raises:
            StoreError: it cannot be read.
        """
        if await self._store.revision() != self._revision:
            self._is_stale = True
            return await self.read_first()
        if self._is_stale and self._is_whole:
            self._is_stale = False
            self._reaches = self._first_ends if self._first_ends < inf else None
        return False

    async def look_aside(self, conversation_ids: Iterable[str]) -> bool:
        """Read also these, which may be on the other shelf or not read yet; whether something is another than before.

        Raises:
            StoreError: they cannot be read.
        """
        wanted = [id_ for id_ in conversation_ids if id_ not in self._rows]
        if self._aside_revision == self._revision and self._aside.keys() == set(wanted):
            return False
        before, revision = self._aside, self._revision
        self._aside = {id_: await self._store.summary(id_) for id_ in wanted}
        self._aside_revision = revision
        return self._aside != before

    def forget(self, conversation_id: str) -> None:
        """Leave one out at once: it was deleted, or went to the other shelf."""
        self._rows.pop(conversation_id, None)
        self._aside.pop(conversation_id, None)

    def get(self, conversation_id: str) -> ConversationSummary | None:
        """The row of a conversation, where it was read."""
        return self._rows.get(conversation_id) or self._aside.get(conversation_id)

    def put(self, row: ConversationSummary) -> None:
        """Show a row, or another state of it, at once."""
        if self._shelf is not Shelf.ALL and row.is_archived is not (self._shelf is Shelf.ARCHIVED):
            self._aside[row.id] = row
        elif row.id in self._rows:
            self._rows[row.id] = row
        else:
            self._rows = _newest_first((*self._rows.values(), row))

    async def _has_archived(self) -> bool:
        return self._shelf is Shelf.USED and await has_any(self._store, Shelf.ARCHIVED)

    def _take(self, page: Sequence[ConversationSummary], until: float, *, is_last: bool) -> bool:
        """Put a piece in the place of what was known of its span of time."""
        since = -inf if is_last or not page else page[-1].updated_at
        there = {row.id: row for row in page}
        kept = {id_: row for id_, row in self._rows.items() if id_ not in there and not since < row.updated_at < until}
        if len(kept) + len(there) == len(self._rows) and all(self._rows.get(row.id) == row for row in page):
            return False
        # Of rows with one time, the store's order counts: what is new stands before what was known.
        self._rows = _newest_first((*page, *kept.values()))
        return True


def _newest_first(rows: Iterable[ConversationSummary]) -> dict[str, ConversationSummary]:
    return {row.id: row for row in sorted(rows, key=lambda row: row.updated_at, reverse=True)}
