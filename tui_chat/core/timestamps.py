"""Times of messages as people read them: beside a message, and between two that are far apart.

Days are the user's: the system's time zone counts where none is given. A time that no calendar has is a dash.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final

from tui_chat.core.figures import UNKNOWN

GAP_S: Final = 3 * 3600
"""Seconds between two messages of one day from which on it is said how much later the second came."""


class Timestamps(StrEnum):
    """How times of messages are shown."""

    OFF = "off"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class MessageTimes:
    """The times of messages, as the setting has them. All times are in seconds since the epoch."""

    timestamps: Timestamps
    now: Callable[[], float]
    zone: tzinfo | None = None

    def stamp(self, at: float) -> str:
        """The time beside a message; empty where times are off."""
        match self.timestamps:
            case Timestamps.OFF:
                return ""
            case Timestamps.RELATIVE:
                return ago(at, self.now(), self.zone)
            case Timestamps.ABSOLUTE:
                return day_and_time(at, self.now(), self.zone)

    def gap(self, before: float, at: float) -> str:
        """What stands between two messages, see `gap_words`; empty where times are off."""
        return "" if self.timestamps is Timestamps.OFF else gap_words(before, at, self.now(), self.zone)


NO_TIMES: Final = MessageTimes(Timestamps.OFF, lambda: 0.0)


def ago(at: float, now: float, zone: tzinfo | None = None) -> str:
    """`just now`, `5 min ago`, then `14:02`, `Mon 14:02`, `12 Nov`, `12 Nov 2025`; a time to come is just now."""
    then, today = _moment(at, zone), _moment(now, zone)
    if then is None or today is None:
        return UNKNOWN
    minutes = int((now - at) // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    days = (today.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    return f"{then:%a %H:%M}" if days < 7 else _date(then, has_year=then.year != today.year)


def day_and_time(at: float, now: float, zone: tzinfo | None = None) -> str:
    """`14:02`, of another day `12 Nov 14:02`, of another year `12 Nov 2025 14:02`."""
    then, today = _moment(at, zone), _moment(now, zone)
    if then is None or today is None:
        return UNKNOWN
    if then.date() == today.date():
        return f"{then:%H:%M}"
    return f"{_date(then, has_year=then.year != today.year)} {then:%H:%M}"


def gap_words(before: float, at: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """What stands between two messages: `Mon 23 Nov` where the second begins a day, `3 h later` where it came so much
    later; empty where it came soon, or before the first (a clock was set back).

    The year is named where it is not that of `now`, or has just begun; always where `now` is None.
    """
    first, second = _moment(before, zone), _moment(at, zone)
    if at <= before or first is None or second is None:
        return ""
    if first.date() < second.date():
        today = None if now is None else _moment(now, zone)
        has_year = today is None or not first.year == second.year == today.year
        return f"{second:%a} {_date(second, has_year=has_year)}"
    return f"{(at - before) // 3600:.0f} h later" if at - before >= GAP_S else ""


def exact_time(at: float, zone: tzinfo | None = None) -> str:
    """`2025-11-23 14:02:05+01:00`, with `Z` for UTC: a time that is the same wherever it is read."""
    then = _moment(at, zone)
    if then is None:
        return UNKNOWN
    return then.astimezone(zone).isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")


def _moment(seconds: float, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None


def _date(then: datetime, *, has_year: bool) -> str:
    return f"{then.day} {then:%b %Y}" if has_year else f"{then.day} {then:%b}"
