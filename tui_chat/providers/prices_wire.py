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

from tui_chat.core.usage import Price, PriceTier
from tui_chat.providers.usage_wire import read_usd

_TOKEN, _THOUSAND, _MILLION = Decimal(1), Decimal(1_000), Decimal(1_000_000)
_MOST_DIGITS: Final = 40
"""Of a price: hundreds of thousands of them are held."""
_DEAREST_TOKEN: Final = Decimal("0.001")
"""A thousand dollars per million tokens: where the unit is not said, a figure from here on is meant per million, and
what is still as dear when the unit was taken into account is no price."""

_PER_MILLION: Final = (
    "per_million", "price_per_million", "cost_per_million", "per_1m", "per_mtok", "cost_per_million_tokens",
    "per_million_tokens", "token_price_per_m",
)  # fmt: skip

_Names = Mapping[str, Decimal | None]
"""Names of a price, and how many tokens it is for; None where the name does not say."""


def _names(bare: tuple[str, ...], sides: tuple[str, ...], per_token: tuple[str, ...] = ()) -> _Names:
    return {
        **dict.fromkeys(bare),
        **dict.fromkeys(per_token, _TOKEN),
        **{f"{side}_cost_per_token": _TOKEN for side in sides},
        **{f"{side}_{unit}": _MILLION for side in sides for unit in _PER_MILLION},
    }


_PROMPT: Final = _names(("prompt", "input", "input_tokens", "prompt_tokens"), ("prompt", "input"))
_COMPLETION: Final = _names(("completion", "output", "output_tokens", "completion_tokens"), ("completion", "output"))
_CACHED: Final = _names(
    ("input_cache_read", "cache_read", "cached_input", "cache_input", "cache_read_tokens", "cached"),
    ("cached_input", "cache_read"),
    ("cache_read_input_token_cost",),
)
"""OpenRouter and Vercel, Together, Venice, DeepInfra; LiteLLM."""
_CACHE_WRITE: Final = _names(
    ("input_cache_write", "cache_write", "cache_write_tokens"), ("cache_write",), ("cache_creation_input_token_cost",)
)
_REASONING: Final = _names(("internal_reasoning", "reasoning"), ("reasoning",), ("output_cost_per_reasoning_token",))
_REQUEST: Final = ("request", "input_cost_per_request")
_IMAGE: Final = ("image", "input_cost_per_image")
_MORE: Final = ("audio", "audio_output", "input_audio_cache", "web_search", "image_token", "image_output", "video")
"""What else has a price at OpenRouter, and is in no estimate."""
_DEAREST_PIECE: Final = Decimal(10)
"""Dollars for a request or a picture from which on a figure is none for one of them."""

_ABOVE: Final = re.compile(
    r"(input_cost_per_token|output_cost_per_token|cache_read_input_token_cost)_above_(\d{1,6})k_tokens"
)
_MAX_TIERS: Final = 8

_PLAIN: Final = frozenset((str, int, Decimal, type(None)))
"""Types of the fields of a `pricing` that is looked up. `True` would be taken for 1."""
_MOST_FIELDS, _MOST_KNOWN, _LONGEST_KNOWN = 30, 2_000, 1_000

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


class Prices:
    """The prices of a list of models. Many models cost the same: what was read of one `pricing` counts for all that are
    like it."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, ...], tuple[object, ...]], Price | None] = {}

    def of(self, places: Iterable[Mapping[str, object]]) -> Price:
        """The price in the first of these objects that names one, in its `pricing` or beside it."""
        for place in places:
            pricing = place.get("pricing")
            price = _price_of_list(pricing) if isinstance(pricing, list) else None
            price = price or (self._in_object(pricing) if isinstance(pricing, dict) else None)
            price = price or _price(place, is_pricing=False)
            if price is not None:
                return price
        return Price()

    def _in_object(self, pricing: dict[str, object]) -> Price | None:
        values = tuple(pricing.values())
        if len(values) > _MOST_FIELDS or not _PLAIN.issuperset(map(type, values)):
            return _price(pricing, is_pricing=True)
        key = (tuple(pricing), values)
        if key in self._known:
            return self._known[key]
        price = _price(pricing, is_pricing=True)
        if len(self._known) < _MOST_KNOWN and sum(map(len, map(str, (*pricing, *values)))) < _LONGEST_KNOWN:
            self._known[key] = price
        return price


def _price_of_list(pricing: list[object]) -> Price | None:
    """The price in a list of tiers of which the first has no `min_context`: OpenRouter's form for its providers."""
    objects = [each for each in pricing[: _MAX_TIERS + 1] if isinstance(each, dict)]
    if not objects or (price := _price(objects[0], is_pricing=True)) is None:
        return None
    tiers: dict[int, PriceTier] = {}
    for each in objects[1:]:
        tier, from_tokens = _price(each, is_pricing=True), _tokens(each.get("min_context"))
        if tier is not None and from_tokens:
            tiers[from_tokens] = PriceTier(from_tokens, tier.prompt_usd, tier.completion_usd, tier.cached_usd)
    return msgspec.structs.replace(price, tiers=_in_order(tiers)) if tiers else price


def _price(place: Mapping[str, object], *, is_pricing: bool) -> Price | None:
    """None where neither side is named. All are in the same unit where none says its own. Outside of `pricing` tokens
    under a name such as `input_tokens` are a limit."""
    prompt, completion = (_figure(place, names, is_pricing) for names in (_PROMPT, _COMPLETION))
    if prompt is None and completion is None:
        return None
    currency = place.get("currency")
    if isinstance(currency, str) and currency.strip().upper() not in ("", "USD", "US$", "$"):
        return Price()
    said = _said_unit(place)
    bare = [figure.usd for figure in (prompt, completion) if figure and figure.usd is not None and not figure.tokens]
    meant = said or (_MILLION if any(usd >= _DEAREST_TOKEN for usd in bare) else _TOKEN)
    prompt_usd, completion_usd = _per_token(prompt, meant), _per_token(completion, meant)
    cached, written, reasoning = (
        _per_token(_figure(place, names, is_pricing, only_said=not is_pricing), meant)
        for names in (_CACHED, _CACHE_WRITE, _REASONING)
    )
    return Price(
        prompt_usd,
        completion_usd,
        cached,
        written,
        # OpenRouter lists 0 for models whose reasoning is billed as output: zero says nothing here.
        reasoning or None,
        _per_piece(place, _REQUEST, is_pricing),
        _per_piece(place, _IMAGE, is_pricing),
        _tiers(place, meant) if prompt_usd is not None or completion_usd is not None else (),
        has_more=is_pricing and any(_usd(place.get(name)) for name in _MORE),
    )


def _figure(place: Mapping[str, object], names: _Names, is_pricing: bool, *, only_said: bool = False) -> _Figure | None:
    """The figure under the first of these names that is there; `only_said`: a name counts only with its unit."""
    if names.keys().isdisjoint(place):
        return None
    for name, tokens in names.items():
        if tokens is None and (only_said or (not is_pricing and name.endswith("_tokens"))):
            continue
        if name in place and place[name] is not None:
            return _Figure(_usd(place[name]), tokens)
    return None


def _usd(value: object) -> Decimal | None:
    value = value.get("usd") if isinstance(value, dict) else value  # Venice: {"usd": 0.2, "diem": 2}
    return read_usd(value, digits=_MOST_DIGITS)


def _per_piece(place: Mapping[str, object], names: tuple[str, ...], is_pricing: bool) -> Decimal | None:
    """What one request or picture costs; a bare name counts within `pricing` only."""
    bare, said = names
    for name in (bare, said) if is_pricing else (said,):
        usd = _usd(place.get(name))
        if usd is not None:
            return usd if usd < _DEAREST_PIECE else None
    return None


# Long contexts


def _tiers(place: Mapping[str, object], meant: Decimal) -> tuple[PriceTier, ...]:
    """The prices of long contexts: Venice's `extended`, Vercel's lists, LiteLLM's names."""
    tiers: dict[int, PriceTier] = {}

    def note(from_tokens: int, field: str, figure: _Figure) -> None:
        usd = _per_token(figure, meant)
        if from_tokens and usd is not None and (from_tokens in tiers or len(tiers) < _MAX_TIERS):
            tier = tiers.get(from_tokens, PriceTier(from_tokens))
            tiers[from_tokens] = msgspec.structs.replace(tier, **{field: usd})

    extended = place.get("extended")
    if isinstance(extended, dict):
        from_tokens = _tokens(extended.get("context_token_threshold"))
        for field, names in (("prompt_usd", _PROMPT), ("completion_usd", _COMPLETION), ("cached_usd", _CACHED)):
            if (figure := _figure(extended, names, True)) is not None:
                note(from_tokens, field, figure)
    for field, name in _VERCEL.items():
        rows = place.get(name)
        for row in rows[: _MAX_TIERS + 1] if isinstance(rows, list) else ():
            if isinstance(row, dict):
                note(_tokens(row.get("min")), field, _Figure(_usd(row.get("cost")), None))
    for name, value in place.items():
        if "_above_" in name and (above := _ABOVE.fullmatch(name)):
            note(int(above[2]) * 1_000 + 1, _LITELLM[above[1]], _Figure(_usd(value), _TOKEN))
    return _in_order(tiers)


_VERCEL: Final = {
    "prompt_usd": "input_tiers", "completion_usd": "output_tiers", "cached_usd": "input_cache_read_tiers",
}  # fmt: skip
_LITELLM: Final = {
    "input_cost_per_token": "prompt_usd",
    "output_cost_per_token": "completion_usd",
    "cache_read_input_token_cost": "cached_usd",
}


def _in_order(tiers: Mapping[int, PriceTier]) -> tuple[PriceTier, ...]:
    return tuple(tiers[from_tokens] for from_tokens in sorted(tiers))


def _tokens(value: object) -> int:
    """A number of tokens; 0 where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 13:
        value = int(value)
    if isinstance(value, Decimal):
        value = int(value) if value.is_finite() and 0 < value < 10**12 and value == int(value) else 0
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12 else 0


# Units


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
