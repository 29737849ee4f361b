"""Days as a person counts them, in the local time zone: headings for lists, and times beside rows.

Times are in seconds since the epoch.
"""

from datetime import date, datetime, timedelta

from tui_chat.core.moments import local_moment
from tui_chat.core.search_query import start_of


class Days:
    """Headings as seen at one moment: `Today`, `Yesterday`, `Monday`, then `November`, `November 2025`."""

    def __init__(self, now: float) -> None:
        self._today = _day(now)
        self._heading = ""
        self._begins, self._ends = 0.0, 0.0
        """The span of the last heading: rows of a list mostly follow each other."""

    def heading(self, at: float) -> str:
        """The heading that a time stands under; a time to come stands under today."""
        if not self._begins <= at < self._ends:
            self._heading, self._begins, self._ends = self._span(at)
        return self._heading

    def _span(self, at: float) -> tuple[str, float, float]:
        day, today = _day(at), self._today
        if day >= today:
            return "Today", start_of(today), float("inf")
        after = day + timedelta(days=1)
        if (today - day).days < 7:
            name = "Yesterday" if after == today else f"{day:%A}"
            return name, start_of(day), start_of(after)
        first = day.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        name = f"{day:%B}" if day.year == today.year else f"{day:%B} {day.year}"
        return name, start_of(first), start_of(min(following, today - timedelta(days=6)))


def brief_time(at: float, now: float) -> str:
    """A time below a heading of `Days`: `14:02` of the last days, then `12 Nov`."""
    then, today = local_moment(at), local_moment(now).date()
    return clock(at) if (today - then.date()).days < 7 else _date(then)


def whole_time(at: float, now: float) -> str:
    """A time that stands alone: `14:02`, `Mon 14:02`, `12 Nov`, `12 Nov 2025`."""
    words = day(at, now)
    if words == "today":
        return clock(at)
    return words if words[0].isdigit() else f"{local_moment(at):%a} {clock(at)}"


def time_below(at: float, newest: float, now: float) -> str:
    """A time below a heading that tells the `day` of another one: `14:02` on that day, no year where it is the same."""
    if day(at, now) == day(newest, now):
        return clock(at)
    then = local_moment(at)
    words = whole_time(at, now)
    return _date(then) if words.endswith(f" {then.year}") and then.year == local_moment(newest).year else words


def day(at: float, now: float) -> str:
    """The day of a time: `today`, also of one to come; `yesterday`, `Mon` within a week, `12 Nov`, `12 Nov 2025`."""
    then, today = local_moment(at), local_moment(now)
    days = (today.date() - then.date()).days
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    if days < 7:
        return f"{then:%a}"
    return _date(then) if then.year == today.year else f"{_date(then)} {then.year}"


def clock(at: float) -> str:
    """`14:02`."""
    return f"{local_moment(at):%H:%M}"


def _date(then: datetime) -> str:
    return f"{then.day} {then:%b}"


def _day(at: float) -> date:
    return local_moment(at).date()
