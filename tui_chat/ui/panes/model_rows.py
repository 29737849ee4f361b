"""Rows for a model in a list: id, prices per million tokens, context window and what it can do, unknown as a dash."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_chat.core import figures
from tui_chat.core.models import Ability, ModelInfo, ModelKind
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.rows.pick_list import MARGIN
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, highlighted, width_of, wrapped
from tui_chat.ui.theming.marks import Mark

PRICE_CELLS: Final = 9
CONTEXT_CELLS: Final = 9
TAKES_CELLS: Final = 14
_LONGEST_TAKES: Final = len(" ".join(ability.value for ability in Ability))
ENOUGH_FOR_A_NAME: Final = 48
RATE_CELLS: Final = 15
NARROWEST_NAME: Final = 22
"""Columns give way in this order, until the name has so many cells: how fast it was, what it takes, the provider, the
price of input, the context. In a list that is sorted by speed, that one stays."""


class ModelEntry(msgspec.Struct, frozen=True):
    """A line of the list."""

    id: str
    """Id in the gateway's own form, used when the model is chosen."""
    shown: str
    """Id for the screen: sanitised."""
    info: ModelInfo | None
    """None: not in the catalogue."""
    is_favourite: bool = False
    is_typed: bool = False
    """Typed as it stands, and in no catalogue."""


def typed_entry(text: str) -> ModelEntry:
    """The typed id as an entry, used as it stands."""
    return ModelEntry(text, sanitize_line(text), None, is_typed=True)


def takes(info: ModelInfo | None) -> str:
    """Words for what a model takes besides text: `pictures tools reasons`; a dash where the catalogue does not say."""
    if info is None:
        return figures.UNKNOWN
    has = {ability: info.has(ability) for ability in Ability}
    if words := " ".join(ability.value for ability in Ability if has[ability]):
        return words
    return figures.UNKNOWN if all(each is None for each in has.values()) else "text"


class RateColumn(msgspec.Struct, frozen=True):
    """The column that says how fast models were."""

    name: str = ""
    """Its heading; empty where there is no such column."""
    stays: bool = False
    """It gives way last."""


NO_RATES: Final = RateColumn()


class _Shape(msgspec.Struct, frozen=True):
    """The columns that there is room for."""

    name: int
    has_takes: bool = False
    more_takes: int = 0
    """Cells more for that, which a long name does not need."""
    has_rate: bool = False
    has_provider: bool = False
    has_input: bool = False
    has_context: bool = False

    @property
    def others(self) -> int:
        """Cells of all columns but the name's."""
        prices = PRICE_CELLS * (1 + self.has_input)
        takes = (TAKES_CELLS + self.more_takes + 2) * self.has_takes
        return prices + CONTEXT_CELLS * self.has_context + RATE_CELLS * self.has_rate + takes


_ROOM: Final = (
    _Shape(28, has_takes=True, has_rate=True, has_provider=True, has_input=True, has_context=True),
    _Shape(28, has_takes=True, has_provider=True, has_input=True, has_context=True),
    _Shape(28, has_provider=True, has_input=True, has_context=True),
    _Shape(22, has_input=True, has_context=True),
    _Shape(22, has_context=True),
    _Shape(0),
)
"""Columns as they give way, each with the fewest cells for the name."""
_ROOM_FOR_SPEED: Final = (
    _ROOM[0],
    _Shape(28, has_rate=True, has_provider=True, has_input=True, has_context=True),
    _Shape(22, has_rate=True, has_input=True, has_context=True),
    _Shape(22, has_rate=True, has_context=True),
    _Shape(12, has_rate=True),
)


@lru_cache(maxsize=8)
def _shape(width: int, rates: RateColumn) -> _Shape:
    for shape in _ROOM_FOR_SPEED if rates.name and rates.stays else _ROOM:
        if width - shape.others >= shape.name and (rates.name or not shape.has_rate):
            break
    if shape.has_takes and (spare := width - shape.others - ENOUGH_FOR_A_NAME) > 0:
        shape = replace(shape, more_takes=min(spare, _LONGEST_TAKES - TAKES_CELLS))
    return replace(shape, name=max(1, width - shape.others))


def heading(width: int, rates: RateColumn = NO_RATES) -> Row:
    """Words over the columns."""
    shape = _shape(width - MARGIN, rates)
    words = f"{'in/M':>{PRICE_CELLS}}" if shape.has_input else ""
    words += f"{'out/M':>{PRICE_CELLS}}"
    words += f"{'context':>{CONTEXT_CELLS}}" if shape.has_context else ""
    words += f"{rates.name:>{RATE_CELLS}}" if shape.has_rate else ""
    words += f"  {'takes':<{TAKES_CELLS + shape.more_takes}}" if shape.has_takes else ""
    return ((Ink.MUTED, " " * MARGIN + f"{'  model':<{shape.name}}{words}"),)


def model_lines(
    entry: ModelEntry,
    positions: Iterable[int],
    width: int,
    *,
    is_current: bool,
    fits: bool = True,
    rates: RateColumn = NO_RATES,
    rate: str = figures.UNKNOWN,
) -> tuple[Row, ...]:
    """A model in one line; `fits`: its context takes what is in the conversation; `rate`: how fast it was."""
    star: Run = (Ink.WARNING, f"{Mark.FAVOURITE.drawn} ") if entry.is_favourite else (Ink.TEXT, "  ")
    mark: Run = (Ink.SUCCESS, f"{Mark.ANSWER.drawn} ") if is_current else star
    if entry.is_typed:
        return (cut((mark, (Ink.TEXT, f"use “{entry.shown}”"), (Ink.MUTED, " as typed")), width),)
    shape, info = _shape(width, rates), entry.info
    name = cut((mark, *_named(entry, positions, shape)), shape.name - 1)
    if info is not None and info.kind is not ModelKind.CHAT:
        name = cut((*name, (Ink.WARNING, f" {info.kind.value}")), shape.name - 1)
    price = info.price if info else None
    given = figures.price_of(price.prompt_usd if price else None, price)
    taken = figures.price_of(price.completion_usd if price else None, price)
    context = figures.tokens(info.context_tokens if info else None)
    cells: list[Run] = [*name, (Ink.TEXT, " " * (shape.name - width_of(name)))]
    if shape.has_input:
        cells.append((Ink.TEXT, f"{given:>{PRICE_CELLS}}"))
    cells.append((Ink.TEXT, f"{taken:>{PRICE_CELLS}}"))
    if shape.has_context:
        if fits:
            cells.append((Ink.MUTED, f"{context:>{CONTEXT_CELLS}}"))
        else:
            cells.append((Ink.WARNING, f"{f'{Mark.CAUTION.drawn} {context:>4}':>{CONTEXT_CELLS}}"))
    if shape.has_rate:
        cells.append((Ink.MUTED if rate == figures.UNKNOWN else Ink.TEXT, f"{rate:>{RATE_CELLS}}"))
    if shape.has_takes:
        cells.append((Ink.MUTED, f"  {takes(info)}"))
    return (cut(tuple(cells), width),)


def _named(entry: ModelEntry, positions: Iterable[int], shape: _Shape) -> Row:
    """The id, its provider muted, or left out where there is no room."""
    provider, slash, _ = entry.shown.rpartition("/")
    size = len(provider) + len(slash)
    runs = highlighted(entry.shown, positions)
    if not slash:
        return runs
    shown: list[Run] = []
    at = 0
    for ink, text in runs:
        before = text[: max(0, size - at)]
        if before and (shape.has_provider or ink is Ink.MATCH):
            shown.append((ink if ink is Ink.MATCH else Ink.MUTED, before))
        if rest := text[len(before) :]:
            shown.append((ink, rest))
        at += len(text)
    return tuple(shown)


def about(entry: ModelEntry, width: int, lost: str = "", yours: str = "") -> list[Row]:
    """What a row has no room for, of the model under the cursor, after what would be `lost` with it; `yours` is what
    this person had of it."""
    info = entry.info
    rows = wrapped(f"{Mark.CAUTION.drawn} {lost}", width, Ink.WARNING)[:2] if lost else []
    said = [cut(((Ink.TEXT, f"Yours: {yours}"),), width)] if yours else []
    if info is None:
        rows += wrapped("Not in the gateway’s list: its prices and limits are unknown.", width, Ink.MUTED)
        return [*rows[:2], *said]
    facts = [sanitize_line(info.name)] if info.name and info.name != entry.id else []
    facts.append(f"context {figures.tokens(info.context_tokens)}")
    if info.max_output_tokens is not None:
        facts.append(f"at most {figures.tokens(info.max_output_tokens)} out")
    facts += figures.pieces(info.price)
    facts.append(f"takes {takes(info)}")
    for tier in info.price.tiers[:1]:
        usd = figures.price_per_million(tier.prompt_usd or info.price.prompt_usd)
        facts.append(f"from {figures.tokens(tier.from_tokens)} on {usd} in")
    rows += wrapped(" · ".join(facts), width, Ink.MUTED)[:2]
    return [*rows[:2], *said] if said else rows[:3]
