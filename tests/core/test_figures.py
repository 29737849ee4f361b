"""Numbers as people read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core import figures
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts, total_spending


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "–"),
        (0, "0"),
        (950, "950"),
        (999, "999"),
        (1_000, "1.0k"),
        (1_249, "1.2k"),
        (9_940, "9.9k"),
        (9_960, "10k"),
        (48_000, "48k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (1_300_000, "1.3M"),
        (128_000_000, "128M"),
    ],
)
def test_token_counts_are_short(count: int | None, shown: str) -> None:
    assert figures.tokens(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (980, "980 B"),
        (1_000, "1.0 KB"),
        (4_200, "4.1 KB"),
        (58_000, "57 KB"),
        (2 * 1024 * 1024, "2.0 MB"),
        (12_600_000, "12 MB"),
    ],
)
def test_sizes_count_by_1024(count: int, shown: str) -> None:
    assert figures.size(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(8 * 1024 * 1024, "8 MB"), (20 * 1024 * 1024, "20 MB"), (1536, "1.5 KB")])
def test_a_round_limit_has_no_decimal(count: int, shown: str) -> None:
    assert figures.bound(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(1, "1 retry"), (3, "3 retries")])
def test_retries_are_counted(count: int, shown: str) -> None:
    assert figures.retries(count) == shown


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        (None, "–"),
        ("0", "$0"),
        ("0.000", "$0"),
        ("0.0000027", "$0.0000027"),
        ("0.0123", "$0.0123"),
        ("0.5", "$0.50"),
        ("0.25", "$0.25"),
        ("0.1", "$0.10"),
        ("0.999", "$0.999"),
        ("1.239", "$1.24"),
        ("1234.5", "$1,234.50"),
        ("0.9999999", "$1.00"),
        ("1E-30", "<$0.000000000001"),
        ("1E+30", "–"),
        ("NaN", "–"),
        ("sNaN", "–"),
        ("-Infinity", "–"),
    ],
)
def test_dollars_keep_two_significant_digits(usd: str | None, shown: str) -> None:
    assert figures.dollars(None if usd is None else Decimal(usd)) == shown


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_amount_can_be_shown(usd: Decimal) -> None:
    assert len(figures.dollars(usd)) < 100
    assert figures.price_per_million(usd)


@given(st.decimals("0.00000001", 1_000_000, places=10))
def test_what_is_shown_is_near_what_it_costs(usd: Decimal) -> None:
    shown = Decimal(figures.dollars(usd).lstrip("$").replace(",", ""))
    assert abs(shown - usd) <= usd / 100


def test_an_estimate_carries_a_tilde() -> None:
    assert figures.cost(Cost(Decimal("0.0123"), CostSource.ESTIMATE)) == "~$0.0123"
    assert figures.cost(Cost(Decimal("0.0123"), CostSource.GATEWAY)) == "$0.0123"
    assert figures.cost(None) == "–"


@pytest.mark.parametrize(
    ("spending", "shown"),
    [
        (Spending(), "$0"),
        (Spending(2, Decimal("0.0123")), "$0.0123"),
        (Spending(2, Decimal("0.0123"), estimated=1), "~$0.0123"),
        (Spending(2, Decimal("0.0123"), unknown=1), "at least $0.0123"),
        (Spending(2, unknown=2), "cost unknown"),
    ],
)
def test_a_sum_says_what_it_leaves_out(spending: Spending, shown: str) -> None:
    assert figures.total_cost(spending) == shown


@pytest.mark.parametrize(
    ("usd", "shown"), [(None, "–"), ("0", "free"), ("0.00000015", "$0.15"), ("0.000015", "$15.00")]
)
def test_prices_are_by_the_million(usd: str | None, shown: str) -> None:
    assert figures.price_per_million(None if usd is None else Decimal(usd)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.42, "0.42 s"), (0.999, "1.0 s"), (3.14, "3.1 s"), (59.96, "1 min 0 s"), (72.0, "1 min 12 s")],
)
def test_times_are_read_at_a_glance(value: float | None, shown: str) -> None:
    assert figures.seconds(value) == shown


@pytest.mark.parametrize(
    ("count", "duration_s", "shown"),
    [(None, 1.0, "–"), (10, None, "–"), (10, 0.0, "–"), (10, -1.0, "–"), (100, 2.0, "50 tok/s"), (3, 2.0, "2 tok/s")],
)
def test_a_rate_needs_both_figures(count: int | None, duration_s: float | None, shown: str) -> None:
    assert figures.rate(count, duration_s) == shown


@pytest.mark.parametrize(
    ("told", "tokens"),
    [
        ([], ("0", "0")),
        ([TokenCounts(48_000, 2)], ("48k", "2")),
        ([TokenCounts(48_000, 2), None], ("≥48k", "≥2")),
        ([None], ("–", "–")),
        ([TokenCounts(48_000)], ("≥48k", "–")),
        ([TokenCounts(completion_tokens=2), None], ("–", "≥2")),
        ([TokenCounts(total_tokens=9)], ("–", "–")),
        ([TokenCounts(0, 0)], ("0", "0")),
    ],
)
def test_a_sum_of_tokens_says_what_is_missing_from_it(told: list[TokenCounts | None], tokens: tuple[str, str]) -> None:
    spending = total_spending((counts, None) for counts in told)
    halves = spending.known_prompt_tokens, spending.known_completion_tokens
    assert tuple(figures.total_tokens(half, spending) for half in halves) == tokens
