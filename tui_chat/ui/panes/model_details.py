"""Everything that is known of one model, as rows: description, all prices, limits, what it takes, what was spent."""

from collections.abc import Sequence
from decimal import Decimal

from tui_chat.core import figures
from tui_chat.core.models import ModelInfo
from tui_chat.core.moments import utc_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import Spending
from tui_chat.ui.panes.model_rows import ModelEntry, takes
from tui_chat.ui.rows.rows import Ink, Row, wrapped

_LABEL = 13
_LONGEST = 4_000


def details(entry: ModelEntry, width: int, spent: Spending | None, lost: str = "", speed: str = "") -> list[Row]:
    """The page of a model. `spent` is what this person spent on it; None where that is not known yet. `lost`: what the
    conversation would lose with it. `speed`: how fast it wrote, empty where that is not known."""
    yours = [("yours", _spent(spent)), *([("speed", speed)] if speed else [])]
    info = entry.info
    if info is None:
        rows = wrapped("Not in the gateway’s list: its prices and limits are unknown.", width, Ink.MUTED)
        return [*rows, *_facts(yours, width)]
    rows = wrapped(lost, width, Ink.WARNING) if lost else []
    rows += wrapped(sanitize_line(info.description, _LONGEST), width)
    if rows:
        rows.append(())
    return [*rows, *_facts([*_prices(info), *_limits(info), *yours], width)]


def _prices(info: ModelInfo) -> list[tuple[str, str]]:
    price = info.price
    million = [
        ("input", price.prompt_usd),
        ("output", price.completion_usd),
        ("cached", price.cached_usd),
        ("cache write", price.cache_write_usd),
        ("reasoning", price.reasoning_usd),
    ]
    facts = [(name, _per_million(usd)) for name, usd in million if usd is not None or name in ("input", "output")]
    if price.request_usd:
        facts.append(("a request", figures.dollars(price.request_usd)))
    if price.image_usd:
        facts.append(("a picture", figures.dollars(price.image_usd)))
    for tier in price.tiers:
        sides = (("in", tier.prompt_usd), ("out", tier.completion_usd), ("cached", tier.cached_usd))
        words = ", ".join(f"{figures.price_per_million(usd)} {side}" for side, usd in sides if usd is not None)
        facts.append((f"from {figures.tokens(tier.from_tokens)}", f"{words} per million tokens, for all of a request"))
    return facts


def _per_million(usd: Decimal | None) -> str:
    words = figures.price_per_million(usd)
    return words if usd is None or usd == 0 else f"{words} per million tokens"


def _limits(info: ModelInfo) -> list[tuple[str, str]]:
    facts = [
        ("id", sanitize_line(info.id)),
        ("name", sanitize_line(info.name)),
        ("provider", sanitize_line(info.owned_by)),
        ("context", f"{info.context_tokens:,} tokens" if info.context_tokens is not None else figures.UNKNOWN),
        ("longest out", f"{info.max_output_tokens:,} tokens" if info.max_output_tokens is not None else ""),
        ("takes", _takes(info)),
        ("writes", sanitize_line(", ".join(info.output_modalities))),
        ("parameters", sanitize_line(", ".join(info.supported_parameters)) or figures.UNKNOWN),
        ("since", f"{utc_moment(info.created):%d %b %Y}" if info.created is not None else ""),
    ]
    return [(name, words) for name, words in facts if words]


def _takes(info: ModelInfo) -> str:
    """All that it takes, in one line: the abilities of the list after the text that every model takes."""
    listed = takes(info)
    if listed == figures.UNKNOWN and not info.input_modalities:
        return listed
    words = () if listed in ("text", figures.UNKNOWN) else listed.split()
    return ", ".join(("text", *words, *map(sanitize_line, info.other_inputs)))


def _spent(spent: Spending | None) -> str:
    if spent is None:
        return "…"
    if not spent.answers:
        return "nothing asked yet"
    return f"{figures.counted(spent.answers, 'answer')} · {figures.total_cost(spent, is_exact=True)}"


def _facts(facts: Sequence[tuple[str, str]], width: int) -> list[Row]:
    rows: list[Row] = []
    for name, words in facts:
        lines = wrapped(words, max(8, width - _LABEL))
        for number, line in enumerate(lines):
            label = f"{name if number == 0 else '':<{_LABEL}}"
            rows.append(((Ink.MUTED, label), *line))
    return rows
