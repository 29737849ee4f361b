"""Numbers as people read them, the same in every front end.

Unknown is a dash and never a zero; an estimate carries a `~`.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from tui_chat.core.usage import Cost, CostSource, Price, Spending

UNKNOWN = "–"
NOT_BILLED = "not billed"
"""Stands for the cost of a request that was refused before an answer began."""
LIVE_AFTER_S = 1.0
"""Seconds of writing after which an estimate of the speed says something."""
SHORTEST_S = 0.1
"""Seconds from which on a speed means something."""
_LARGEST_EXPONENT = 20
_LEVELS = "▁▂▃▄▅▆▇█"


def tokens(count: int | None) -> str:
    """`950`, `1.2k`, `48k`, `1.3M`; a dash where unknown."""
    if count is None:
        return UNKNOWN
    if count < 1_000:
        return str(count)
    value, suffix = (count / 1_000, "k") if count < 999_500 else (count / 1_000_000, "M")
    return f"{value:.1f}{suffix}" if value < 9.95 else f"{value:.0f}{suffix}"


def estimated_tokens(count: int | None) -> str:
    """`~1.2k tok`; empty where there is no estimate (a picture)."""
    return "" if count is None else f"~{tokens(count)} tok"


def share(part: float) -> str:
    """A part of 1 in whole percent: `41 %`, `<1 %`."""
    return "<1 %" if 0 < part < 0.01 else f"{part * 100:.0f} %"


def bar(part: float, cells: int) -> str:
    """A gauge of a part of 1: `██░░░`."""
    full = min(cells, round(part * cells))
    return "█" * full + "░" * (cells - full)


def sparkline(values: Iterable[Decimal]) -> str:
    """A column for each value, as high as its share of the largest: `▁▁▂█▃`; the lowest is nothing."""
    known = [value if value.is_finite() else Decimal(0) for value in values]
    top = max(known, default=Decimal(0))
    return "".join(_LEVELS[1 + round(value / top * 6)] if value > 0 else _LEVELS[0] for value in known)


def line(part: float, cells: int) -> str:
    """A bar of a part of 1, in halves of a cell: `██▌`; a part that is not nothing has at least half a cell."""
    halves = max(int(part > 0), round(part * 2 * cells))
    return "█" * (halves // 2) + "▌" * (halves % 2)


def size(count: int) -> str:
    """Bytes: `980 B`, `4.1 KB`, `12 MB`."""
    value, units = float(count), ["B", "KB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{count} B" if units[0] == "B" else f"{value:.1f} {units[0]}" if value < 9.95 else f"{value:.0f} {units[0]}"


def bound(count: int) -> str:
    """A limit on bytes, without a decimal where it has none: `8 MB`, `1.5 KB`."""
    return size(count).replace(".0 ", " ")


def retries(count: int) -> str:
    """`1 retry`, `3 retries`."""
    return "1 retry" if count == 1 else f"{count} retries"


def counted(count: int, noun: str) -> str:
    """A number of things whose plural ends in s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def dollars(usd: Decimal | None) -> str:
    """`$0`, `$0.0000027`, `$0.0123`, `$1.24`: at least two significant digits; a dash where unknown, or no money."""
    if usd is None or not _is_money(usd):
        return UNKNOWN
    if usd == 0:
        return "$0"
    if abs(usd) >= 1:
        return f"${usd.quantize(Decimal('0.01'), ROUND_HALF_EVEN):,}"
    places = min(12, 2 - usd.adjusted())
    shown = usd.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if not shown:
        return f"<${Decimal(1).scaleb(-places):f}"
    text = f"{shown:f}".rstrip("0")
    return "$" + (text if len(text.partition(".")[2]) >= 2 else f"{shown:.2f}")


def cost(value: Cost | None) -> str:
    """Dollars, with a tilde before an estimate."""
    if value is None:
        return UNKNOWN
    return ("~" if value.source is CostSource.ESTIMATE else "") + dollars(value.usd)


def bill(value: Cost) -> str:
    """What one answer cost: all digits that the gateway sent, `$0.043476`; an estimate rounded, `~$0.0435`."""
    if value.source is CostSource.ESTIMATE or not _is_money(value.usd) or not value.usd:
        return cost(value)
    return exact_dollars(value.usd)


def exact_dollars(usd: Decimal) -> str:
    """All digits of a sum, cents at least."""
    if not _is_money(usd):
        return f"${usd}"
    whole, _, cents = f"{usd:f}".partition(".")
    return f"${whole}.{cents.rstrip('0').ljust(2, '0')}"


def exact_sum(usd: Decimal) -> str:
    """A sum with all digits: `$0`, `$0.0921115`."""
    return exact_dollars(usd) if usd else "$0"


def total_tokens(count: int | None, spending: Spending) -> str:
    """A sum of tokens of this spending: `48k`, `≥48k` where some answers came without counts, a dash where all did."""
    return tokens(count) if count is None or not spending.uncounted else f"≥{tokens(count)}"


def total_cost(spending: Spending, *, is_narrow: bool = False, is_exact: bool = False) -> str:
    """A sum: `$0.0123`, `~$0.0123` with an estimate in it, `at least $0.0123` where some costs are unknown, `cost
    unknown` where all are; narrow `≥$0.0123` and a dash. `is_exact`: with all digits."""
    if not spending.is_known:
        return UNKNOWN if is_narrow else "cost unknown"
    usd = exact_sum(spending.usd) if is_exact else dollars(spending.usd)
    known = ("~" if spending.estimated else "") + usd
    return (("≥" if is_narrow else "at least ") if spending.unknown else "") + known


def exact_total_tokens(count: int | None, spending: Spending) -> str:
    """A sum of tokens with all digits: `12,431`, `≥12,431`, a dash."""
    return UNKNOWN if count is None else f"{'≥' if spending.uncounted else ''}{count:,}"


def exact_part_tokens(count: int | None, untold: int) -> str:
    """A sum of tokens that are part of others: `12,431`; `≥12,431` where some answers (so many) did not tell
    theirs; a dash where none did."""
    return UNKNOWN if count is None else f"{'≥' if untold else ''}{count:,}"


def exact_total_cost(spending: Spending) -> str:
    """A sum with all digits: `$0.0921115`, `≥~$0.0921115`; a dash where nothing of it is known."""
    if not spending.is_known:
        return UNKNOWN
    return f"{'≥' if spending.unknown else ''}{'~' if spending.estimated else ''}{exact_sum(spending.usd)}"


def price_per_million(usd_per_token: Decimal | None) -> str:
    """`$0.15`, `free`; a dash where unknown."""
    if usd_per_token is None or not _is_money(usd_per_token):
        return UNKNOWN
    return "free" if usd_per_token == 0 else dollars(usd_per_token * 1_000_000)


def price_of(usd_per_token: Decimal | None, price: Price | None) -> str:
    """A price per million tokens, with a plus where that is not all: `$3.00+` where long contexts have others, `$0+`
    where something beside it is to be paid."""
    words = price_per_million(usd_per_token)
    if price is None or words == UNKNOWN:
        return words
    if usd_per_token == 0 and price.costs_beside:
        return "$0+"
    return f"{words}+" if price.tiers else words


def pieces(price: Price) -> list[str]:
    """What is paid for beside tokens: `$0.01 a request`, `$0.002 a picture`."""
    of_each = ((price.request_usd, "a request"), (price.image_usd, "a picture"))
    return [f"{dollars(usd)} {what}" for usd, what in of_each if usd]


def _is_money(usd: Decimal) -> bool:
    """Whether it can be reckoned with: catalogues and files may hold any decimal."""
    return usd.is_finite() and usd.adjusted() <= _LARGEST_EXPONENT


def seconds(value: float | None) -> str:
    """`0.42 s`, `3.1 s`, `1 min 12 s`; a dash where unknown."""
    if value is None:
        return UNKNOWN
    if value < 0.995:
        return f"{value:.2f} s"
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"


def span(value: float) -> str:
    """A wait, to be read and not measured: `90 s`, `45 minutes`, `5 hours`, `3 days`."""
    for unit_s, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if value >= 2 * unit_s:
            return f"{value / unit_s:.3g} {name}"
    return f"{value:.3g} s"


def rate(count: int | None, duration_s: float | None) -> str:
    """Tokens per second; a dash where either is unknown, or the time too short to tell."""
    if count is None or duration_s is None or duration_s < SHORTEST_S:
        return UNKNOWN
    return f"{count / duration_s:.0f} tok/s"


def live_rate(count: int, duration_s: float) -> str:
    """The speed of an answer that is being written: `~64 tok/s`; empty where it is too early to tell."""
    return f"~{rate(count, duration_s)}" if count and duration_s >= LIVE_AFTER_S else ""


def age(duration_s: float) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`, `4 months ago`; a time to come is just now."""
    minutes = int(duration_s // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h ago"
    days = hours // 24
    if days == 1:
        return "yesterday"
    if days < 60:
        return f"{days} days ago"
    months = days // 30
    return f"{months} months ago" if months < 24 else f"{days // 365} years ago"
