"""Readers of option values. Whatever cannot be read is wrong use, and the parser reports it.

Each imports what it needs when there is something to read: `--help` and `--version` read nothing.
"""

import argparse
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

DEMO_PORT: Final = 8765
GROUPINGS: Final = ("day", "month", "model", "conversation", "gateway", "kind")
"""By what spending can be summed up."""
EXPORT_FORMATS: Final = ("markdown", "json", "jsonl", "html", "text")
"""The forms of a transcript: the names of `SUFFIXES`, which a test compares."""


def whole(text: str) -> int:
    """Read a whole number from 0, of at most nine digits.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to 999999999")
    return int(text)


def conversation_id(text: str) -> str:
    """Read an id, or its beginning: an empty one, as of a variable that is not set, would begin a new conversation.

    Raises:
        argparse.ArgumentTypeError: it is empty.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("an id is needed; `tui-chat history list` shows them")
    return text


def port(text: str) -> int:
    """Read the number of a port; 0 leaves the choice to the system.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isdecimal() or len(text) > 9 or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a port is a number from 0 to 65535")
    return int(text)


def seconds(text: str) -> float:
    """Read a time span above 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value


def dollars(text: str) -> "Decimal":
    """Read an amount of US dollars, with or without `$`.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    from decimal import Decimal, InvalidOperation

    try:
        value = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount in US dollars")
    return value


def day(text: str) -> "date":
    """Read a day as people write it.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    import time

    from tui_chat.core.search_query import DAYS, day_from

    try:
        return day_from(text, time.time())
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no day: {DAYS}") from None


def parameter(text: str) -> tuple[str, str]:
    """Read the name of a parameter and its value, as JSON text.

    Raises:
        argparse.ArgumentTypeError: it is none, or the value is not allowed.
    """
    import json

    from tui_chat.core.errors import SettingsError
    from tui_chat.core.request import Sampling
    from tui_chat.settings.parameters import typed_value, with_parameter

    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=VALUE, as temperature=0.2")
    try:
        with_parameter(Sampling(), name, read := typed_value(name, value))
    except SettingsError as error:
        raise argparse.ArgumentTypeError(error.failure.message) from None
    return name, json.dumps(read)


def role(text: str) -> str:
    """Read who speaks.

    Raises:
        argparse.ArgumentTypeError: nobody does by this name.
    """
    from tui_chat.core.search_query import role_from

    try:
        return role_from(text).value
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no role: {error}") from None


def groupings(text: str) -> tuple[str, ...]:
    """Read by what spending is summed up: words with commas between them, each once.

    Raises:
        argparse.ArgumentTypeError: there is another word, or none.
    """
    words = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",")))
    for word in words:
        if word not in GROUPINGS:
            raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(GROUPINGS)}")
    return words
