"""The tables of a report of usage: what was spent by day, month, model, gateway, conversation and kind, named for
people, in an order, and narrowed to what stands behind one of their rows.

The sum of each table is that of its rows. Making tables of a long ledger takes a while: it is done in a thread.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from tui_chat.chat.ledger import LedgerKind, Spent
from tui_chat.core import figures
from tui_chat.core.moments import local_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import Spending
from tui_chat.workspace.conversations import UNTITLED
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.speeds import ModelSpeed, by_model, fastest, since_today
from tui_chat.workspace.spending_report import (
    DELETED,
    LastDays,
    Sum,
    csv_text,
    is_under,
    last_days,
    shares,
    summed_up,
    total_of,
)
from tui_chat.workspace.usage_report import Span, UsageReport

LONGEST_NAME: Final = 200


class View(StrEnum):
    """A page of the board, by its word after `/usage`."""

    CHAT = "chat"
    DAYS = "days"
    MONTHS = "months"
    MODELS = "models"
    GATEWAYS = "gateways"
    CONVERSATIONS = "conversations"
    KINDS = "kinds"


TITLES: Final[Mapping[View, str]] = {
    View.CHAT: "This chat",
    View.DAYS: "Days",
    View.MONTHS: "Months",
    View.MODELS: "Models",
    View.GATEWAYS: "Gateways",
    View.CONVERSATIONS: "Conversations",
    View.KINDS: "Kinds",
}
OF_ALL: Final = tuple(view for view in View if view is not View.CHAT)
"""The views of all conversations."""
NOUNS: Final[Mapping[View, str]] = {
    View.CHAT: "answer",
    View.DAYS: "day",
    View.MONTHS: "month",
    View.MODELS: "model",
    View.GATEWAYS: "gateway",
    View.CONVERSATIONS: "conversation",
    View.KINDS: "kind",
}
"""What a row of a view is; but for the first one, the word that `spending_report` sums up by."""


PLURALS: Final[Mapping[LedgerKind, str]] = {
    LedgerKind.ANSWER: "answers",
    LedgerKind.TITLE: "titles",
    LedgerKind.SUMMARY: "summaries",
}
"""Names of the kinds of what is spent."""


def view_called(word: str) -> View:
    """The view of a word: `days`, also `day`.

    Raises:
        CommandRefused: there is none of this name.
    """
    word = word.strip().lower()
    for view in View:
        if word in (view.value, NOUNS[view]):
            return view
    raise CommandRefused(f"Usage is shown for this {View.CHAT}, or by {', '.join(OF_ALL[:-1])} or {OF_ALL[-1]}.")


class Order(StrEnum):
    """An order of rows, in words."""

    NEWEST = "newest first"
    COST = "by cost"
    ANSWERS = "by answers"
    SPEED = "by speed today"
    NAME = "by name"


ORDERS: Final[Mapping[View, tuple[Order, ...]]] = {
    View.CHAT: (Order.NEWEST, Order.COST),
    View.DAYS: (Order.NEWEST, Order.COST, Order.ANSWERS),
    View.MONTHS: (Order.NEWEST, Order.COST, Order.ANSWERS),
    View.MODELS: (Order.COST, Order.ANSWERS, Order.SPEED, Order.NAME),
    View.GATEWAYS: (Order.COST, Order.ANSWERS, Order.NAME),
    View.CONVERSATIONS: (Order.COST, Order.NEWEST, Order.ANSWERS, Order.NAME),
    View.KINDS: (Order.COST, Order.ANSWERS, Order.NAME),
}
"""The orders of each view; the first is the one that it begins with."""


def next_order(view: View, order: Order) -> Order:
    """The order after this one, around."""
    orders = ORDERS[view]
    return orders[(orders.index(order) + 1) % len(orders)]


class BoardRow(msgspec.Struct, frozen=True, gc=False):
    """A row of a table."""

    name: str
    """For a screen; harmless."""
    sum: Sum
    share: float
    """Of what the largest row cost, from 0 to 1."""
    today: ModelSpeed | None = None
    """Of a model: how fast it was today; None where it was not measured."""
    lately: ModelSpeed | None = None
    """The same over the last days."""
    is_fastest: bool = False
    """Of several models that were measured today."""

    @property
    def key(self) -> str:
        """The name that it is summed up under."""
        return self.sum.name


class Table(NamedTuple):
    """A view of what was spent."""

    rows: tuple[BoardRow, ...]
    total: Sum


class Narrowing(NamedTuple):
    """What a table shows only a part for: the row that was opened."""

    view: View
    key: str
    name: str


class Boards(msgspec.Struct, frozen=True):
    """The tables of one report."""

    report: UsageReport
    tables: Mapping[View, Table]
    last_days: LastDays

    @property
    def is_empty(self) -> bool:
        """Nothing was spent in its time."""
        return not self.report.spent


def boards_of(report: UsageReport) -> Boards:
    """Make every table of a report."""
    tables: dict[View, Table] = {view: table_of(report, view) for view in OF_ALL}
    return Boards(report, tables, last_days(report.spent, report.at))


def behind(report: UsageReport, narrowings: Sequence[Narrowing]) -> list[Spent]:
    """What was spent behind rows that were opened, each within the one before."""
    spent = list(report.spent)
    for narrowing in narrowings:
        word = NOUNS[narrowing.view]
        spent = [row for row in spent if is_under(row, word, narrowing.key)]
    return spent


def span_of(view: View, chosen: Span) -> Span:
    """Of what time a view is: months are of all time, and this chat needs no more than the last days."""
    return {View.MONTHS: Span.ALL, View.CHAT: Span.LATELY}.get(view, chosen)


def view_behind(view: View) -> View | None:
    """What a row of a view opens: the days of a month, the conversations of all else; None where it opens no table."""
    match view:
        case View.CHAT | View.CONVERSATIONS:
            return None
        case View.MONTHS:
            return View.DAYS
        case _:
            return View.CONVERSATIONS


def table_of(report: UsageReport, view: View, spent: Sequence[Spent] | None = None) -> Table:
    """The table of a view, of all that was spent or of a part of it."""
    spent = report.spent if spent is None else spent
    word, today = NOUNS[view], local_moment(report.at).date()
    sums = summed_up(spent, word, joins_deleted=True)
    measured = _Measured(report) if view is View.MODELS else None
    rows = tuple(
        BoardRow(_name(view, each, today), each, share, *(measured.of(each.name) if measured else ()))
        for each, share in zip(sums, shares(sums), strict=True)
    )
    return Table(rows, total_of(spent))


class _Measured:
    """How fast models were."""

    def __init__(self, report: UsageReport) -> None:
        self._today = by_model(since_today(report.speeds, report.at))
        self._lately = by_model(report.speeds)
        self._fastest = fastest(self._today)

    def of(self, model: str) -> tuple[ModelSpeed | None, ModelSpeed | None, bool]:
        """Today, lately, and whether it was the fastest today."""
        return self._today.get(model), self._lately.get(model), model == self._fastest


def in_order(rows: Iterable[BoardRow], order: Order) -> tuple[BoardRow, ...]:
    """The rows in an order; of those that are alike in it, the one that was added to last comes first."""
    newest = sorted(rows, key=lambda row: row.sum.last_at, reverse=True)
    match order:
        case Order.NEWEST:
            return tuple(newest)
        case Order.COST:
            return tuple(sorted(newest, key=lambda row: (not row.sum.spending.is_known, -row.sum.spending.usd)))
        case Order.ANSWERS:
            return tuple(sorted(newest, key=lambda row: -row.sum.spending.answers))
        case Order.SPEED:
            return tuple(sorted(newest, key=_slowness))
        case Order.NAME:
            return tuple(sorted(newest, key=lambda row: row.name.lower()))


def _slowness(row: BoardRow) -> tuple[float, float]:
    """Those that were measured today come before those that were before, and those before the rest."""
    speeds = (row.today and row.today.tokens_per_s, row.lately and row.lately.tokens_per_s)
    first, then = (-(rate or 0.0) for rate in speeds)
    return first, then


def table_csv(boards: Boards, view: View, narrowings: Sequence[Narrowing]) -> str:
    """What a view shows, for a spreadsheet; each deleted conversation is a row of its own there."""
    return csv_text(behind(boards.report, narrowings), [NOUNS[view]])


# Names


def _name(view: View, each: Sum, today: date) -> str:
    match view:
        case View.DAYS:
            return day_name(date.fromisoformat(each.name), today)
        case View.MONTHS:
            return month_name(each.name)
        case View.CONVERSATIONS if each.title == DELETED and not each.name:
            return DELETED
        case View.CONVERSATIONS:
            return sanitize_line(each.title, LONGEST_NAME) or UNTITLED
        case View.KINDS:
            return PLURALS[LedgerKind(each.name)]
        case _:
            return sanitize_line(each.name, LONGEST_NAME) or figures.UNKNOWN


def day_name(day: date, today: date) -> str:
    """`today`, `yesterday`, `Thu 26 Nov`, `Thu 26 Nov 2025`."""
    if 0 <= (ago := (today - day).days) <= 1:
        return "yesterday" if ago else "today"
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def month_name(month: str) -> str:
    """`November 2026` for `2026-11`."""
    year, _, number = month.partition("-")
    return f"{calendar.month_name[int(number)]} {year}"


# What a sum does not say


def beside_words(each: Sum) -> str:
    """What of a sum was no answer to a person: `2 titles of it $0.0000472, 1 summary of it $0.0019`; else empty."""
    said = (
        f"{part.answers} {kind if part.answers == 1 else PLURALS[kind]} of it {figures.total_cost(part, is_exact=True)}"
        for kind, part in each.beside.items()
        if each.name != kind
    )
    return ", ".join(said)


def gaps_words(spending: Spending, *, tells_signs: bool = False) -> str:
    """How much of a sum is not known or only estimated: `3 unknown · 12 estimated`; empty where all of it is exact.
    `tells_signs`: with the signs that stand before such a sum."""
    counts = (
        (max(spending.unknown, spending.uncounted), "unknown", "≥"),
        (spending.estimated, "estimated", "~"),
    )
    return " · ".join(f"{n} {word}{f' ({sign})' if tells_signs else ''}" for n, word, sign in counts if n)
