"""What is typed to find a model: words that filter or sort, and words that are searched for.

`free tools <1 >100k mini` is a query: what costs nothing is told by the price and never by the name. All front ends
read it here, and say in the same words how it was read.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.core import figures
from tui_chat.core.models import Ability, Catalog

NEW_DAYS: Final = 90
"""Days for which a model is new."""

_ABILITIES: Final[Mapping[str, Ability]] = {
    "tools": Ability.TOOLS,
    **dict.fromkeys(("pictures", "vision", "image", "images"), Ability.PICTURES),
    **dict.fromkeys(("reasons", "reasoning"), Ability.REASONS),
    "pdf": Ability.PDF,
    **dict.fromkeys(("sound", "audio"), Ability.SOUND),
}
_PRICE: Final = re.compile(r"<\$?(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})")
_CONTEXT: Final = re.compile(r">(\d{1,12}(?:\.\d{1,3})?)([kKmM]?)")
_TIMES: Final = {"": 1, "k": 1_000, "m": 1_000_000}


class ModelOrder(StrEnum):
    """Orders of the list, as they are said."""

    RECENT = ""
    CHEAPEST = "cheapest first"
    LARGEST = "largest context first"
    FASTEST = "fastest for you first"
    NAME = "by name"

    @property
    def next(self) -> "ModelOrder":
        """The one after it, around the end."""
        orders = tuple(ModelOrder)
        return orders[(orders.index(self) + 1) % len(orders)]


_ORDERS: Final[Mapping[str, ModelOrder]] = {
    "cheapest": ModelOrder.CHEAPEST,
    "largest": ModelOrder.LARGEST,
    "fastest": ModelOrder.FASTEST,
}


class ModelQuery(msgspec.Struct, frozen=True):
    """A query. What is not asked for is None, False or empty."""

    words: tuple[str, ...] = ()
    """Words to be found in id, name, provider or description."""
    is_free: bool = False
    is_new: bool = False
    shows_all: bool = False
    """Also models that cannot chat."""
    needs: tuple[Ability, ...] = ()
    under_usd: Decimal | None = None
    """Dollars per million tokens of output that it stays below."""
    over_tokens: int | None = None
    """Tokens that its context is larger than."""
    order: ModelOrder | None = None
    """In which they are to be listed."""

    @property
    def filters(self) -> bool:
        """Something of it is no word to be found."""
        return self != ModelQuery(self.words)

    @property
    def said(self) -> str:
        """How it was read: `under $1 per million out, takes pictures`; empty where nothing of it filters."""
        if not self.filters:
            return ""
        said = ["free"] if self.is_free else []
        if self.under_usd is not None:
            said.append(f"under {figures.dollars(self.under_usd)} per million out".replace(".00 ", " "))
        if self.over_tokens is not None:
            said.append(f"context over {figures.tokens(self.over_tokens)}")
        if taken := [ability.value for ability in self.needs if ability is not Ability.REASONS]:
            said.append(f"takes {' and '.join(taken)}")
        if Ability.REASONS in self.needs:
            said.append("reasons")
        if self.is_new:
            said.append(f"new within {NEW_DAYS} days")
        if self.shows_all:
            said.append("also those that cannot chat")
        if self.order is not None:
            said.append(self.order.value)
        if self.words:
            said.append(f"has “{' '.join(self.words)}”")
        return ", ".join(said)


def is_search(words: str, known: Catalog) -> bool:
    """Whether words that stand where an id may are to be looked for: no id has a blank in it, nor is called as what
    filters is."""
    return known.get(words) is None and (len(words.split()) > 1 or read_query(words).filters)


def read_query(text: str) -> ModelQuery:
    """Read what was typed; a sign without its number asks for nothing yet."""
    words: list[str] = []
    needs: list[Ability] = []
    is_free = is_new = shows_all = False
    under_usd: Decimal | None = None
    over_tokens: int | None = None
    order: ModelOrder | None = None
    for word in text.split():
        lowered = word.lower()
        if lowered in ("<", ">", "<$"):
            continue
        if lowered == "free":
            is_free = True
        elif lowered == "new":
            is_new = True
        elif lowered == "all":
            shows_all = True
        elif lowered in _ORDERS:
            order = _ORDERS[lowered]
        elif (ability := _ABILITIES.get(lowered)) is not None:
            needs += [ability] if ability not in needs else []
        elif price := _PRICE.fullmatch(word):
            under_usd = Decimal(price[1])
        elif context := _CONTEXT.fullmatch(word):
            over_tokens = int(Decimal(context[1]) * _TIMES[context[2].lower()])
        else:
            words.append(word)
    return ModelQuery(tuple(words), is_free, is_new, shows_all, tuple(needs), under_usd, over_tokens, order)
