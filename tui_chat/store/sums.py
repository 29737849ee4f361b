"""What answers cost, as functions of SQL: the steps of `migrations` count with them, so they never change."""

import sqlite3
from decimal import Decimal
from typing import Final

import msgspec

from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import Failure
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.store.sum_columns import Sums, columns_of

_FAILURE = msgspec.json.Decoder(Failure)
_SUMS = msgspec.json.Decoder(Spending)
_KEPT = ("prompt_tokens", "completion_tokens", "total_tokens", "reasoning_tokens", "cached_tokens")
"""The counts that have columns in a file of the fourth form."""
_SOURCES: Final = {source.value: source for source in CostSource}


class _Sum:
    """`sum_of_answers`: counts and costs of a group of answers, as JSON."""

    def __init__(self) -> None:
        self._sum = Spending()

    def step(self, has_counts: int, *figures: int | str | None) -> None:
        *counts, usd, source = figures
        cost = None if usd is None or source is None else Cost(Decimal(str(usd)), CostSource(str(source)))
        tokens = msgspec.convert(dict(zip(_KEPT, counts, strict=True)) if has_counts else None, TokenCounts | None)
        self._sum = self._sum.plus(tokens, cost)

    def finalize(self) -> str:
        return json_text(self._sum)


class _Columns:
    """`columns_of_answers`: the same with what was told of caches, as a JSON array of the columns of `sum_columns`."""

    def __init__(self) -> None:
        self._sums = Sums()

    def step(
        self,
        has_counts: int,
        prompt: int | None,
        completion: int | None,
        total: int | None,
        reasoning: int | None,
        cached: int | None,
        written: int | None,
        usd: str | None,
        source: str | None,
    ) -> None:
        cost = None if usd is None or source is None else Cost(Decimal(usd), _SOURCES[source])
        counts = TokenCounts(prompt, completion, total, reasoning, cached, written) if has_counts else None
        self._sums = self._sums.plus(counts, cost)

    def finalize(self) -> str:
        return json_text(columns_of(self._sums))


def _is_billed(
    outcome: str | None,
    failure: str | None,
    has_counts: int,
    usd: str | None,
    first_token_s: float | None,
    has_begun: int,
) -> bool:
    return AnswerInfo(
        outcome=Outcome(outcome) if outcome is not None else None,
        failure=_FAILURE.decode(failure) if failure else None,
        counts=TokenCounts() if has_counts else None,
        cost=Cost(Decimal(usd), CostSource.GATEWAY) if usd is not None else None,
        timing=Timing(first_token_s),
        has_begun=bool(has_begun),
    ).may_have_cost


def _may_have_cost(
    outcome: str | None, failure: str | None, has_counts: int, usd: str | None, first_token_s: float | None
) -> bool:
    """The rule of the files that do not say whether the gateway began to answer."""
    if outcome is None:
        return False
    if has_counts or usd is not None or first_token_s is not None:
        return True
    status = _FAILURE.decode(failure).status if failure else None
    return Outcome(outcome) is not Outcome.ERROR or status is None or not 400 <= status < 500


def prepare(connection: sqlite3.Connection) -> None:
    """Give a connection the functions."""
    # Their types are those of typeshed, which knows no aggregate whose arguments differ in type.
    connection.create_aggregate("sum_of_answers", 8, _Sum)  # type: ignore[arg-type]
    connection.create_aggregate("columns_of_answers", 9, _Columns)  # type: ignore[arg-type]
    connection.create_function("answer_may_have_cost", 5, _may_have_cost, deterministic=True)
    connection.create_function("answer_is_billed", 6, _is_billed, deterministic=True)


def sums_from(text: str) -> Spending:
    """Sums as they are kept."""
    return _SUMS.decode(text)
