"""Readers of option values. Whatever cannot be read is wrong use, and the parser reports it."""

import argparse
from decimal import Decimal, InvalidOperation


def whole(text: str) -> int:
    """Read a whole number from 0, of at most nine digits.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
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


def dollars(text: str) -> Decimal:
    """Read an amount of US dollars, with or without `$`.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        value = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount in US dollars")
    return value
