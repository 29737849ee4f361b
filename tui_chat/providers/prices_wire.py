"""The price in a row of `GET /models`, whatever its fields are called and whatever they count.

No price is taken on trust: what would be dearer than any model is no price per token, and unknown is better than a
million times too much. Sources: the service's facts, "Endpoints"; the lists of OpenRouter, Together, Vercel, DeepInfra,
Hugging Face's router, Venice and LiteLLM.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from tui_chat.core.usage import Price
from tui_chat.providers.usage_wire import read_usd

_TOKEN, _THOUSAND, _MILLION = Decimal(1), Decimal(1_000), Decimal(1_000_000)
_DEAREST_TOKEN: Final = Decimal("0.001")
"""A thousand dollars per million tokens: where the unit is not said, a figure from here on is meant per million, and
what is still as dear when the unit was taken into account is no price."""

_SIDES: Final[tuple[Mapping[str, Decimal | None], ...]] = tuple(
    {
        **dict.fromkeys(bare),
        **{f"{side}_cost_per_token": _TOKEN for side in per},
        **{f"{side}_{unit}": _MILLION for side in per for unit in (
            "per_million", "price_per_million", "cost_per_million", "per_1m", "per_mtok", "cost_per_million_tokens",
            "per_million_tokens", "token_price_per_m",
        )},
    }
    for bare, per in (
        (("prompt", "input", "input_tokens", "prompt_tokens"), ("prompt", "input")),
        (("completion", "output", "output_tokens", "completion_tokens"), ("completion", "output")),
    )
)  # fmt: skip
"""For each side the names of its price, and how many tokens it is for; None where the name does not say."""

_UNITS: Final = (
    (re.compile(r"million|1m|mtok|1_?000_?000|/m\b|per_m\b"), _MILLION),
    (re.compile(r"thousand|1k|ktok|1_?000(?!\d)"), _THOUSAND),
    (re.compile(r"token"), _TOKEN),
)
_UNIT_NAMES: Final = ("unit", "units", "per", "price_unit", "pricing_unit")


class _Figure(msgspec.Struct, frozen=True):
    usd: Decimal | None
    """None: it is variable (`"-1"`), or no amount."""
    tokens: Decimal | None
    """How many tokens it is for; None where nobody says."""


def read_price(places: Iterable[Mapping[str, object]]) -> Price:
    """The price in the first of these objects that names one, in its `pricing` or beside it."""
    for place in places:
        pricing = place.get("pricing")
        price = _price(pricing, is_pricing=True) if isinstance(pricing, dict) else None
        price = price or _price(place, is_pricing=False)
        if price is not None:
            return price
    return Price()


def _price(place: Mapping[str, object], *, is_pricing: bool) -> Price | None:
    """None where neither side is named. Both are in the same unit where neither says its own. Outside of `pricing`
    tokens under a name such as `input_tokens` are a limit."""
    prompt, completion = (_figure(place, names, is_pricing) for names in _SIDES)
    if prompt is None and completion is None:
        return None
    currency = place.get("currency")
    if isinstance(currency, str) and currency.strip().upper() not in ("", "USD", "US$", "$"):
        return Price()
    said = _said_unit(place)
    bare = [figure.usd for figure in (prompt, completion) if figure and figure.usd is not None and not figure.tokens]
    meant = said or (_MILLION if any(usd >= _DEAREST_TOKEN for usd in bare) else _TOKEN)
    return Price(_per_token(prompt, meant), _per_token(completion, meant))


def _figure(place: Mapping[str, object], names: Mapping[str, Decimal | None], is_pricing: bool) -> _Figure | None:
    for name, tokens in names.items():
        if tokens is None and not is_pricing and name.endswith("_tokens"):
            continue
        if name in place and place[name] is not None:
            value = place[name]
            if isinstance(value, dict):  # Venice: {"usd": 0.2, "diem": 2}
                value = value.get("usd")
            return _Figure(read_usd(value), tokens)
    return None


def _said_unit(place: Mapping[str, object]) -> Decimal | None:
    """What `unit` says the figures are for: `per_million_tokens`, `per_1m_tokens`, `1K tokens`, `token`."""
    for name in _UNIT_NAMES:
        value = place.get(name)
        if isinstance(value, int) and Decimal(value) in (_TOKEN, _THOUSAND, _MILLION):
            return Decimal(value)
        if isinstance(value, str):
            text = re.sub(r"[\s,-]+", "_", value[:100].lower())
            return next((tokens for pattern, tokens in _UNITS if pattern.search(text)), None)
    return None


def _per_token(figure: _Figure | None, meant: Decimal) -> Decimal | None:
    if figure is None or figure.usd is None:
        return None
    usd = figure.usd / (figure.tokens or meant)
    return usd if usd < _DEAREST_TOKEN else None
