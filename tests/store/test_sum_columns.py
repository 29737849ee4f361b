"""Sums as columns of integers: nothing is lost on the way, however large or fine."""

import sqlite3
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.store.sum_columns import NAMES, TOGETHER, Sums, Together, columns_of, sums_of

TOKENS = st.none() | st.integers(0, 10**6) | st.integers(-(2**63), 2**63)
COSTS = st.none() | st.builds(
    Cost,
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9),
    st.sampled_from(CostSource),
)
SUMS = st.builds(
    lambda counts, cost: Sums().plus(counts, cost),
    st.none() | st.builds(TokenCounts, TOKENS, TOKENS, st.none(), st.none(), TOKENS, TOKENS),
    COSTS,
)


@given(SUMS)
def test_sums_are_the_same_from_their_columns(sums: Sums) -> None:
    assert sums_of(columns_of(sums)) == sums


@given(st.lists(SUMS, min_size=1, max_size=20))
def test_rows_that_sqlite_adds_up_are_the_sum_of_all(rows: list[Sums]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t ({', '.join(NAMES)})")
    for columns in map(columns_of, rows):
        places = ", ".join("?" * len(NAMES))
        connection.execute(f"INSERT INTO t VALUES ({places})", [getattr(columns, name) for name in NAMES])
    found = Together(*connection.execute(f"SELECT {TOGETHER} FROM t").fetchone())
    connection.close()
    with localcontext(prec=200):
        total = Sums()
        for row in rows:
            total = total.and_also(row)
        assert found.sums == total


@given(SUMS, SUMS)
def test_what_is_added_and_taken_away_again_leaves_what_was_there(sums: Sums, other: Sums) -> None:
    assert sums.and_also(other).but_for(other) == sums


def test_a_cost_is_added_with_all_its_digits() -> None:
    dear, fine = (Cost(Decimal(usd), CostSource.GATEWAY) for usd in ("123456.789", "0.000000000000000000000000000001"))
    assert Sums().plus(None, dear).plus(None, fine).spending.usd == Decimal("123456.789000000000000000000000000001")
