"""Times of messages as people read them: beside a message, and between two that are far apart.

Days are the user's: the system's time zone counts where none is given. A time that no calendar has is a dash.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from math import nan
from typing import Final

from tui_chat.core.figures import UNKNOWN
from tui_chat.core.moments import moment_of

GAP_S: Final = 3 * 3600
"""Seconds between two messages of one day from which on it is said how much later the second came."""

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Timestamps(StrEnum):
    """How times of messages are shown."""

    OFF = "off"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class MessageTimes:
    """The times of messages, as the setting has them. All times are in seconds since the epoch.

    A conversation has thousands of messages, of a few days: what was found out of a day is kept.
    """

    def __init__(self, timestamps: Timestamps, now: Callable[[], float], zone: tzinfo | None = None) -> None:
        self._timestamps = timestamps
        self._now = now
        self._zone = zone
        self._day = (0.0, 0.0)
        """Begin and end of the day of the message that was asked for last."""
        self._today: tuple[float, datetime | None] = (nan, None)
        """The minute in which a stamp was asked for last."""

    @property
    def are_shown(self) -> bool:
        """They are not off."""
        return self._timestamps is not Timestamps.OFF

    def use(self, timestamps: Timestamps) -> None:
        """Have them otherwise from now on."""
        self._timestamps = timestamps

    def stamp(self, at: float) -> str:
        """The time beside a message; empty where times are off."""
        if self._timestamps is Timestamps.OFF:
            return ""
        now = self._now()
        if now // 60 != self._today[0]:
            self._today = now // 60, moment_of(now, self._zone)
        stamp = _ago if self._timestamps is Timestamps.RELATIVE else _day_and_time
        return stamp(at, now, self._today[1], self._zone)

    def gap(self, before: float, at: float) -> str:
        """What stands between two messages, see `gap_words`; empty where times are off."""
        if self._timestamps is Timestamps.OFF or at <= before:
            return ""
        told = round(at, 6)  # as a datetime has it, which may be the next day
        begin, end = self._day
        if not begin <= told < end:
            begin, end = self._day = _day_around(told, self._zone)
        if begin <= round(before, 6) and told < end:
            return _later(at - before)
        return gap_words(before, at, self._now(), self._zone)


NO_TIMES: Final = MessageTimes(Timestamps.OFF, lambda: 0.0)


def ago(at: float, now: float, zone: tzinfo | None = None) -> str:
    """`just now`, `5 min ago`, then `14:02`, `Mon 14:02`, `12 Nov`, `12 Nov 2025`; a time to come is just now."""
    return _ago(at, now, moment_of(now, zone), zone)


def day_and_time(at: float, now: float, zone: tzinfo | None = None) -> str:
    """`14:02`, of another day `12 Nov 14:02`, of another year `12 Nov 2025 14:02`."""
    return _day_and_time(at, now, moment_of(now, zone), zone)


def gap_words(before: float, at: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """What stands between two messages: `Mon 23 Nov` where the second begins a day, `3 h later` where it came so much
    later; empty where it came soon, or before the first (a clock was set back).

    The year is named where it is not that of `now`, or has just begun; always where `now` is None.
    """
    first, second = moment_of(before, zone), moment_of(at, zone)
    if at <= before or first is None or second is None:
        return ""
    if first.date() < second.date():
        today = None if now is None else moment_of(now, zone)
        has_year = today is None or not first.year == second.year == today.year
        return f"{_DAYS[second.weekday()]} {_date(second, has_year=has_year)}"
    return _later(at - before)


def exact_time(at: float, zone: tzinfo | None = None) -> str:
    """`2025-11-23 14:02:05+01:00`, with `Z` for UTC: a time that is the same wherever it is read."""
    then = moment_of(at, zone)
    if then is None:
        return UNKNOWN
    return then.astimezone(zone).isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")


def _ago(at: float, now: float, today: datetime | None, zone: tzinfo | None) -> str:
    if today is not None and 0 <= now - at < 3600:
        minutes = int((now - at) // 60)
        return f"{minutes} min ago" if minutes else "just now"
    then = moment_of(at, zone)
    if then is None or today is None:
        return UNKNOWN
    if at > now:
        return "just now"
    days = (today.date() - then.date()).days
    if days >= 7:
        return _date(then, has_year=then.year != today.year)
    return f"{_DAYS[then.weekday()]} {_clock(then)}" if days else _clock(then)


def _day_and_time(at: float, _: float, today: datetime | None, zone: tzinfo | None) -> str:
    then = moment_of(at, zone)
    if then is None or today is None:
        return UNKNOWN
    is_today = then.date() == today.date()
    return _clock(then) if is_today else f"{_date(then, has_year=then.year != today.year)} {_clock(then)}"


def _later(seconds: float) -> str:
    return f"{seconds // 3600:.0f} h later" if seconds >= GAP_S else ""


def _day_around(at: float, zone: tzinfo | None) -> tuple[float, float]:
    """The first moment of the day of a time, and the first after it; two equal ones where no calendar has it."""
    then = moment_of(at, zone)
    if then is None:
        return 0.0, 0.0
    try:
        midnight = then.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0, 0.0


def _clock(then: datetime) -> str:
    return f"{then.hour:02}:{then.minute:02}"


def _date(then: datetime, *, has_year: bool) -> str:
    day = f"{then.day} {_MONTHS[then.month - 1]}"
    return f"{day} {then.year}" if has_year else day
