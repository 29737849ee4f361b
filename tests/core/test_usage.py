"""Counts and costs: exact, and unknown where they are unknown."""

import math
import random
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import costs, token_counts
from tui_chat.core.budget import Used
from tui_chat.core.usage import (
    Cost,
    CostSource,
    Price,
    PriceTier,
    Spending,
    TokenCounts,
    estimate_cost,
    estimate_prompt_cost,
    estimate_tokens,
    sum_usd,
    total_spending,
)

CHEAP = Price(Decimal("0.00000015"), Decimal("0.0000006"))


@pytest.mark.parametrize(
    ("counts", "total"),
    [
        (TokenCounts(20, 6, 26), 26),
        (TokenCounts(20, 6), 26),
        (TokenCounts(20, None), 20),
        (TokenCounts(20, 6, 99), 99),
        (TokenCounts(0, 0), 0),
        (TokenCounts(), None),
        (TokenCounts(reasoning_tokens=5), None),
    ],
)
def test_a_total_is_reported_or_summed_or_unknown(counts: TokenCounts, total: int | None) -> None:
    assert counts.total == total


def test_an_estimate_is_counts_times_prices_to_the_last_digit() -> None:
    assert estimate_cost(TokenCounts(20, 6), CHEAP) == Cost(Decimal("0.0000066"), CostSource.ESTIMATE)


@pytest.mark.parametrize(
    ("counts", "price"),
    [
        (TokenCounts(None, 6), CHEAP),
        (TokenCounts(20, None), CHEAP),
        (TokenCounts(20, 6), Price(Decimal(1), None)),
        (TokenCounts(20, 6), Price(None, Decimal(1))),
    ],
)
def test_there_is_no_estimate_from_half_of_the_figures(counts: TokenCounts, price: Price) -> None:
    assert estimate_cost(counts, price) is None


class Biller:
    """Bills as a gateway does, in whole hundred-millionths of a dollar, rounded up, and by no code of ours."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.price = Price(
            Decimal("0.000003"),
            Decimal("0.000015"),
            Decimal("0.0000003"),
            reasoning_usd=Decimal("0.00002"),
            request_usd=Decimal("0.0001"),
            tiers=(PriceTier(50_000, Decimal("0.000006"), Decimal("0.0000225"), Decimal("0.0000006")),),
        )

    def answer(self) -> tuple[TokenCounts, Fraction]:
        """The tokens of an answer, and its bill in dollars."""
        chance = self._chance
        given, taken = chance.randint(1, 120_000), chance.randint(1, 4_000)
        cached, thought = chance.randint(0, given), chance.randint(0, taken)
        read, write, again = (6, Fraction(45, 2), Fraction(3, 5)) if given >= 50_000 else (3, 15, Fraction(3, 10))
        millionths = (given - cached) * read + cached * again + (taken - thought) * write + thought * 20 + 100
        hundred_millionths = math.ceil(millionths * 100)
        return TokenCounts(given, taken, given + taken, thought, cached), Fraction(hundred_millionths, 10**8)


def test_over_a_thousand_answers_the_estimates_are_the_bill_but_for_its_rounding() -> None:
    biller = Biller(7)
    answers = [biller.answer() for _ in range(1_000)]
    estimates = [estimate_cost(counts, biller.price) for counts, _ in answers]
    estimated = sum((Fraction(cost.usd) for cost in estimates if cost is not None), Fraction(0))
    billed = sum((bill for _, bill in answers), Fraction(0))
    assert abs(estimated - billed) < billed / 100_000


def test_free_is_known_to_cost_nothing() -> None:
    free = Price(Decimal(0), Decimal(0))
    assert free.is_free
    assert estimate_cost(TokenCounts(20, 6), free) == Cost(Decimal(0), CostSource.ESTIMATE)
    assert not Price().is_free
    assert not Price(Decimal(0)).is_free


USD = Decimal
LONG = Price(
    USD("0.000002"),
    USD("0.00001"),
    cached_usd=USD("0.0000002"),
    tiers=(PriceTier(200_001, USD("0.000004"), USD("0.000015"), USD("0.0000004")), PriceTier(900_000, USD("0.00001"))),
)


CACHING = Price(USD(1), USD(2), USD("0.5"), USD("1.25"))


@pytest.mark.parametrize(
    ("counts", "price", "usd"),
    [
        (TokenCounts(1000, 10, cached_tokens=400), LONG, "0.00138"),
        (TokenCounts(1000, 10, cached_tokens=400), CHEAP, "0.000156"),
        (TokenCounts(1000, 10, cached_tokens=5000), LONG, "0.0003"),
        (TokenCounts(200_000, 0), LONG, "0.4"),
        (TokenCounts(200_001, 0), LONG, "0.800004"),
        (TokenCounts(300_000, 100, cached_tokens=100_000), LONG, "0.8415"),
        (TokenCounts(1_000_000, 0, cached_tokens=500_000), LONG, "10"),
        (TokenCounts(10, 100, reasoning_tokens=60), Price(USD(1), USD(2), reasoning_usd=USD(3)), "270"),
        (TokenCounts(10, 40, 110, reasoning_tokens=60), Price(USD(1), USD(2), reasoning_usd=USD(3)), "270"),
        (TokenCounts(10, 100, reasoning_tokens=60), Price(USD(1), USD(2)), "210"),
        (TokenCounts(10, 1), Price(USD(0), USD(0), request_usd=USD("0.005")), "0.005"),
        (TokenCounts(100, 0, cached_tokens=60, cache_write_tokens=30), CACHING, "77.5"),
        (TokenCounts(100, 0, cached_tokens=60, cache_write_tokens=90), CACHING, "80"),
        (TokenCounts(100, 0, cache_write_tokens=30), Price(USD(1), USD(2)), "100"),
    ],
)
def test_an_estimate_counts_each_token_at_its_own_price(counts: TokenCounts, price: Price, usd: str) -> None:
    assert estimate_cost(counts, price) == Cost(Decimal(usd), CostSource.ESTIMATE)


def test_a_long_prompt_is_estimated_at_the_price_of_its_tier() -> None:
    assert estimate_prompt_cost(300_000, LONG) == Cost(Decimal("1.2"), CostSource.ESTIMATE)
    assert estimate_prompt_cost(10, Price(tiers=LONG.tiers)) is None


def test_what_costs_something_for_each_request_or_beyond_a_length_is_not_free() -> None:
    free = Price(Decimal(0), Decimal(0))
    assert not msgspec.structs.replace(free, request_usd=Decimal(1)).is_free
    assert not msgspec.structs.replace(free, tiers=(PriceTier(10, Decimal(1)),)).is_free
    assert not msgspec.structs.replace(free, image_usd=Decimal(1)).is_free
    assert not msgspec.structs.replace(free, has_more=True).is_free
    assert msgspec.structs.replace(free, image_usd=Decimal(0), cached_usd=Decimal(0)).is_free


def test_spending_says_how_much_of_it_is_not_known() -> None:
    total = total_spending(
        [
            (TokenCounts(20, 6), Cost(Decimal("0.1"), CostSource.GATEWAY)),
            (TokenCounts(1, 1), Cost(Decimal("0.2"), CostSource.ESTIMATE)),
            (None, None),
        ]
    )
    assert total == Spending(
        3, Decimal("0.3"), estimated=1, unknown=1, prompt_tokens=21, completion_tokens=7, uncounted=1
    )
    assert total.is_known


def test_spending_is_unknown_when_no_cost_is_known() -> None:
    assert Spending().is_known
    assert not total_spending([(TokenCounts(1, 1), None)]).is_known


@given(st.lists(st.tuples(st.none() | token_counts, st.none() | costs), max_size=8), st.integers(0, 8))
def test_a_sum_does_not_depend_on_where_it_was_begun(
    answers: list[tuple[TokenCounts | None, Cost | None]], at: int
) -> None:
    begun = total_spending(answers[:at])
    for counts, cost in answers[at:]:
        begun = begun.plus(counts, cost)
    assert begun == total_spending(answers)
    assert begun.answers == len(answers)


def test_sums_are_exact_to_the_last_of_very_many_digits() -> None:
    large, fine = (Spending(1, Decimal(usd)) for usd in ("12345.5", "1e-60"))
    exact = Decimal("12345.5" + "0" * 58 + "1")
    assert large.and_also(fine).usd == exact
    assert Spending(2, exact).but_for(fine).usd == large.usd
    assert Used(large.usd).plus(fine.usd, is_estimated=False).conversation == exact
    assert sum_usd([large.usd, fine.usd]) == exact


def test_text_is_about_four_characters_a_token() -> None:
    assert [estimate_tokens(text) for text in ("", "a", "abcd", "abcde")] == [0, 1, 1, 2]
