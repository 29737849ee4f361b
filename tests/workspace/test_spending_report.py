"""Sums of the ledger: none of it is lost or counted twice, whatever it is summed up by, in whatever time zone."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.memory_store import MemoryStore
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, Spent
from tui_chat.cli.flag_values import GROUPINGS
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.workspace.spending_report import (
    DELETED,
    FACTS,
    WORDS,
    csv_text,
    facts_of,
    last_days,
    ordered,
    shares,
    summed_up,
    total_of,
)

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati", "Australia/Lord_Howe")
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()


@contextmanager
def living_in(zone: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        try:
            yield
        finally:
            patch.undo()
            time.tzset()


amounts = st.decimals(0, 1000, allow_nan=False, allow_infinity=False, places=9)
entries = st.lists(
    st.builds(
        LedgerEntry,
        st.uuids().map(str),
        st.sampled_from(["c1", "c2", "gone"]),
        st.floats(1.77e9, 1.80e9),
        st.sampled_from(LedgerKind),
        st.just("m"),
        st.sampled_from(["m1", "m2"]),
        st.sampled_from(["", "https://one.test"]),
        st.none() | st.builds(TokenCounts, *[st.none() | st.integers(0, 10_000)] * 5),
        st.none() | st.builds(Cost, amounts, st.sampled_from(CostSource)),
    ),
    max_size=12,
    unique_by=lambda entry: entry.id,
)


async def spent_of(found: list[LedgerEntry]) -> tuple[Spent, ...]:
    store = MemoryStore()
    for entry in found:
        await store.add_to_ledger(entry)
    return await store.spent()


@given(entries, st.sampled_from(ZONES), st.booleans())
def test_every_table_adds_up_to_the_ledger_and_days_are_those_of_the_zone(
    found: list[LedgerEntry], zone: str, joins_deleted: bool
) -> None:
    exact = reduce(lambda total, entry: total.plus(entry.counts, entry.cost), found, Spending())
    cached = [entry.counts.cached_tokens for entry in found if entry.counts and entry.counts.cached_tokens is not None]
    with living_in(zone):
        spent = asyncio.run(spent_of(found))
        assert total_of(spent).spending == exact
        for word in WORDS:
            sums = summed_up(spent, word, joins_deleted=joins_deleted)
            assert reduce(Spending.and_also, (each.spending for each in sums), Spending()) == exact
            assert sum(each.cached_tokens or 0 for each in sums) == sum(cached)
            assert sum(each.cached_untold for each in sums) == len(found) - len(cached)
            assert len({(each.name, each.title) for each in sums}) == len(sums)
        days = {f"{datetime.fromtimestamp(entry.created_at, ZoneInfo(zone)):%F}" for entry in found}
        assert {each.name for each in summed_up(spent, "day")} == days
        assert {each.name for each in summed_up(spent, "month")} == {day[:7] for day in days}


def row(at: float, usd: str | None, conversation: str = "c", *, is_kept: bool = True, model: str = "m") -> Spent:
    cost = Cost(Decimal(usd), CostSource.GATEWAY) if usd is not None else None
    title = conversation if is_kept else ""
    return Spent(at, conversation, title, (), model, "", Spending().plus(TokenCounts(1, 1), cost), None, is_kept)


def test_the_words_are_those_of_the_command_line() -> None:
    assert WORDS == GROUPINGS
    assert tuple(facts_of(Spending())) == FACTS
    half = facts_of(Spending().plus(TokenCounts(5), None))
    assert (half["prompt_tokens"], half["completion_tokens"], half["uncounted_answers"]) == (5, None, 1)


def test_a_day_on_which_clocks_are_changed_is_one_day() -> None:
    with living_in("Europe/Berlin"):
        began = datetime(2026, 10, 25).timestamp()  # twenty-five hours long
        spent = [row(began + hours * 3600, "1") for hours in range(25)]
        (day,) = summed_up(spent, "day")
        assert (day.name, day.spending.answers) == ("2026-10-25", 25)


def test_deleted_conversations_are_one_row_for_people_and_each_its_own_for_programs() -> None:
    spent = [row(0, "1", "a", is_kept=False), row(0, "2", "b", is_kept=False), row(0, "4", "c")]
    joined = ordered(summed_up(spent, "conversation", joins_deleted=True), "conversation")
    assert [(each.name, each.title, str(each.spending.usd)) for each in joined] == [("c", "c", "4"), ("", DELETED, "3")]
    assert csv_text(spent, ["conversation"]).count("\n") == 4


def test_bars_are_shares_of_the_largest() -> None:
    sums = summed_up([row(0, "4", "a"), row(0, "1", "b"), row(0, None, "c")], "conversation")
    assert shares(sums) == [1.0, 0.25, 0.0]
    assert shares(summed_up([row(0, None)], "day")) == [0.0]


def test_the_last_days_say_lowest_highest_and_today_and_no_unknown_is_the_lowest() -> None:
    day_s = timedelta(days=1).total_seconds()
    days = last_days([row(NOON, "0.5"), row(NOON - day_s, None), row(NOON - 2 * day_s, "2")], NOON, 3)
    assert days.line == "█▁▄"
    assert days.words == "$0.50 to $2.00, today $0.50"
    assert last_days([], NOON).words == "$0 to $0, today $0"
    assert len(last_days([], NOON).line) == 30
    assert last_days([row(NOON, None)], NOON).words.endswith("today –")
