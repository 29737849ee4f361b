"""Seconds since the epoch as moments of a calendar: the one place where a number becomes a date.

A clock may be broken, and a file or a gateway may hold any number. Where a date is needed, the nearest moment that has
one in every time zone stands for it.
"""

from datetime import UTC, datetime, tzinfo
from typing import Final

LATEST_TIME: Final = 253_000_000_000.0
"""In the year 9987, with room for the days and months that are counted from there on."""


def bounded(seconds: float) -> float:
    """The time, or the nearest one that has a date; 1970 for what is no number."""
    return max(0.0, min(seconds, LATEST_TIME))  # in this order it is 0 for NaN


def local_moment(seconds: float) -> datetime:
    """A time in the local zone, without it."""
    return datetime.fromtimestamp(bounded(seconds))


def utc_moment(seconds: float) -> datetime:
    """A time in UTC."""
    return datetime.fromtimestamp(bounded(seconds), UTC)


def moment_of(seconds: float, zone: tzinfo | None) -> datetime | None:
    """A time in a zone, None for the local one, without it; None where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None
