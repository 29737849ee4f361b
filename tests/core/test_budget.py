"""When a request goes over a budget."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.budget import Budget, Scope, Used, left_words, over_words, share_words

CENT = Decimal("0.01")
AMOUNTS = st.decimals(min_value=0, max_value=1000, places=6)


def test_without_a_budget_nothing_is_over() -> None:
    assert Budget().over(Used(Decimal(9), Decimal(9), Decimal(9)), Decimal(1000)) is None
    assert not Budget().is_set


@pytest.mark.parametrize("scope", Scope)
def test_what_fits_to_the_last_digit_is_not_over(scope: Scope) -> None:
    used = Used(CENT, CENT, CENT)
    left = Decimal(1) - used.of(scope)
    budget = Budget().with_limit(scope, Decimal(1))
    assert budget.over(used, left) is None
    assert budget.over(used, left + Decimal("1e-12")) is scope


def test_what_costs_nothing_goes_over_no_budget() -> None:
    assert Budget(day=CENT).over(Used(day=Decimal(5)), Decimal(0)) is None


def test_the_smallest_budget_is_named_first() -> None:
    budget = Budget(answer=CENT, conversation=CENT, day=CENT, month=CENT)
    assert budget.over(Used(), Decimal(1)) is Scope.ANSWER


@given(st.lists(AMOUNTS, max_size=20), AMOUNTS)
def test_spending_only_what_is_not_over_never_passes_the_limit(amounts: list[Decimal], limit: Decimal) -> None:
    budget, used = Budget(day=limit), Used()
    for usd in amounts:
        if budget.over(used, usd) is None:
            used = used.plus(usd, is_estimated=False)
    assert used.day <= limit


def test_most_of_a_budget_is_four_fifths() -> None:
    budget = Budget(day=Decimal(1), month=Decimal(100))
    assert list(budget.warned(Used(day=Decimal("0.799"), month=Decimal(1)))) == []
    assert list(budget.warned(Used(day=Decimal("0.8"), month=Decimal(1)))) == [(Scope.DAY, Decimal("0.8"))]
    assert budget.used_up(Used(day=Decimal("0.999"))) is None
    assert budget.used_up(Used(day=Decimal(1))) is Scope.DAY


def test_words_mark_an_estimate() -> None:
    used = Used(day=Decimal("5.02"), estimated=frozenset({Scope.DAY}))
    words = over_words(Scope.DAY, Decimal(5), used, Decimal("0.09"))
    assert words == "~$5.02 of $5.00 are used today; this request would add about $0.09."
    assert share_words(Scope.MONTH, Decimal("0.841"), used) == "84 % of this month’s budget is used."
    assert share_words(Scope.DAY, Decimal("0.841"), used) == "~84 % of today’s budget is used."
    assert left_words(Scope.DAY, Decimal(6), used) == "~$0.98 of $6.00 are left."
    assert left_words(Scope.DAY, Decimal(5), used) == "$0 of $5.00 are left."


def test_words_say_where_some_costs_are_not_known() -> None:
    used = Used(day=Decimal("5.02"), untold=frozenset({Scope.DAY}))
    assert share_words(Scope.DAY, Decimal("0.841"), used) == "at least 84 % of today’s budget is used."
    assert left_words(Scope.DAY, Decimal(6), used) == "at most $0.98 of $6.00 are left."
