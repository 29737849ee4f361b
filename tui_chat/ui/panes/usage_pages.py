"""Which table of the usage board is shown: its view, the rows that were opened in it, and the order of each view."""

from typing import Final, NamedTuple

from tui_chat.core.errors import Failure
from tui_chat.ui.panes.usage_table import ChatTable, DrawnTable, Prepared, narrowed_table
from tui_chat.workspace.usage_board import (
    ORDERS,
    TITLES,
    BoardRow,
    Narrowing,
    Order,
    View,
    next_order,
    span_of,
    table_csv,
    view_behind,
)
from tui_chat.workspace.usage_report import ChatUsage, Span, UsageReport, asked_csv

_STEM: Final = "usage"
_WIDE: Final = 76


class Opened(NamedTuple):
    """A row that was opened, and the table behind it."""

    row: Narrowing
    table: DrawnTable


class UsagePages:
    """What the board has read, and where in it one is."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.opened: tuple[Opened, ...] = ()
        """The rows that were opened, each in the table behind the one before."""
        self.chat = ChatUsage()
        self.chosen = Span.LATELY
        """The time that was chosen for what was spent in all."""
        self._read: dict[Span, Prepared] = {}
        self.failure: Failure | None = None
        """Why nothing can be read."""
        self._orders = {each: orders[0] for each, orders in ORDERS.items()}
        self._chat_table = ChatTable()
        self._of_chat: DrawnTable | None = None

    @property
    def tabs(self) -> tuple[list[str], int]:
        """The titles of the views, and the place of the one that is shown."""
        views = list(View)
        return [TITLES[view] for view in views], views.index(self.view)

    @property
    def listed(self) -> View:
        """The view whose rows are listed: behind a row that was opened, another one than its own."""
        return self.opened[-1].table.view if self.opened else self.view

    @property
    def table(self) -> DrawnTable | None:
        """The table that is shown; None while it is not known."""
        if self.view is View.CHAT:
            return self._of_chat
        if self.opened:
            return self.opened[-1].table
        return self.prepared.tables[self.view] if self.prepared else None

    @property
    def span(self) -> Span:
        """The time that is shown."""
        return span_of(self.view, self.chosen)

    @property
    def prepared(self) -> Prepared | None:
        """What was spent in the time that is shown; None before it was read."""
        return self._read.get(self.span)

    @property
    def report(self) -> UsageReport | None:
        """The same, as it was read."""
        return self.prepared.boards.report if self.prepared else None

    @property
    def order(self) -> Order:
        """The order of the rows that are listed."""
        return self._orders[self.listed]

    def order_words(self, width: int) -> str:
        """The order, on a frame of so many cells: where they are few, only another one than the usual."""
        is_usual = self.order is ORDERS[self.listed][0]
        return "" if is_usual and width < _WIDE else self.order.value

    def turn(self, view: View) -> None:
        """Go to a view."""
        self.view, self.opened = view, ()

    def show_chat(self, chat: ChatUsage, now: float, *, writing: str) -> None:
        """Show how the open conversation stands, but for the answer that is being `writing`."""
        self.chat = chat
        self._of_chat = self._chat_table.table(chat, now, but_for=writing)
        self._of_chat.sort(self._orders[View.CHAT])

    def show_report(self, read: Prepared) -> None:
        """Show what was spent."""
        self._read[read.boards.report.span], self.failure = read, None
        for view, table in read.tables.items():
            table.sort(self._orders[view])

    def choose_other_time(self) -> None:
        """Choose all time, or the last days again; what was opened of the other one is closed."""
        self.chosen, self.opened = Span.ALL if self.chosen is Span.LATELY else Span.LATELY, ()

    def forget(self) -> None:
        """What was read of a time that is not shown has changed."""
        self._read = {span: read for span, read in self._read.items() if span is self.span}

    @property
    def narrowings(self) -> tuple[Narrowing, ...]:
        """The rows that were opened."""
        return tuple(each.row for each in self.opened)

    def open(self, row: BoardRow) -> tuple[Opened, ...]:
        """All that is opened with one row more; making its table may take a while."""
        return self.opened_as((*self.narrowings, Narrowing(self.listed, row.key, row.name)))

    def opened_as(self, narrowings: tuple[Narrowing, ...]) -> tuple[Opened, ...]:
        """These rows with the tables behind them."""
        if self.report is None:
            return ()
        made = []
        for number, row in enumerate(narrowings, 1):
            if (view := view_behind(row.view)) is not None:
                table = narrowed_table(self.report, view, narrowings[:number])
                table.sort(self._orders[view])
                made.append(Opened(row, table))
        return tuple(made)

    def close(self) -> Narrowing:
        """Go back from behind the row that was opened last, and return it."""
        gone, self.opened = self.opened[-1], self.opened[:-1]
        return gone.row

    def sort(self) -> None:
        """List in the next order."""
        self._orders[self.listed] = next_order(self.listed, self.order)
        tables = [read.tables[self.listed] for read in self._read.values() if self.listed in read.tables]
        for table in (*tables, *filter(None, [self.table])):
            table.sort(self.order)

    def place_of(self, key: str | None) -> int | None:
        """The place of a line in the table; None where it is not there."""
        lines = self.table.lines if self.table else ()
        return next((place for place, line in enumerate(lines) if line.key == key), None)

    def csv(self) -> tuple[str, str]:
        """What is listed, for a spreadsheet, and how the name of its file begins; empty where nothing was read."""
        if self.view is View.CHAT:
            return asked_csv(self.chat.asked), f"{_STEM}-{self.view}"
        stem = "-".join((_STEM, *(each.view for each in self.narrowings), self.listed))
        return (table_csv(self.prepared.boards, self.listed, self.narrowings) if self.prepared else ""), stem
