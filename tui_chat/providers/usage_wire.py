"""The usage object: token counts and the cost, from whatever a gateway put there.

Unknown is None, never zero. A cost is an exact decimal or unknown: nonsense (negative, not a number, larger than any
bill) is not a cost.
"""

from decimal import Decimal, InvalidOperation

import msgspec

from tui_chat.core.stream_events import UsageReported
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.providers.openai_wire import UNREADABLE, read_json

_MAX_TOKENS = 10**12
_MAX_USD = Decimal(1_000_000)


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
        reasoning_tokens=_detail(usage, ("completion_tokens_details", "output_tokens_details"), "reasoning_tokens"),
        cached_tokens=_detail(usage, ("prompt_tokens_details", "input_tokens_details"), "cached_tokens"),
    )
    usd = read_usd(usage.get("cost"))
    cost = Cost(usd, CostSource.GATEWAY) if usd is not None else None
    if cost is None and counts == TokenCounts():
        return None
    return UsageReported(counts, cost, bytes(data).decode("utf-8", "replace"))


def read_usd(value: object) -> Decimal | None:
    """Dollars as a number, a decimal string, or an object with its total (Perplexity); None where unknown."""
    if isinstance(value, dict):
        value = value.get("total_cost")
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, str) and (len(value) > 60 or not value.isascii() or "_" in value):
        return None
    try:
        usd = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        return None
    if not usd.is_finite() or usd < 0 or usd > _MAX_USD:
        return None
    if usd == 0:
        return Decimal(0)
    return usd if usd.adjusted() >= -30 and len(usd.as_tuple().digits) <= 40 else None


def _tokens(usage: dict[str, object], *names: str) -> int | None:
    for name in names:
        value = usage.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != value:
            continue
        if 0 <= value < _MAX_TOKENS:
            return int(value)
    return None


def _detail(usage: dict[str, object], groups: tuple[str, ...], name: str) -> int | None:
    for group in groups:
        details = usage.get(group)
        if isinstance(details, dict):
            return _tokens(details, name)
    return _tokens(usage, name)
