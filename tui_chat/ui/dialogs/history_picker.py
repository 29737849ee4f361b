"""The list of conversations: typing finds one by title or label, Enter opens it, and letters act in the rows.

Its result is the id of the conversation that is to be opened, or words that are to be looked for in all texts. What the
keys in the rows do is in `history_acts`.
"""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import Worker

from tui_chat.chat.ports import ConversationSummary, Preview
from tui_chat.core import fuzzy
from tui_chat.core.days import Days
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.search_query import Shelf
from tui_chat.ui.dialogs.conversation_rows import (
    AT_WORK,
    Entry,
    Hit,
    Sign,
    conversation_row,
    entry_at_work,
    entry_of,
    heading_row,
    preview_rows,
)
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.dialogs.history_acts import ROW_KEYS, HistoryActs, ListHost
from tui_chat.ui.fields.row_field import RowField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Divider, Frame
from tui_chat.ui.rows.rows import Ink, Row, clipped, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.conversation_list import ConversationList, Order, ordered
from tui_chat.workspace.conversations import Conversations, title_of
from tui_chat.workspace.followed import Standing
from tui_chat.workspace.open_conversations import AtWork, work_words

LOOKS_EVERY_S: Final = 1.0
"""Seconds between two looks at what other programs wrote."""
MOST_PREVIEWS: Final = 64
PREVIEWED: Final = 2


class SearchAll(NamedTuple):
    """Words to look for in all texts."""

    words: str


class HistoryPicker(Dialog[str | SearchAll | None]):
    """Saved conversations, the one with the newest message on top."""

    DEFAULT_CSS = """
    HistoryPicker #history-heading { padding-right: 1; } /* the list below has a scrollbar there */
    HistoryPicker #history-preview { padding: 0 1; height: 2; }
    HistoryPicker #history-status { padding: 0 1; }
    HistoryPicker.-empty FilteredList { height: 1; }
    HistoryPicker.-empty #history-status { height: 1fr; }
    HistoryPicker.-small Divider, HistoryPicker.-small #history-preview,
    HistoryPicker.-low Divider, HistoryPicker.-low #history-preview,
    HistoryPicker.-empty Divider, HistoryPicker.-empty #history-preview, HistoryPicker.-empty #history-heading {
        display: none;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*ROW_KEYS]
    HELP = "conversations"

    def __init__(
        self,
        listed: ConversationList,
        conversations: Conversations,
        host: ListHost,
        *,
        at_work: Callable[[], Sequence[AtWork]] = tuple,
        now: Callable[[], float] = time.time,
        id: str | None = None,
    ) -> None:
        """`listed` has its first page. What `at_work` gives stands on top, as a group of its own. `now` gives seconds
        since the epoch."""
        super().__init__(id=id, classes="-page")
        self._host = host
        self._now = now
        self._listed = listed
        self._ask_at_work = at_work
        self._at_work = tuple(at_work())
        self._conversations = conversations
        self._acts = HistoryActs(self, conversations, host)
        self._days = Days(now())
        self._order = Order.LAST
        self._entries: dict[str, Entry] = {}
        self._failure: Failure | None = None
        self._previews: dict[str, Preview] = {}
        self._is_previewing = False
        self._reader: Worker[None] | None = None
        self._finder = FilteredList(
            self._find,
            self._draw,
            id="history",
            headings=self._heading_of,
            between=(RowsLabel(self._heading, id="history-heading"),),
            heads_itself=False,
            seeks=True,
            clicks=2,
            has_acts=lambda: conversations.can_bring_back,
        )

    def compose(self) -> ComposeResult:
        """The conversations, and what was said last in the one under the cursor."""
        with Frame(title="Conversations", way_out=Hint("leave", "close")):
            yield self.finder
            yield RowsLabel(self._status, id="history-status")
            yield Divider()
            yield RowsLabel(self._preview, id="history-preview")

    def on_mount(self) -> None:
        """List the first page, and read the rest."""
        self.watch(self.finder.rows, "scroll_y", self._follow_scrolling, init=False)
        self.show_rows(stays=False)
        self.finder.focus()
        self._read()
        self.set_interval(LOOKS_EVERY_S, self._look)

    def on_resize(self, event: events.Resize) -> None:
        """Stand on the page, and keep a field on its row."""
        super().on_resize(event)
        self.call_after_refresh(self._acts.place_field)

    def _follow_scrolling(self) -> None:
        self.query_one("#history-heading", RowsLabel).redraw()
        self._acts.place_field()

    # What is listed

    @property
    def finder(self) -> FilteredList[Hit]:
        """The field, and the rows below it."""
        return self._finder

    @property
    def listed(self) -> ConversationList:
        """The conversations that are shown."""
        return self._listed

    @property
    def current(self) -> ConversationSummary | None:
        """The conversation under the cursor, as far as anything of it was read."""
        hit = self.finder.current
        return hit.entry.row if hit is not None else None

    @property
    def shows_archive(self) -> bool:
        """The archive is listed."""
        return self._listed.shelf is Shelf.ARCHIVED

    @property
    def _on_top(self) -> tuple[AtWork, ...]:
        """What is listed as at work: nothing in the archive."""
        return () if self.shows_archive else self._at_work

    @property
    def is_grouped(self) -> bool:
        """The rows stand under days."""
        return self._order is Order.LAST and not self.finder.words

    def is_at_work(self, conversation_id: str) -> bool:
        """An answer is on its way there, or waits for the person."""
        return any(work.id == conversation_id for work in self._at_work)

    def show_rows(self, *, stays: bool = True) -> None:
        """List what is known now; the cursor stays on its conversation, and where that is gone, in its place."""
        if self._acts.is_writing:
            return  # it is listed when the field in the row is left
        rows = self._listed.rows
        known = self._entries
        self._entries = {
            row.id: known[row.id] if row.id in known and known[row.id].row is row else entry_of(row) for row in rows
        }
        self._acts.keep_marks(self._entries.keys() | {work.id for work in self._on_top})
        current = self.finder.current
        keep = current.entry.id if current else ""
        self.finder.find_again(lambda hit: hit.entry.id == keep, stays=stays)
        self.say()

    def _find(self, query: str) -> Sequence[Hit]:
        self._days = Days(self._now())
        on_top = [entry_at_work(work, self._listed.get(work.id)) for work in self._on_top]
        busy = {work.id for work in self._on_top}
        rows = ordered(self._listed.rows, self._order)
        rest = [self._entries[row.id] for row in rows if row.id not in busy]
        if not query.strip():
            return [Hit(entry) for entry in (*on_top, *rest)]
        found = [
            Hit(entry, at)
            for part in (on_top, rest)
            for _, entry, at in fuzzy.rank(query, part, _searched, fuzzy.Reach.WORDS)
        ]
        if self._order is not Order.LAST:
            places = {entry.id: place for place, entry in enumerate((*on_top, *rest))}
            found.sort(key=lambda hit: places[hit.entry.id])
        return found

    def _heading_of(self, hit: Hit) -> str:
        if hit.entry.work is not None:
            return AT_WORK
        if self.is_grouped and hit.entry.row is not None:
            return self._days.heading(hit.entry.row.updated_at)
        return "Others" if self._on_top else ""

    def _draw(self, hit: Hit, width: int) -> tuple[Row, ...]:
        id_ = hit.entry.id
        is_open = self._conversations.is_open(id_)
        sign = Sign.MARKED if id_ in self._acts.marked else Sign.OPEN if is_open else Sign.NONE
        return (conversation_row(hit, width, self._now(), sign=sign, is_grouped=self.is_grouped),)

    # What stands around the rows

    def _heading(self, width: int) -> Sequence[Row]:
        items, top = self.finder.items, self.finder.rows.top
        words = self._heading_of(items[top]) if top < len(items) else ""
        return (heading_row(words or "  title", width, is_grouped=self.is_grouped),)

    def _status(self, width: int) -> Sequence[Row]:
        if self._failure is not None:
            words = f"{Mark.FAILED.drawn} {self._failure.message} {self._failure.advice}"
            return clipped(wrapped(words, width, Ink.ERROR), 2, width)
        if self.finder.items:
            return ()
        if self.finder.words:
            so_far = "" if self._listed.is_whole else " so far, and more are being read"
            words = f"No title has “{self.finder.words}”{so_far}. Enter searches all texts for it."
            return wrapped(words, width, Ink.MUTED)
        return wrapped(self._acts.why_none(), width, Ink.MUTED)

    def _preview(self, width: int) -> Sequence[Row]:
        current = self.current
        said = self._previews.get(current.id) if current is not None else None
        if said is None:
            return [()] * PREVIEWED
        return preview_rows((("you:", said.question), ("", said.answer)), width)

    def say(self) -> None:
        """Show how much there is, what is marked and in which order, and which keys act now."""
        if not self.is_mounted:
            return
        frame, items = self.query_one(Frame), self.finder.items
        total = len({*self._entries, *(work.id for work in self._on_top)})
        marked, standings = len(self._acts.marked), [work.standing for work in self._on_top]
        at_work = " · ".join(work_words(standings.count(Standing.BUSY), standings.count(Standing.ASKS)))
        frame.show_title(
            "Archive" if self.shows_archive else "Conversations",
            count_words(total, len(items)),
            f"{marked} marked" if marked else "",
            at_work,
            self._order.value,
        )
        not_read = Piece(f"{Mark.FAILED.drawn} not read", "$error")
        frame.show_state(not_read if self._failure else "" if self._listed.is_whole else "reading …")
        seeks = not items and bool(self.finder.words)
        frame.show_keys(*self._acts.hints(seeks=seeks))
        self.set_class(not items, "-empty")
        title = title_of(self.current, 80) if self.current else ""
        self.query_one(Divider).show_title(title, state=self._acts.written)
        for label in self.query(RowsLabel):
            label.redraw()
        self._look_at_current()

    # Reading

    def _read(self) -> None:
        self._reader = self.run_worker(self._follow(self._listed), group="history-rows", exclusive=True)

    def _look(self) -> None:
        """See how those at work stand now, and what other programs wrote unless that is still being read."""
        before, self._at_work = self._at_work, tuple(self._ask_at_work())
        if self._at_work != before:
            self.show_rows()
        if self._reader is None or self._reader.is_finished:
            self._read()

    async def _follow(self, listed: ConversationList) -> None:
        """Read what has changed, and what was not read yet."""
        before, self._failure = self._failure, None
        was_whole, shown = listed.is_whole, len(self._entries)
        try:
            has_changed = await listed.follow()
            has_changed = await listed.look_aside(work.id for work in self._on_top) or has_changed
            if has_changed:
                self.show_rows()
            while listed.is_due:
                has_changed = await listed.read_on() or has_changed
                if len(listed.rows) >= 2 * shown:  # showing them costs more the more there are
                    shown = len(listed.rows)
                    self.show_rows()
        except ChatError as error:
            self._failure, has_changed = error.failure, False
        if has_changed or was_whole is not listed.is_whole:
            self.show_rows()
        elif before != self._failure:
            self.say()

    async def turn(self) -> None:
        """List the other shelf."""
        other = Shelf.USED if self.shows_archive else Shelf.ARCHIVED
        listed = ConversationList(self._conversations.store, other)
        await listed.read_first()
        self._listed = listed
        self._acts.marked.clear()
        self.show_rows(stays=False)
        self._read()

    def follow_change(self) -> None:
        """Show what a key in the rows has changed."""
        self._previews.clear()
        self.show_rows()
        self._look()

    def _look_at_current(self) -> None:
        """Read what was said last in the conversation under the cursor, one after the other."""
        current = self.current
        if current is not None and current.id not in self._previews and not self._is_previewing:
            self._is_previewing = True
            self.run_worker(self._read_previews(), group="history-preview")

    async def _read_previews(self) -> None:
        try:
            while (current := self.current) is not None and current.id not in self._previews:
                try:
                    said = await self._conversations.store.preview(current.id)
                except ChatError:
                    said = Preview()  # that nothing can be read is said of the rows
                while len(self._previews) >= MOST_PREVIEWS:
                    del self._previews[next(iter(self._previews))]
                self._previews[current.id] = said
        finally:
            self._is_previewing = False
        self.query_one("#history-preview", RowsLabel).redraw()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters act only in the rows."""
        if action == "act" and not self._acts.can(str(parameters[0])):
            return False
        return super().check_action(action, parameters)

    def action_act(self, name: str) -> None:
        """Do what a letter in the rows does."""
        self._acts.act(name)

    def action_leave(self) -> None:
        """Leave the field in the row, else the list."""
        if not self._acts.leave_field():
            self.dismiss(None)

    def sort(self) -> None:
        """List in the next order."""
        self._order = self._order.next
        self.show_rows()

    def on_filtered_list_filtered(self, event: FilteredList.Filtered) -> None:
        """Show how many conversations match."""
        event.stop()
        self.say()

    def on_filtered_list_moved(self, event: FilteredList.Moved) -> None:
        """Show what was said last there."""
        event.stop()
        self.say()

    def on_filtered_list_picked(self, event: FilteredList.Picked[Hit]) -> None:
        """Answer with the conversation that was chosen."""
        self.dismiss(event.item.entry.id)

    def on_filtered_list_sought(self, event: FilteredList.Sought) -> None:
        """Answer with words that no title has."""
        self.dismiss(SearchAll(event.words))

    def on_row_field_answered(self, event: RowField.Answered) -> None:
        """Take what was written in the row."""
        event.stop()
        self._acts.answer(event.text)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Offer the keys of what has the focus."""
        del event
        self.say()
        self.refresh_bindings()


def _searched(entry: Entry) -> str:
    return entry.searched
