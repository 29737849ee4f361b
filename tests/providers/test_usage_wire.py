"""Usage under all its names: counts that are cached or thought, and the gateway's own figure for the cost."""

import json
from decimal import Decimal

import pytest

from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts, estimate_cost
from tui_chat.providers.usage_wire import read_usage

COUNTS = {"prompt_tokens": 2000, "completion_tokens": 10, "total_tokens": 2010}


def counts_of(**fields: object) -> TokenCounts:
    reported = read_usage(json.dumps({**COUNTS, **fields}).encode())
    assert reported is not None
    return reported.counts


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt_tokens_details": {"cached_tokens": 1920}},
        {"input_tokens_details": {"cached_tokens": 1920}},
        {"prompt_cache_hit_tokens": 1920, "prompt_cache_miss_tokens": 80},
        {"prompt_tokens_details": {"cached_tokens": None}, "prompt_cache_hit_tokens": 1920},
        {"prompt_tokens_details": {"cached_tokens": 0}, "prompt_cache_hit_tokens": 1920},
        {"prompt_tokens_details": {}, "cached_tokens": 1920},
        {"cached_tokens": "1920"},
        {"cache_read_input_tokens": 1920, "cache_creation_input_tokens": 0},
        {"prompt_tokens_details": None, "cached_prompt_tokens": 1920},
    ],
)
def test_cached_tokens_are_read_under_every_name(fields: dict[str, object]) -> None:
    assert counts_of(**fields).cached_tokens == 1920


@pytest.mark.parametrize("fields", [{}, {"prompt_tokens_details": {}}, {"prompt_cache_hit_tokens": -5}])
def test_what_nobody_says_is_cached_is_unknown(fields: dict[str, object]) -> None:
    assert counts_of(**fields).cached_tokens is None


@pytest.mark.parametrize(
    "fields",
    [
        {"completion_tokens_details": {"reasoning_tokens": 94}},
        {"output_tokens_details": {"reasoning_tokens": 94}},
        {"completion_tokens_details": {}, "reasoning_tokens": 94},
        {"completion_tokens_details": {"reasoning_tokens": 0}, "reasoning_tokens": 94},
    ],
)
def test_reasoning_is_read_in_the_details_and_beside_them(fields: dict[str, object]) -> None:
    assert counts_of(**fields).reasoning_tokens == 94


@pytest.mark.parametrize(
    ("counts", "output"),
    [
        (TokenCounts(32, 9, 135, 94), 103),
        (TokenCounts(32, 95, 127, 86), 95),
        (TokenCounts(32, 95, None, 86), 95),
        (TokenCounts(32, 95, 500, 86), 95),
        (TokenCounts(None, 9, 103, 94), 9),
        (TokenCounts(32, None, 135, 94), None),
        (TokenCounts(32, 9, 41, 0), 9),
        (TokenCounts(32, 9, 41), 9),
    ],
)
def test_reasoning_is_paid_once_wherever_it_was_counted(counts: TokenCounts, output: int | None) -> None:
    assert counts.output_tokens == output


@pytest.mark.parametrize(
    "usage",
    [
        b'{"prompt_tokens":9,"prompt_tokens_details":{"cache_write_tokens":4}}',
        b'{"prompt_tokens":9,"cache_creation_input_tokens":4}',
    ],
    ids=["OpenRouter", "LiteLLM"],
)
def test_what_was_written_to_a_cache_is_told_under_either_name(usage: bytes) -> None:
    reported = read_usage(usage)
    assert reported is not None
    assert reported.counts.cache_write_tokens == 4


@pytest.mark.parametrize(("counts", "usd"), [((32, 9, 135, 94), "0.001641"), ((32, 95, 127, 86), "0.001521")])
def test_an_estimate_knows_reasoning_that_was_counted_beside_the_rest(counts: tuple[int, ...], usd: str) -> None:
    price = Price(Decimal("0.000003"), Decimal("0.000015"))

    assert estimate_cost(TokenCounts(*counts), price) == Cost(Decimal(usd), CostSource.ESTIMATE)


@pytest.mark.parametrize(
    ("fields", "usd"),
    [
        ('"cost_in_usd_ticks":232856000', "0.0232856"),
        ('"cost_in_usd_ticks":"232856000"', "0.0232856"),
        ('"cost_in_usd_ticks":0', "0"),
        ('"estimated_cost":2.68e-05', "0.0000268"),
        ('"cost":null,"estimated_cost":2.68e-05', "0.0000268"),
        ('"cost":0.5,"estimated_cost":9', "0.5"),
        ('"total_cost":0.25', "0.25"),
        ('"response_cost":"0.25"', "0.25"),
        ('"cost_usd":0.25', "0.25"),
        ('"cost_in_usd_ticks":1e300', None),
        ('"cost_in_usd_ticks":-1', None),
        ('"estimated_cost":true', None),
        ('"cost_details":{"upstream_inference_cost":1}', None),
    ],
)
def test_the_gateways_own_figure_is_read_under_its_name_and_in_its_unit(fields: str, usd: str | None) -> None:
    reported = read_usage(b'{"prompt_tokens":1,%s}' % fields.encode())

    assert reported is not None
    assert reported.cost == (Cost(Decimal(usd), CostSource.GATEWAY) if usd is not None else None)
