"""What the search of everything lists: results, or what was last where nothing is searched for."""

from collections.abc import Sequence
from typing import Final

from tui_chat.chat.found import SearchResult
from tui_chat.chat.ports import ConversationSummary, Store
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.search_query import ReadQuery, Shelf, read_query
from tui_chat.ui.dialogs.search_rows import (
    ConversationRow,
    HitRow,
    Item,
    MoreRow,
    PastRow,
    failure_rows,
    items_of,
    nothing_rows,
)
from tui_chat.ui.rows.rows import Row
from tui_chat.workspace.conversation_list import has_any, none_words
from tui_chat.workspace.search import Found, Order, RecentSearches, grouped, nothing_words, result_words

MOST_CONVERSATIONS: Final = 10


class Listing:
    """The items, and what is said of them."""

    def __init__(self, recent: RecentSearches, *, has_deleted: bool = False) -> None:
        """`has_deleted`: conversations can be brought back in their list."""
        self.recent = recent
        self._opened: set[str] = set()
        """Conversations of which all results are listed."""
        self._took_s = 0.0
        self.order = Order.BEST
        self.conversations: tuple[ConversationSummary, ...] | None = None
        """The last ones; None before they were read."""
        self._has_archived = False
        self._has_deleted = has_deleted
        self.result = SearchResult()
        self.failure: Failure | None = None
        self.text = ""
        """What was typed for it."""
        self.read: ReadQuery = read_query("", 0.0)
        self.items: Sequence[Item] = ()

    async def read_beginning(self, store: Store) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Read what is listed where nothing is searched for, and return the labels in use, and the models."""
        labels, models = tuple[str, ...](), tuple[str, ...]()
        try:
            labels, models = await store.labels(), await store.models()
            self._has_archived = await has_any(store, Shelf.ARCHIVED)
            self.conversations = await store.list(MOST_CONVERSATIONS)
        except ChatError as error:
            self.failure = error.failure
        return labels, models

    def _why_none(self) -> str:
        undo = "u in Conversations" if self._has_deleted else ""
        return none_words(archived="archived:yes" if self._has_archived else "", undo=undo)

    @property
    def has_results(self) -> bool:
        """Results are listed, and not what was last."""
        return not self.read.query.is_empty

    @property
    def words(self) -> tuple[str, ...]:
        """The words to be marked."""
        return self.read.query.words

    def show(
        self,
        text: str,
        read: ReadQuery,
        result: SearchResult,
        took_s: float = 0.0,
        *,
        failure: Failure | None = None,
        is_again: bool = False,
    ) -> None:
        """List the results for what was typed; `is_again`: it was searched for before."""
        if not is_again:
            self._opened.clear()
        self.text, self.read, self.result, self._took_s, self.failure = text, read, result, took_s, failure
        self.list_again()

    def open(self, item: MoreRow) -> None:
        """List all results of a conversation."""
        self._opened.add(item.group.conversation_id)
        self.list_again()

    def place_of(self, found: Found | None) -> int:
        """The place of a result among the items; the first where it is in none."""
        hits = ((place, item.hit) for place, item in enumerate(self.items) if isinstance(item, HitRow))
        meant = (found.conversation_id, found.node_id) if found is not None else None
        return next((place for place, hit in hits if (hit.conversation_id, hit.node_id) == meant), 0)

    def turn_order(self) -> None:
        """Begin with the newest results, or with the best."""
        self.order = self.order.other
        self.list_again()

    def list_again(self) -> None:
        """Make the items."""
        if self.has_results:
            self.items = items_of(grouped(self.result.hits, self.order), self._opened)
        else:
            conversations = [ConversationRow(each) for each in self.conversations or ()]
            self.items = (*conversations, *map(PastRow, self.recent.texts))

    def facts(self) -> tuple[str, ...]:
        """How much there is."""
        if self.failure is not None:
            return ()
        if not self.has_results:
            return (f"the last {len(self.conversations)}",) if self.conversations else ()
        return result_words(self.result, self.order, self._took_s)

    def why_nothing(self, asked: str, width: int) -> Sequence[Row]:
        """Why nothing is listed; no rows where something is, or will be for what is asked now."""
        if self.failure is not None:
            return failure_rows(self.failure, width)
        if self.items or (not self.has_results and (self.conversations is None or asked != self.text)):
            return ()
        if not self.has_results:
            return nothing_rows(self._why_none(), width)
        asked, shelf = " ".join(self.words) or self.text, self.read.query.filters.shelf
        return nothing_rows(nothing_words(asked, shelf, self.result.meant), width)

    @property
    def meant(self) -> str:
        """What was typed with the words that were likely meant; empty where something was found, or nothing is near."""
        if self.result.meant is None:
            return ""
        text = self.text
        for typed, meant in zip(self.words, self.result.meant.words, strict=True):
            text = text.replace(typed, meant, 1)
        return text
