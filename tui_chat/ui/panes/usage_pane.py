"""The board of usage: what answers took and cost, in this chat and in all, by day, month, model, gateway,
conversation, kind.

The sum stands first, and Enter opens what is behind a row. The board is handed what it shows, and asks its host for
what it needs: a long ledger is read and summed up while keys go on.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import Worker

from tui_chat.chat.ledger import LedgerKind
from tui_chat.chat.session_events import SessionEvent
from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes.pane import WAY_OUT, Pane
from tui_chat.ui.panes.usage_about import about_rows
from tui_chat.ui.panes.usage_head import boards_rows, chat_rows
from tui_chat.ui.panes.usage_host import UsageHost
from tui_chat.ui.panes.usage_list import UsageRows
from tui_chat.ui.panes.usage_live import LiveAnswer
from tui_chat.ui.panes.usage_pages import Opened, UsagePages
from tui_chat.ui.panes.usage_rows import limit_rows, live_rows
from tui_chat.ui.panes.usage_table import Line, Prepared
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, clipped, cut, wrapped
from tui_chat.ui.rows.tabs import hides_names, tab_row, tab_rows
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.usage_board import BoardRow, View, gaps_words, view_behind
from tui_chat.workspace.usage_report import Asked, ChatUsage, Span

TICK_S: Final = 0.25
"""Seconds between two paintings of a running answer's figures."""
SAID_AFTER_S: Final = 0.5
"""Seconds of reading after which it is said that something is read."""
ROOMY: Final = 17
"""Rows of the board from which on it says more of the row under the cursor."""
LOW: Final = 12
"""Rows below which it has no more than the tables."""
TINY: Final = 7
"""Rows below which nothing stands over the columns."""
HINTS: Final = (
    Hint("list-choose", "open"),
    Hint("usage-sort", "sort"),
    Hint("usage-span", "all time"),
    Hint("usage-budget", "budget"),
    Hint("usage-save", "save CSV"),
    Hint("usage-view", "next view"),
    Hint("help", "help"),
)
LATELY: Final = Hint("usage-span", "30 days")
BACK: Final = Hint("leave", "back")
READING: Final = "Reading what was spent …"
NO_ANSWER: Final = "No answer yet: what each one takes and costs is shown here."


class UsagePane(Pane):
    """Seven views; the digits choose one."""

    HELP = "models-and-cost"

    DEFAULT_CSS = """
    UsagePane > RowsLabel { padding: 0 1; }
    UsagePane > #usage-about { max-height: 6; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(bound(f"usage-{view}", f"view('{view}')") for view in View),
        bound("usage-view", "next_view"),
        bound("usage-sort", "sort"),
        bound("usage-span", "span"),
        bound("usage-budget", "budget"),
        bound("usage-save", "save"),
        bound("usage-back", "back"),
    ]

    def __init__(
        self,
        view: View = View.CHAT,
        *,
        host: UsageHost | None = None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`now` gives seconds since the epoch, `monotonic` seconds that never jump."""
        super().__init__("Usage", hints=HINTS, id=id, classes=classes)
        self._host = host
        self._now = now
        self._pages = UsagePages(view)
        self._live = LiveAnswer(monotonic)
        self._is_late = False
        """It takes long to read what was spent."""
        self._is_dirty = False

    def page(self) -> ComposeResult:
        """Views, what stands above, the sum, the lines, and more of the one under the cursor."""
        yield RowsLabel(self._tabs, id="usage-tabs")
        yield RowsLabel(self._head, id="usage-head")
        yield RowsLabel(self._heading, id="usage-heading")
        yield RowsLabel(self._sum, id="usage-sum")
        yield UsageRows(lambda: self._opens is not None)
        yield Divider(id="usage-divider")
        yield RowsLabel(self._about, id="usage-about")

    def on_mount(self) -> None:
        """Show what is known, and read the rest."""
        self.set_interval(TICK_S, self._tick)
        self._show_table()
        self.read_again()

    def on_resize(self) -> None:
        """Show what there is room for."""
        self._draw()
        self.refresh(layout=True)  # rows that were counted before the board had a height

    def focus(self, scroll_visible: bool = True) -> "UsagePane":
        """Let letters act."""
        self.screen.set_focus(self.query_one(UsageRows), scroll_visible)
        return self

    # What is shown

    def show(self, chat: ChatUsage) -> None:
        """Show how the open conversation stands."""
        self._live.show(chat.asked)
        self._show_chat(chat)

    def apply(self, event: SessionEvent) -> None:
        """Update by an event. The final cost comes with the next `show`."""
        before = self._live.node_id
        if self._live.apply(event, self._pages.chat.asked):
            self._is_dirty = True
            if self._live.node_id != before:
                self._show_chat(self._pages.chat)

    def _show_chat(self, chat: ChatUsage) -> None:
        key = self._key
        self._pages.show_chat(chat, self._now(), writing=self._live.node_id)
        if self._pages.view is View.CHAT:
            self._show_table(self._pages.place_of(key))

    def show_view(self, view: View) -> None:
        """Turn to a view."""
        self._pages.turn(view)
        self._show_time()

    def _show_time(self) -> None:
        """Show another table; what was spent in its time is read where it was not yet."""
        self._show_table(cursor=0)
        if self._pages.prepared is None:
            self._read()

    def read_again(self) -> None:
        """Read what was spent: it has changed."""
        self._pages.forget()
        self._read()

    def _read(self) -> None:
        if self._host is not None:
            self._is_late = False
            self.set_timer(SAID_AFTER_S, self._say_late)
            self._host.read_usage(self._pages.span)

    def show_report(self, read: Prepared) -> None:
        """Show what was spent."""
        key = self._key
        self._pages.show_report(read)
        if narrowings := self._pages.narrowings:
            self._open(lambda: self._pages.opened_as(narrowings), cursor=None)
        self._show_table(self._pages.place_of(key))

    def show_failure(self, failure: Failure) -> None:
        """Say why what was spent cannot be read."""
        self._pages.failure = failure
        self._draw()

    def _say_late(self) -> None:
        self._is_late = True
        self._draw()

    def _show_table(self, cursor: int | None = None) -> None:
        if self.is_attached and self.children:
            self.query_one(UsageRows).show_items(len(self._lines), self._draw_line, cursor=cursor)
            self._draw()

    def _draw_line(self, place: int, width: int) -> tuple[Row, ...]:
        table = self._pages.table
        return (table.row(place, width),) if table else ((),)

    def _draw(self) -> None:
        if not self.is_attached or not self.children:
            return
        self._is_dirty = False
        self._draw_edge()
        has_lines = bool(self._lines)
        is_writing = self._pages.view is View.CHAT and bool(self._live.node_id)
        self.query_one("#usage-head").display = self.size.height >= LOW or not has_lines or is_writing
        self.query_one("#usage-heading").display = has_lines and self.size.height >= TINY
        self.query_one("#usage-sum").display = has_lines
        is_roomy = has_lines and self.size.height >= ROOMY
        for place in ("#usage-divider", "#usage-about"):
            self.query_one(place).display = is_roomy
        for label in self.query(RowsLabel):
            label.redraw()
        self.refresh_bindings()

    def _draw_edge(self) -> None:
        pages = self._pages
        names = (sanitize_line(each.name, 40) for each in pages.narrowings)
        span = "" if pages.view is View.CHAT or pages.narrowings else pages.span.value
        self.show_facts(span, *names, pages.order_words(self.size.width) if self._lines else "")
        whole = pages.table.total.what if pages.table else None
        gaps = gaps_words(whole.sum.spending if isinstance(whole, BoardRow) else pages.chat.spending)
        self.show_state(Piece(gaps, "$warning") if gaps and self._lines else "")
        is_hidden = self.size.height < ROOMY and hides_names(*pages.tabs, self.size.width - 4)
        hints = sorted(HINTS, key=lambda hint: not (is_hidden and hint.id == "usage-view"))
        if pages.span is Span.ALL:
            hints = [LATELY if hint.id == LATELY.id else hint for hint in hints]
        self.show_keys(hints, BACK if pages.opened else WAY_OUT)

    def _tick(self) -> None:
        if self._is_dirty or (self._live.node_id and self.display and self._pages.view is View.CHAT):
            self.query_one("#usage-head", RowsLabel).redraw()
            self._is_dirty = False

    # The parts

    @property
    def _lines(self) -> Sequence[Line]:
        return self._pages.table.lines if self._pages.table else ()

    @property
    def _current(self) -> Line | None:
        """The line under the cursor."""
        cursor = self.query_one(UsageRows).cursor if self.is_mounted else 0
        return self._lines[cursor] if cursor < len(self._lines) else None

    @property
    def _key(self) -> str | None:
        line = self._current
        return line.key if line else None

    def _tabs(self, width: int) -> Sequence[Row]:
        tabs = self._pages.tabs
        return tab_rows(*tabs, width) if self.size.height >= ROOMY else [tab_row(*tabs, width)]

    def _head(self, width: int) -> Sequence[Row]:
        pages = self._pages
        if pages.view is View.CHAT:
            return self._chat_head(width)
        if pages.failure is not None:
            words = f"{Mark.FAILED.drawn} {pages.failure.message} {pages.failure.advice}"
            return clipped(wrapped(sanitize_line(words, 1_000), width, Ink.ERROR), max(1, self.size.height - 5), width)
        if pages.prepared is None or pages.table is None:
            return wrapped(f"{Mark.ANSWER.drawn} {READING}", width, Ink.MUTED) if self._is_late else ()
        return boards_rows(pages.prepared.boards, width)

    def _chat_head(self, width: int) -> Sequence[Row]:
        chat, report, live = self._pages.chat, self._pages.report, self._live.now
        if self.size.height < LOW and live is not None:
            first, *_, last = live_rows(live, width)
            return [first, last]
        limits = chat.limits if self._live.limits is None else self._live.limits
        rows = [*chat_rows(chat, report, width), *limit_rows(limits, width)]
        if live is not None:
            rows += live_rows(live, width)
        elif not self._lines:
            rows += wrapped(NO_ANSWER, width, Ink.MUTED)
        return rows

    def _heading(self, width: int) -> Sequence[Row]:
        table = self._pages.table
        return [table.heading(width)] if table else ()

    def _sum(self, width: int) -> Sequence[Row]:
        table = self._pages.table
        return [table.sum_row(width)] if table else ()

    def _about(self, width: int) -> Sequence[Row]:
        line = self._current
        return [cut(row, width) for row in about_rows(line, self._pages.report, width)] if line else ()

    # What keys do

    @property
    def _opens(self) -> Callable[[], None] | None:
        """What Enter does to the line under the cursor; None where it does nothing."""
        line, host = self._current, self._host
        match line.what if line else None:
            case Asked(id=id_, kind=LedgerKind.ANSWER | LedgerKind.SUMMARY) if host is not None:
                return lambda: host.open_answer(id_)
            case BoardRow() as row if view_behind(self._pages.listed) is not None:
                return lambda: self._open(lambda: self._pages.open(row), cursor=0)
            case BoardRow() as row if host is not None and row.sum.is_openable:
                return lambda: host.open_conversation(row.key)
            case _:
                return None

    def _open(self, make: Callable[[], tuple[Opened, ...]], *, cursor: int | None) -> None:
        """Show what is behind rows; what is shown stays until that is made."""
        _: Worker[None] = self.run_worker(partial(self._make, make, cursor), group="behind", exclusive=True)

    async def _make(self, make: Callable[[], tuple[Opened, ...]], cursor: int | None) -> None:
        at, late = (self._pages.view, self._pages.narrowings), self.set_timer(SAID_AFTER_S, self._say_made)
        try:
            opened = await asyncio.to_thread(make)
        finally:
            late.stop()
        if at == (self._pages.view, self._pages.narrowings):
            key, self._pages.opened = self._key, opened
            self._show_table(self._pages.place_of(key) if cursor is None else cursor)

    def _say_made(self) -> None:
        self.show_state(f"{Mark.ANSWER.drawn} {READING}")

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Open what is behind the line."""
        event.stop()
        if (opens := self._opens) is not None:
            opens()

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Say more of the line under the cursor."""
        event.stop()
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only where it does something."""
        match action:
            case "sort" | "save":
                return bool(self._lines)
            case "budget":
                return self._host is not None
            case "span":
                return self._pages.view not in (View.CHAT, View.MONTHS)
            case "back":
                return bool(self._pages.opened)
            case _:
                return super().check_action(action, parameters)

    def action_view(self, view: str) -> None:
        """Turn to a view."""
        self.show_view(View(view))

    def action_next_view(self) -> None:
        """Turn to the next view."""
        views = list(View)
        self.show_view(views[(views.index(self._pages.view) + 1) % len(views)])

    def action_sort(self) -> None:
        """List in the next order."""
        self._pages.sort()
        self._show_table(cursor=0)

    def action_span(self) -> None:
        """Show what was spent in all time, or again in the last days."""
        self._pages.choose_other_time()
        self._show_time()

    def action_budget(self) -> None:
        """Set a budget."""
        if self._host is not None:
            self._host.set_budget()

    def action_save(self) -> None:
        """Save what is listed, for a spreadsheet."""
        if self._host is not None:
            self._host.save_usage(*self._pages.csv())

    def action_back(self) -> None:
        """Show again what a row was opened in."""
        if self._pages.opened:
            gone = self._pages.close()
            self._show_table(cursor=self._pages.place_of(gone.key))

    def action_close(self) -> None:
        """Go back to what a row was opened in, else ask to be closed."""
        if self._pages.opened:
            self.action_back()
        else:
            super().action_close()
