"""The list of conversations, read in pieces and kept in step."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.listed import RowStore
from tui_chat.chat.ports import ConversationSummary
from tui_chat.core.usage import Spending
from tui_chat.workspace.conversation_list import ConversationList, Order, ordered


def row(name: str, at: float = 0.0, messages: int = 1, usd: str = "") -> ConversationSummary:
    spending = Spending(answers=1, usd=Decimal(usd)) if usd else Spending(answers=1, unknown=1)
    return ConversationSummary(name, name, "m", 0.0, at, messages, spending)


def ids(rows: Iterable[ConversationSummary]) -> str:
    return " ".join(each.id for each in rows)


async def whole(store: RowStore, *, first: int = 3, piece: int = 4) -> ConversationList:
    listed = ConversationList(store, first=first, piece=piece)
    await listed.read_first()
    while listed.is_due:
        await listed.read_on()
    assert listed.is_whole
    return listed


@given(st.lists(st.integers(0, 6), max_size=30))
async def test_pieces_make_the_whole_list_whatever_the_times_are(times: list[int]) -> None:
    store = RowStore(row(f"c{number}", at) for number, at in enumerate(times))
    listed = await whole(store)
    assert listed.rows == await store.list()


async def test_where_nothing_was_written_nothing_is_read() -> None:
    store = RowStore(row(f"c{number}", number) for number in range(9))
    listed = await whole(store)
    store.read.clear()
    assert await listed.follow() is False
    assert store.read == []


async def test_a_change_is_read_in_the_first_page_and_then_once_it_is_quiet_in_all() -> None:
    store = RowStore(row(f"c{number}", number) for number in range(9))
    listed = await whole(store)
    store.read.clear()
    store.change(replace(row("c0"), title="deep"))
    store.change(row("new", 20.0))
    assert await listed.follow() is True
    assert store.read == [3]
    assert (ids(listed.rows[:1]), listed.is_due) == ("new", False)
    assert await listed.follow() is False
    while listed.is_due:
        await listed.read_on()
    assert listed.rows == await store.list()


async def test_what_is_gone_elsewhere_goes_here() -> None:
    store = RowStore(row(f"c{number}", number) for number in range(9))
    listed = await whole(store)
    await store.hide("c8")
    await store.hide("c1")
    await listed.follow()
    await listed.follow()
    while listed.is_due:
        await listed.read_on()
    assert ids(listed.rows) == "c7 c6 c5 c4 c3 c2 c0"


async def test_what_was_done_here_is_seen_at_once() -> None:
    listed = await whole(RowStore(row(f"c{number}", number) for number in range(3)))
    listed.forget("c1")
    assert ids(listed.rows) == "c2 c0"
    listed.put(row("c1", 1.0))
    assert ids(listed.rows) == "c2 c1 c0"


@pytest.mark.parametrize(
    ("order", "expected"),
    [(Order.LAST, "b c a"), (Order.TITLE, "a b c"), (Order.COST, "a c b"), (Order.MESSAGES, "c b a")],
)
def test_an_order_puts_what_is_unknown_last(order: Order, expected: str) -> None:
    rows = (row("b", 3, 2), row("c", 2, 9, "0.1"), row("a", 1, 1, "0.2"))
    assert ids(ordered(rows, order)) == expected


def test_the_orders_come_one_after_the_other() -> None:
    assert [order.next for order in Order] == [Order.TITLE, Order.COST, Order.MESSAGES, Order.LAST]
