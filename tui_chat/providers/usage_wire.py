"""The usage object: token counts and the cost, from whatever a gateway put there.

Unknown is None, never zero. A cost is an exact decimal or unknown: nonsense (negative, not a number, larger than any
bill) is not a cost.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from tui_chat.core.stream_events import UsageReported
from tui_chat.core.usage import Cost, CostSource, TokenCounts, multiply_usd
from tui_chat.providers.openai_wire import LONGEST_NUMBER, UNREADABLE, read_json

_MAX_TOKENS = 10**12
_MAX_USD = Decimal(1_000_000)

_PROMPT_DETAILS: Final = ("prompt_tokens_details", "input_tokens_details")
_COMPLETION_DETAILS: Final = ("completion_tokens_details", "output_tokens_details")
_CACHED: Final = (
    "cached_tokens",  # OpenAI in the details, Moonshot beside the counts
    "prompt_cache_hit_tokens",  # DeepSeek
    "cache_read_input_tokens",  # Anthropic, and LiteLLM for it
    "cached_prompt_tokens",  # the older form of xAI's details
    "cache_read_tokens",
)
"""What was read from a cache, by any of its names, in the details or beside them."""
_CACHE_WRITTEN: Final = (
    "cache_write_tokens",  # OpenRouter, in the details
    "cache_creation_input_tokens",  # Anthropic, and LiteLLM for it
    "cache_creation_tokens",
)
_REASONING: Final = ("reasoning_tokens", "thinking_tokens")

_FIELDS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LONGEST_RAW: Final = 64 * 1024
_SUMMED_UP: Final = ("prompt_tokens", "completion_tokens")
_COSTS: Final = {
    "cost": Decimal(1),  # the service's page on streaming; OpenRouter, usage accounting; Perplexity as an object
    "cost_in_usd_ticks": Decimal("1e-10"),  # xAI, https://docs.x.ai/developers/cost-tracking
    "estimated_cost": Decimal(1),  # DeepInfra, what it will bill
    "cost_usd": Decimal(1),
    "cost_in_usd": Decimal(1),
    "total_cost_usd": Decimal(1),
    "total_cost": Decimal(1),
    "response_cost": Decimal(1),  # LiteLLM
}
"""Fields that hold the gateway's own figure, the surest first, and what one unit of each is in dollars."""


def read_usage(data: bytes | msgspec.Raw) -> UsageReported | None:
    """What a usage object says; None where it is not an object or says nothing."""
    try:
        usage = read_json(data)
    except UNREADABLE:
        return None
    if not isinstance(usage, dict) or not usage:
        return None
    counts = TokenCounts(
        prompt_tokens=_tokens(usage, "prompt_tokens", "input_tokens"),
        completion_tokens=_tokens(usage, "completion_tokens", "output_tokens"),
        total_tokens=_tokens(usage, "total_tokens"),
        reasoning_tokens=_detail(usage, _COMPLETION_DETAILS, _REASONING),
        cached_tokens=_detail(usage, _PROMPT_DETAILS, _CACHED),
        cache_write_tokens=_detail(usage, _PROMPT_DETAILS, _CACHE_WRITTEN),
    )
    cost = _cost(usage)
    if cost is None and counts == TokenCounts():
        return None
    return UsageReported(counts, cost, bytes(data).decode("utf-8", "replace"))


def merged(before: UsageReported | None, now: UsageReported) -> UsageReported:
    """What both say: what is told later counts, and what is not told later stays. A sum that was told before the
    counts that it is of is none of them."""
    if before is None:
        return now
    fields = {name: value for name, value in msgspec.structs.asdict(before.counts).items() if value is not None}
    told = {name: value for name, value in msgspec.structs.asdict(now.counts).items() if value is not None}
    if not told.keys().isdisjoint(_SUMMED_UP):
        fields.pop("total_tokens", None)
    if (now.cost is not None or before.cost is None) and fields.keys() <= told.keys():
        return now
    return UsageReported(TokenCounts(**{**fields, **told}), now.cost or before.cost, _both(before.raw, now.raw))


def _both(before: str, now: str) -> str:
    """One object with the fields of both."""
    try:
        fields, later = (_FIELDS.decode(raw) for raw in (before, now))
    except ValueError:  # what is not quite JSON was read all the same
        return now
    fields.update({name: raw for name, raw in later.items() if bytes(raw) != b"null" or name not in fields})
    both = msgspec.json.encode(fields).decode()
    return both if len(both) <= _LONGEST_RAW else now


def _cost(usage: dict[str, object]) -> Cost | None:
    for name, unit_usd in _COSTS.items():
        if name in usage and (usd := read_usd(usage[name], unit_usd)) is not None:
            return Cost(usd, CostSource.GATEWAY)
    return None


def read_usd(value: object, unit_usd: Decimal = Decimal(1), digits: int = LONGEST_NUMBER) -> Decimal | None:
    """Dollars as a number, a decimal string, or an object with its total (Perplexity); None where unknown, or where
    there are more digits. `unit_usd` is what one of the figure's units is in dollars."""
    if isinstance(value, dict):
        value = value.get("total_cost")
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, str):
        return None if len(value) > LONGEST_NUMBER else _read_amount(value, unit_usd, digits)
    return _bounded(value, unit_usd, digits)


@lru_cache(maxsize=2_048)  # a list of models names the same few amounts again and again
def _read_amount(text: str, unit_usd: Decimal, digits: int) -> Decimal | None:
    return None if not text.isascii() or "_" in text else _bounded(text.strip(), unit_usd, digits)


def _bounded(value: int | str | Decimal, unit_usd: Decimal, digits: int) -> Decimal | None:
    try:
        usd = Decimal(value)
        usd = usd if unit_usd == 1 else multiply_usd(usd, unit_usd)
    except ArithmeticError:
        return None
    if not usd.is_finite() or usd < 0 or usd > _MAX_USD:
        return None
    if usd == 0:
        return Decimal(0)
    return usd if usd.adjusted() >= -30 and len(usd.as_tuple().digits) <= digits else None


def _tokens(usage: dict[str, object], *names: str) -> int | None:
    return next(_counts(usage, names), None)


def _counts(usage: dict[str, object], names: tuple[str, ...]) -> Iterator[int]:
    """The counts that stand under these names and make sense."""
    for name in names:
        value = usage.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != value:
            continue
        if 0 <= value < _MAX_TOKENS:
            yield int(value)


def _detail(usage: dict[str, object], groups: tuple[str, ...], names: tuple[str, ...]) -> int | None:
    """A count that stands in the details or beside them. Relays that fill in a form leave a zero where the provider
    said more under a name of its own, so the largest counts."""
    places = [usage, *(group for name in groups if isinstance(group := usage.get(name), dict))]
    return max((count for place in places for count in _counts(place, names)), default=None)
