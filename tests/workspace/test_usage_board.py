"""The tables of usage: their sums are those of their rows, whatever is opened in them, and no unknown is a zero."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.workspace.test_spending_report import ZONES, entries, living_in, row, spent_of
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, Speed, Spent
from tui_chat.core.usage import Spending
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.spending_report import DELETED
from tui_chat.workspace.usage_board import (
    NOUNS,
    OF_ALL,
    ORDERS,
    Narrowing,
    Order,
    View,
    behind,
    beside_words,
    boards_of,
    day_name,
    gaps_words,
    in_order,
    month_name,
    next_order,
    table_csv,
    table_of,
    view_behind,
    view_called,
)
from tui_chat.workspace.usage_report import UsageReport

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


def sum_of(rows: Sequence[Spending]) -> Spending:
    return reduce(Spending.and_also, rows, Spending())


def names(spent: Sequence[Spent], view: View, order: Order, speeds: Sequence[Speed] = ()) -> list[str]:
    table = table_of(UsageReport(NOON, tuple(spent), tuple(speeds)), view)
    return [each.name for each in in_order(table.rows, order)]


@given(entries, st.sampled_from(ZONES))
def test_every_table_and_whatever_is_opened_in_it_adds_up_to_its_sum(found: list[LedgerEntry], zone: str) -> None:
    with living_in(zone):
        report = UsageReport(NOON, asyncio.run(spent_of(found)))
        boards = boards_of(report)
        for view in OF_ALL:
            table = boards.tables[view]
            assert sum_of([each.sum.spending for each in table.rows]) == table.total.spending
            assert table.total.spending == boards.tables[View.DAYS].total.spending
            if (opened := view_behind(view)) is None:
                continue
            for each in table.rows:
                inner = table_of(report, opened, behind(report, [Narrowing(view, each.key, each.name)]))
                assert inner.total.spending == each.sum.spending
                assert sum_of([one.sum.spending for one in inner.rows]) == each.sum.spending


def test_what_is_opened_within_what_was_opened_is_a_part_of_both() -> None:
    spent = [row(NOON, "1", "a"), row(NOON - DAY_S, "2", "a"), row(NOON - DAY_S, "4", "b"), row(NOON - 60 * DAY_S, "8")]
    report = UsageReport(NOON, tuple(spent))
    month = Narrowing(View.MONTHS, "2026-11", "November 2026")
    assert [each.name for each in table_of(report, View.DAYS, behind(report, [month])).rows] == ["today", "yesterday"]
    day = Narrowing(View.DAYS, "2026-11-28", "yesterday")
    inner = table_of(report, View.CONVERSATIONS, behind(report, [month, day]))
    assert [(each.name, each.sum.spending.usd) for each in inner.rows] == [("a", Decimal(2)), ("b", Decimal(4))]
    assert table_csv(boards_of(report), View.CONVERSATIONS, [month, day]).splitlines()[1:] == [
        "conversation,b,b,1,1,1,0,4,0,0",
        "conversation,a,a,1,1,1,0,2,0,0",
    ]


def test_rows_have_the_names_that_people_give_them() -> None:
    assert day_name(date(2026, 11, 29), date(2026, 11, 29)) == "today"
    assert day_name(date(2026, 11, 28), date(2026, 11, 29)) == "yesterday"
    assert day_name(date(2026, 11, 26), date(2026, 11, 29)) == "Thu 26 Nov"
    assert day_name(date(2025, 11, 29), date(2026, 11, 29)) == "Sat 29 Nov 2025"
    assert day_name(date(2026, 11, 30), date(2026, 11, 29)) == "Mon 30 Nov"
    assert month_name("2026-02") == "February 2026"


def test_hostile_names_are_made_harmless_and_empty_ones_are_said() -> None:
    spent = [row(NOON, "1", "c", model="[/x]\x1b]0;t\x07"), row(NOON, "1", "", model="")]
    assert names(spent, View.MODELS, Order.NAME) == ["[/x]␛]0;t␇", "–"]
    assert names(spent, View.GATEWAYS, Order.COST) == ["–"]


def test_deleted_conversations_are_one_row_that_cannot_be_opened() -> None:
    spent = [row(NOON, "1", "a", is_kept=False), row(NOON, "2", "b", is_kept=False), row(NOON, "4", "c")]
    rows = in_order(table_of(UsageReport(NOON, tuple(spent)), View.CONVERSATIONS).rows, Order.COST)
    assert [(each.name, each.sum.spending.usd, each.sum.is_openable) for each in rows] == [
        ("c", Decimal(4), True),
        (DELETED, Decimal(3), False),
    ]


def test_by_cost_what_is_unknown_comes_last_and_by_time_the_newest_first() -> None:
    spent = [row(NOON - DAY_S, "0", "free"), row(NOON, None, "unknown"), row(NOON - 3 * DAY_S, "5", "dear")]
    assert names(spent, View.CONVERSATIONS, Order.COST) == ["dear", "free", "unknown"]
    assert names(spent, View.CONVERSATIONS, Order.NEWEST) == ["unknown", "free", "dear"]
    assert names([*spent, row(NOON, "1", "free")], View.CONVERSATIONS, Order.ANSWERS)[0] == "free"


def test_the_model_that_wrote_fastest_today_is_marked_and_comes_first_by_speed() -> None:
    speeds = [
        Speed(NOON, "slow", 0.3, 40.0),
        Speed(NOON, "fast", 0.9, 80.0),
        Speed(NOON, "fast", 0.9, 90.0),
        Speed(NOON - DAY_S, "faster once", 0.1, 400.0),
    ]
    spent = [row(NOON, "1", model=model) for model in ("unmeasured", "faster once", "slow", "fast")]
    rows = in_order(table_of(UsageReport(NOON, tuple(spent), tuple(speeds)), View.MODELS).rows, Order.SPEED)
    assert [(each.name, each.is_fastest) for each in rows] == [
        ("fast", True),
        ("slow", False),
        ("faster once", False),
        ("unmeasured", False),
    ]
    assert [each.today.tokens_per_s if each.today else None for each in rows] == [85.0, 40.0, None, None]
    assert rows[2].lately is not None


def test_what_a_sum_does_not_know_is_counted() -> None:
    assert gaps_words(row(NOON, "1").spending) == ""
    assert gaps_words(row(NOON, None).spending) == "1 unknown"
    assert gaps_words(row(NOON, None).spending, tells_signs=True) == "1 unknown (≥)"


@pytest.mark.parametrize("view", OF_ALL)
def test_the_orders_of_a_view_go_around(view: View) -> None:
    order = ORDERS[view][0]
    for _ in ORDERS[view]:
        order = next_order(view, order)
    assert order == ORDERS[view][0]


def test_each_row_says_how_much_of_it_went_into_titles_and_summaries() -> None:
    beside = (replace(row(NOON, "0.0000472"), kind=LedgerKind.TITLE), replace(row(NOON, None), kind=LedgerKind.SUMMARY))
    report = UsageReport(NOON, (row(NOON, "1"), *beside, beside[0]))
    (today,) = table_of(report, View.DAYS).rows
    assert beside_words(today.sum) == "2 titles of it $0.0000944, 1 summary of it cost unknown"
    kinds = table_of(report, View.KINDS).rows
    assert [(each.name, beside_words(each.sum)) for each in kinds] == [
        ("answers", ""),
        ("titles", ""),
        ("summaries", ""),
    ]


def test_views_are_called_by_their_words() -> None:
    for view in View:
        assert view_called(f" {view.upper()} ") == view_called(NOUNS[view]) == view
    with pytest.raises(CommandRefused, match="by days, months, models, gateways, conversations or kinds"):
        view_called("weeks")
