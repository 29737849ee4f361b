"""Days as a person counts them, in the local time zone: headings for lists, and times beside rows.

Times are in seconds since the epoch.
"""

from datetime import date, datetime, timedelta

from tui_chat.core.search_query import start_of


class Days:
    """Headings as seen at one moment: `Today`, `Yesterday`, `Monday`, then `November`, `November 2025`."""

    def __init__(self, now: float) -> None:
        self._today = datetime.fromtimestamp(now).date()
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
    day, today = _day(at), _day(now)
    return f"{datetime.fromtimestamp(at):%H:%M}" if (today - day).days < 7 else f"{day.day} {day:%b}"


def whole_time(at: float, now: float) -> str:
    """A time that stands alone: `14:02`, `Mon 14:02`, `12 Nov`, `12 Nov 2025`."""
    day, today = _day(at), _day(now)
    if day >= today:
        return brief_time(at, now)
    if (today - day).days < 7:
        return f"{day:%a} {brief_time(at, now)}"
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b} {day.year}"


def _day(at: float) -> date:
    return datetime.fromtimestamp(at).date()
