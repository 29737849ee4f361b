"""What usage comes to that was told while an answer was written, and of which the end was never told.

Gateways that count as they go tell nothing, or a part, at first. Of an answer that was stopped or cut such a figure is
the least that it can be: a zero says nothing, and a cost is an estimate.
"""

from typing import TypeVar

from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import Message
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts, estimate_cost, tokens_of_length

Answer = TypeVar("Answer", bound=AnswerInfo)


def at_least(info: Answer, message: Message) -> Answer:
    """The same answer, its usage as far as it can be trusted: as it is where the answer came to its end. A count of
    less than was written was told before the rest of it."""
    if info.is_usage_final:
        return info
    counts = info.counts or TokenCounts()
    is_counted = (counts.completion_tokens or 0) >= max(1, tokens_of_length(message.written_length))
    told = TokenCounts(
        counts.prompt_tokens or None,
        counts.completion_tokens if is_counted else None,
        (counts.total_tokens or None) if is_counted else None,
        (counts.reasoning_tokens or None) if is_counted else None,
        counts.cached_tokens,
        counts.cache_write_tokens,
    )
    cost = Cost(info.cost.usd, CostSource.ESTIMATE) if info.cost is not None and info.cost.usd else None
    return replace(info, counts=told if info.counts is not None else None, cost=cost)


def estimated(info: AnswerInfo, message: Message, price: Price, pictures: int) -> Cost | None:
    """What a cut answer has cost by these prices and by what of it there is, not less than was told; None where either
    is unknown."""
    counts = info.counts or TokenCounts()
    written = max(counts.completion_tokens or 0, tokens_of_length(message.written_length))
    by_list = estimate_cost(replace(counts, completion_tokens=written, total_tokens=None), price, pictures)
    return max((cost for cost in (info.cost, by_list) if cost is not None), key=lambda cost: cost.usd, default=None)
