"""Sums over the ledger as columns of integers that SQLite adds up by itself, and columns as sums.

Dollars are two integers, of 10^-12 and of 10^-24 dollars, so that sums stay exact. What does not fit stands whole in
`beyond` (JSON), and the integers beside it are 0. The steps of `migrations` count with this, so it never changes.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from tui_chat.core.jsonvalue import json_text
from tui_chat.core.usage import Cost, Spending, TokenCounts

_DIGITS: Final = 24
_YOCTO_PER_PICO: Final = 10**12
_LARGEST_EXPONENT: Final = 40
_MOST_PICODOLLARS: Final = 2**62
_MOST: Final = 2**40
"""Of any other figure of a row: some millions of rows are added up before SQLite's own sum is too small."""
_HALF: Final = 2**32 - 1


class Sums(msgspec.Struct, frozen=True, gc=False):
    """What entries of the ledger come to."""

    spending: Spending = Spending()
    cached_tokens: int = 0
    cached_told: int = 0
    """Entries that told how many tokens were read from a cache."""
    cache_write_tokens: int = 0
    cache_write_told: int = 0

    def plus(self, counts: TokenCounts | None, cost: Cost | None) -> "Sums":
        """The same with one entry more."""
        cached = counts.cached_tokens if counts else None
        written = counts.cache_write_tokens if counts else None
        spending = self.spending.plus(counts, cost)
        return Sums(
            spending,
            self.cached_tokens + (cached or 0),
            self.cached_told + (cached is not None),
            self.cache_write_tokens + (written or 0),
            self.cache_write_told + (written is not None),
        )

    def and_also(self, other: "Sums") -> "Sums":
        """The sum of both."""
        spending = self.spending.and_also(other.spending)
        return Sums(
            spending,
            self.cached_tokens + other.cached_tokens,
            self.cached_told + other.cached_told,
            self.cache_write_tokens + other.cache_write_tokens,
            self.cache_write_told + other.cache_write_told,
        )

    def but_for(self, other: "Sums") -> "Sums":
        """The same without what is part of it."""
        spending = self.spending.but_for(other.spending)
        return Sums(
            spending,
            self.cached_tokens - other.cached_tokens,
            self.cached_told - other.cached_told,
            self.cache_write_tokens - other.cache_write_tokens,
            self.cache_write_told - other.cache_write_told,
        )


class Columns(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Sums as a row has them."""

    answers: int = 0
    picodollars: int = 0
    yoctodollars: int = 0
    """From 0 to 10^12, to be added to `picodollars`."""
    estimated: int = 0
    unknown: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    uncounted: int = 0
    cached_tokens: int = 0
    cached_told: int = 0
    cache_write_tokens: int = 0
    cache_write_told: int = 0
    beyond: str | None = None


NAMES: Final = Columns.__struct_fields__
PLACES: Final = ", ".join("?" * len(NAMES))
TOGETHER: Final = ", ".join(
    [
        "sum(answers)",
        f"sum(picodollars >> 32), sum(picodollars & {_HALF})",
        *(f"sum({name})" for name in NAMES[2:-1]),
        "group_concat(beyond)",
    ]
)
"""Many rows as one, for `Together`."""


class Together(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What `TOGETHER` gives."""

    answers: int
    upper_picodollars: int
    lower_picodollars: int
    yoctodollars: int
    estimated: int
    unknown: int
    prompt_tokens: int
    completion_tokens: int
    uncounted: int
    cached_tokens: int
    cached_told: int
    cache_write_tokens: int
    cache_write_told: int
    beyond: str | None

    @property
    def sums(self) -> Sums:
        """As sums."""
        picodollars = (self.upper_picodollars << 32) + self.lower_picodollars
        spending = Spending(
            self.answers,
            _dollars(picodollars * _YOCTO_PER_PICO + self.yoctodollars),
            self.estimated,
            self.unknown,
            self.prompt_tokens,
            self.completion_tokens,
            self.uncounted,
        )
        sums = Sums(spending, self.cached_tokens, self.cached_told, self.cache_write_tokens, self.cache_write_told)
        return sums if self.beyond is None else sums.and_also(_all_beyond(f"[{self.beyond}]"))


_BEYOND: Final = msgspec.json.Decoder(Sums)
_MANY_BEYOND: Final = msgspec.json.Decoder(tuple[Sums, ...])


def _all_beyond(text: str) -> Sums:
    total = Sums()
    for each in _MANY_BEYOND.decode(text):
        total = total.and_also(each)
    return total


def columns_of(sums: Sums) -> Columns:
    """Sums as a row."""
    spending = sums.spending
    yocto = _yoctodollars(spending.usd)
    picodollars, yoctodollars = divmod(yocto or 0, _YOCTO_PER_PICO)
    columns = Columns(
        spending.answers,
        picodollars,
        yoctodollars,
        spending.estimated,
        spending.unknown,
        spending.prompt_tokens,
        spending.completion_tokens,
        spending.uncounted,
        sums.cached_tokens,
        sums.cached_told,
        sums.cache_write_tokens,
        sums.cache_write_told,
    )
    if yocto is None or abs(picodollars) >= _MOST_PICODOLLARS or not _fit(msgspec.structs.astuple(columns)[3:-1]):
        return Columns(beyond=json_text(sums))
    return columns


def sums_of(columns: Columns) -> Sums:
    """A row as sums."""
    if columns.beyond is not None:
        return _BEYOND.decode(columns.beyond)
    answers, picodollars, *rest = msgspec.structs.astuple(columns)
    return Together(answers, picodollars >> 32, picodollars & _HALF, *rest).sums


def _fit(figures: Iterable[int]) -> bool:
    return all(abs(figure) < _MOST for figure in figures)


def _yoctodollars(usd: Decimal) -> int | None:
    """The dollars as an integer; None where it is none, or a huge one."""
    sign, digits, exponent = usd.as_tuple()
    if not isinstance(exponent, int) or exponent > _LARGEST_EXPONENT:
        return None
    number = int("".join(map(str, digits)))
    if exponent >= -_DIGITS:
        number *= 10 ** (exponent + _DIGITS)
    else:
        number, rest = (
            divmod(number, 10 ** (-_DIGITS - exponent)) if exponent > -_LARGEST_EXPONENT * 10 else (0, number)
        )
        if rest:
            return None
    return -number if sign else number


def _dollars(yoctodollars: int) -> Decimal:
    """The shortest way to write them."""
    if not yoctodollars:
        return Decimal(0)
    digits = str(abs(yoctodollars))
    shorter = digits.rstrip("0")
    exponent = len(digits) - len(shorter) - _DIGITS
    if exponent > 0:
        shorter, exponent = shorter + "0" * exponent, 0
    return Decimal((yoctodollars < 0, tuple(map(int, shorter)), exponent))
