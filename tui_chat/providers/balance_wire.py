"""What is left on the account, where a gateway tells it beside its list of models: in a header, or in the body.

No gateway documents this for `/models`, so names are read as loosely as their meaning allows; a sum in a currency that
is named and is no dollar is not taken for one.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from typing import Final

from tui_chat.providers.json_rows import small_members

_NAME = re.compile(
    r"(?:x-)?(?:[a-z]+-){0,2}balance(?:-(?:usd|remaining|left))?"
    r"|(?:x-)?(?:[a-z]+-){0,2}(?:remaining-credits?|credits?(?:-(?:usd|remaining|left))?)"
)
_PLACES: Final = ("account", "user", "key", "meta", "metadata", "usage", "billing", "data")
"""Objects of a body that may tell it."""
_LONGEST: Final = 64 * 1024
"""Bytes of one of these objects."""
_MOST: Final = 1_000
"""Members of a body that are looked at."""
_AMOUNTS: Final = ("usd", "amount", "value", "remaining", "available", "total")
_AMOUNT = re.compile(r"\s*(?:\$|USD)?\s*(-?\d{1,12}(?:\.\d{1,12})?)\s*(?:\$|USD)?\s*", re.IGNORECASE)
_DOLLARS: Final = ("usd", "$", "dollar", "dollars", "us dollar")


def read_balance(headers: Iterable[tuple[str, str]], body: bytes | bytearray) -> Decimal | None:
    """US dollars that are left; None where nothing tells."""
    for name, text in headers:
        if _is_balance(name) and (told := _amount(text)) is not None:
            return told
    return _told_in(dict(islice(small_members(body, _LONGEST), _MOST)))


def _told_in(table: dict[str, object]) -> Decimal | None:
    for place in (table, *(table.get(name) for name in _PLACES)):
        if not isinstance(place, dict) or not _is_in_dollars(place):
            continue
        for name, held in place.items():
            if _is_balance(name) and (told := _amount(held)) is not None:
                return told
    return None


def _is_balance(name: str) -> bool:
    return _NAME.fullmatch(re.sub(r"(?<=[a-z])(?=[A-Z])|_", "-", name).lower()) is not None


def _is_in_dollars(table: dict[str, object]) -> bool:
    currency = table.get("currency")
    return not isinstance(currency, str) or currency.lower() in _DOLLARS


def _amount(value: object) -> Decimal | None:
    if isinstance(value, dict):
        sums = (_plain_amount(value.get(name)) for name in _AMOUNTS) if _is_in_dollars(value) else ()
        return next((told for told in sums if told is not None), None)
    return _plain_amount(value)


def _plain_amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    found = _AMOUNT.fullmatch(str(value))
    return Decimal(found[1]) if found else None
