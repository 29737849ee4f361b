"""The search of everything: results while one types at one side, the message under the cursor at the other.

Each letter cancels the search before it; the last results stay until there are others. No key waits for the store.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, TypeAlias

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Input

from tui_chat.chat.found import SearchResult
from tui_chat.chat.services import Services
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import ReadQuery, read_query
from tui_chat.ui.dialogs.dialog import HELP, Dialog
from tui_chat.ui.dialogs.search_listing import Listing
from tui_chat.ui.dialogs.search_reading import Reading
from tui_chat.ui.dialogs.search_rows import (
    ConversationRow,
    HitRow,
    Item,
    MoreRow,
    PastRow,
    headings_of,
    item_row,
    reading_rows,
)
from tui_chat.ui.dialogs.search_widgets import SearchResults, SearchWords
from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.edge import MIDDLE, Edge, Ends
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Row
from tui_chat.workspace.search import FilterCompletion, Found, find, open_filter

Copy: TypeAlias = Callable[[str, str], None]
WIDE: Final = 110
"""From this many cells on the message stands beside the results."""
SLOW_S: Final = 0.5
"""Time after which a search shows that it runs."""
AGAIN_S: Final = 2.0
"""Time after which is searched again while the index is being built."""
AGAIN_PER_SEARCH: Final = 5.0
"""The same, as a multiple of what a search takes."""


class SearchPage(Dialog[Found | None]):
    """What was chosen; None where the page was left."""

    DEFAULT_CSS = """
    SearchPage.-page.-vast > Frame { width: 100%; max-width: 160; }
    SearchPage #search-body { border: none; height: 1fr; layout: vertical; }
    SearchPage.-beside #search-body { layout: horizontal; }
    SearchPage #search-results, SearchPage.-beside #search-reading { height: 3fr; }
    SearchPage #search-reading { height: 2fr; }
    SearchPage #search-results > Edge { display: none; }
    SearchPage.-beside #search-results > Edge { display: block; }
    SearchPage #search-results > PickList { height: 1fr; max-height: 100%; }
    SearchPage #search-reading > Reading { height: 1fr; padding: 0 1; }
    SearchPage.-small #search-reading, SearchPage.-alone #search-reading, SearchPage.-small #search-read {display: none}
    SearchPage.-small #search-read.-wrong { display: block; }
    SearchPage #search-body LinesView { border-left: solid $border-blurred; border-right: solid $border-blurred; }
    SearchPage Frame:focus-within #search-body LinesView { border-left: solid $border; border-right: solid $border; }
    SearchPage Frame:focus-within #search-body Edge { color: $border; }
    SearchPage.-beside #search-results > LinesView { border-right: none !important; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [bound("search-order", "turn_order")]
    HELP = "conversations"

    def __init__(
        self, services: Services, listing: Listing, copy: Copy, *, words: str = "", at: Found | None = None
    ) -> None:
        """`copy` is given a text and what it is. `words` are searched for at first; where one goes on `at` a result,
        cursor and focus are in its row."""
        super().__init__(classes="-page")
        self._services = services
        self._copy = copy
        self._first_words, self._at = words, at
        self._listing = listing
        self._read: ReadQuery = read_query("", 0.0)
        self._asked = ""
        """The words that are searched for."""
        self._opens_first = False
        """The first result is opened as soon as it is there."""
        self._labels: tuple[str, ...] = ()
        self._models: tuple[str, ...] = ()
        self._completion = FilterCompletion()
        self._again: Timer | None = None
        self._field = SearchWords(self)
        self._results = SearchResults(self)
        self._reading = Reading(services, self._now, id="search-message")
        self._divider = Edge(MIDDLE, id="search-divider")

    def compose(self) -> ComposeResult:
        """The words, how they were read, the results, and the message under the cursor."""
        with Frame(title="Search", way_out=Hint("leave", "close"), hints=self._hints()):
            yield FieldRow("find", self._field)
            yield RowsLabel(self._draw_read, id="search-read")
            with Container(id="search-body"):
                with Vertical(id="search-results"):
                    yield Edge(Ends("├", "─"))
                    yield RowsLabel(self._draw_status, id="search-status")
                    yield self._results
                with Vertical(id="search-reading"):
                    yield self._divider
                    yield self._reading

    def on_mount(self) -> None:
        """Search for the words that were given, else offer what was last."""
        self._put(self._first_words)
        self.set_focus(self._field if self._at is None else self._results)
        self.run_worker(self._read_beginning(), group="beginning")

    def on_resize(self, event: events.Resize) -> None:
        """Let the message stand beside the results, or below."""
        super().on_resize(event)
        self._arrange()
        self.call_after_refresh(self._list)

    def _arrange(self) -> None:
        """Give the message its place, where there is one."""
        is_alone = not self._listing.items
        is_beside = self.size.width >= WIDE and not is_alone
        self.set_class(is_alone, "-alone")
        self.set_class(is_beside, "-beside")
        half = min(self.size.width, 160) // 2
        self.query_one("#search-results").styles.width = half if is_beside else "1fr"
        self._divider.show_ends(Ends("┬", "┤") if is_beside else MIDDLE)
        self.query_one(Frame).bottom_edge.meet(half if is_beside else None)

    def _now(self) -> float:
        return self._services.clock.now()

    # Searching

    async def _read_beginning(self) -> None:
        self._labels, self._models = await self._listing.read_beginning(self._services.store)
        if not self._listing.has_results:
            self._listing.list_again()
            self._list(cursor=0)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed."""
        event.stop()
        self._follow_field()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what is under the cursor, or the first result once it is there."""
        event.stop()
        self._follow_field()
        if self._listing.text == self._asked:
            self.choose()
        else:
            self._opens_first = True

    def _follow_field(self) -> None:
        """Search for the words of the field: a key may arrive before the message about letters typed before it."""
        text = self._field.value
        if text == self._asked:
            return
        self._asked, self._opens_first = text, False
        self._read = read_query(text, self._now())
        label = self.query_one("#search-read", RowsLabel)
        label.set_class(bool(self._read.problems), "-wrong")
        label.redraw()
        self._stop_again()
        if self._read.query.is_empty:
            self.workers.cancel_group(self, "search")
            self._show(SearchResult())
        else:
            self._begin()

    def _begin(self, *, is_again: bool = False) -> None:
        self.run_worker(self._search(self._read, is_again), group="search", exclusive=True)

    async def _search(self, read: ReadQuery, is_again: bool) -> None:
        clock = self._services.clock
        began_at = clock.monotonic()
        slow = self.set_timer(SLOW_S, lambda: self.query_one(Frame).show_state("searching …"))
        try:
            result = await find(self._services.store, read.query)
        except ChatError as error:
            self._show(SearchResult(), failure=error.failure)
            return
        finally:
            slow.stop()
        took_s = clock.monotonic() - began_at
        self._show(result, took_s, is_again=is_again)
        if result.indexed < 1.0:
            wait_s = max(AGAIN_S, AGAIN_PER_SEARCH * took_s)
            self._again = self.set_timer(wait_s, lambda: self._begin(is_again=True))
        if self._opens_first:
            self._opens_first = False
            if self._listing.items:
                self.choose()

    def _stop_again(self) -> None:
        if self._again is not None:
            self._again.stop()

    def _show(
        self, result: SearchResult, took_s: float = 0.0, *, failure: Failure | None = None, is_again: bool = False
    ) -> None:
        """List these results in place of the last ones."""
        self._listing.show(self._asked, self._read, result, took_s, failure=failure, is_again=is_again)
        self._list(cursor=self._results.cursor if is_again else self._listing.place_of(self._at))
        if self._results.has_focus and not self._listing.items:
            self.to_field()

    # Showing

    def _list(self, *, cursor: int | None = None) -> None:
        """Show what is listed, unless the page was closed since."""
        if not self.is_attached or self._is_answered:
            return
        items = self._listing.items
        headings = headings_of(items, self._now(), has_conversations=self._is_headed)
        self._results.show_items(len(items), self._draw, cursor=cursor, headings=headings.words, asides=headings.asides)
        self._arrange()
        frame = self.query_one(Frame)
        frame.show_state()
        frame.show_facts(*self._listing.facts())
        frame.show_keys(self._hints())
        self.query_one("#search-status", RowsLabel).redraw()
        self.follow_cursor()
        self.refresh_bindings()

    @property
    def _is_headed(self) -> bool:
        """The conversation stands above its results: it does not stand above the message."""
        return self.has_class("-wide") or self.has_class("-small")

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        item = self._listing.items[index]
        return (item_row(item, self._listing.words, self._now(), width, is_headed=self._is_headed),)

    def _hints(self) -> Sequence[Hint]:
        items, meant = self._listing.items, self._listing.meant
        opens = Hint("list-choose", f"search {sanitize_line(meant, 30)}" if meant and not items else "open there")
        completes = self._completion.can_complete(self._field.value, self._values())
        tab = Hint("list-rows", "complete" if completes else "to the rows")
        return (
            *([opens] if items or meant else []),
            *([tab] if items or completes else []),
            Hint("list-field", "find"),
            Hint("search-copy", "copy"),
            Hint("search-more", "all of them"),
            Hint("search-order", self._listing.order.other.value),
            Hint("search-read", "read on"),
            HELP,
        )

    def _draw_read(self, width: int) -> Sequence[Row]:
        return reading_rows(self._read, open_filter(self._field.value, self._values()), width)

    def _draw_status(self, width: int) -> Sequence[Row]:
        return self._listing.why_nothing(self._asked, width)

    # The cursor

    @property
    def current(self) -> Item | None:
        """The item under the cursor; None where nothing is listed."""
        return self._listing.items[self._results.cursor] if self._listing.items else None

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Show the message under the cursor."""
        event.stop()
        self.follow_cursor()
        self.refresh_bindings()

    def follow_cursor(self) -> None:
        """Show the message under the cursor."""
        if not self.has_class("-small"):
            item = self.current
            if isinstance(item, MoreRow):
                item = HitRow(item.group.hits[-item.count], item.group)
            title = self._reading.follow(item, self._listing.words)
            self._divider.show([title] if title else ())

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Open the item."""
        event.stop()
        self.choose()

    # What keys do, wherever the focus is

    def can_choose(self) -> bool:
        """Something is listed or likely meant, or may be listed for what was typed just now."""
        listing = self._listing
        return bool(listing.items or listing.meant) or self._field.value != listing.text

    def can_open_more(self) -> bool:
        """The cursor is on a line that stands for more results."""
        return isinstance(self.current, MoreRow)

    def can_copy(self) -> bool:
        """The cursor is on a message."""
        return isinstance(self.current, HitRow)

    def can_read_on(self) -> bool:
        """Some of the message under the cursor is out of sight."""
        return not self.has_class("-small") and self._reading.max_scroll_y > 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another order only where there are results."""
        has_order = len(self._listing.result.hits) > 1
        return (action != "turn_order" or has_order) and super().check_action(action, parameters)

    def choose(self) -> None:
        """Open what is under the cursor."""
        match self.current:
            case HitRow(hit):
                self._listing.recent.note(self._asked)
                self.dismiss(Found(hit.conversation_id, hit.node_id, self._listing.words))
            case ConversationRow(summary):
                self.dismiss(Found(summary.id))
            case MoreRow():
                self.open_more()
            case PastRow(text):
                self._put(text)
                self.set_focus(self._field)
            case None:
                if meant := self._listing.meant:
                    self._put(meant)

    def open_more(self) -> None:
        """List all results of the conversation under the cursor."""
        if isinstance(item := self.current, MoreRow):
            self._listing.open(item)
            self._list()

    def move(self, by: int) -> None:
        """Move the cursor by items."""
        self._follow_field()
        self._results.action_move(by)

    def page(self, by: int) -> None:
        """Move the cursor by pages."""
        self._follow_field()
        self._results.action_page(by)

    def to_field(self) -> None:
        """Go to the words."""
        self.set_focus(self._field)

    def complete_or_go(self) -> None:
        """Complete the value of a filter, with the next one where that was done just now; else go to the results."""
        text = self._completion.next(self._field.value, self._values())
        if text is not None:
            self._put(text)
        elif self._listing.items:
            self.set_focus(self._results)

    def _put(self, text: str) -> None:
        self._field.value = text
        self._field.cursor_position = len(text)

    def copy_current(self) -> None:
        """Copy the message under the cursor."""
        if isinstance(item := self.current, HitRow):
            whole = self._reading.text_of(item.hit.node_id)
            self._copy(whole or item.hit.excerpt, "the message" if whole else "the line")

    def mark_current(self, deed: str) -> None:
        """Let the chat bookmark or label the message under the cursor, and show this page again."""
        if isinstance(item := self.current, HitRow):
            self.dismiss(Found(item.hit.conversation_id, item.hit.node_id, deed=deed, typed=self._asked))

    def read_on(self) -> None:
        """Show more of the message under the cursor."""
        self._reading.read_on()

    def action_turn_order(self) -> None:
        """Show the newest results first, or the best."""
        self._listing.turn_order()
        self._list(cursor=0)

    def action_leave(self) -> None:
        """Close; what found something is remembered."""
        if self._listing.result.hits:
            self._listing.recent.note(self._asked)
        self.dismiss(None)

    def _values(self) -> Mapping[str, Sequence[str]]:
        """Values of filters that are not always the same."""
        found = (hit.model for hit in self._listing.result.hits)
        return {"label:": self._labels, "model:": tuple(dict.fromkeys((*found, *self._models)))}
