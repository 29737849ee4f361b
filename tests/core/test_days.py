"""Days as a person counts them: headings, and times beside rows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.days import Days, brief_time, time_below, whole_time

NOON = datetime(2026, 3, 3, 12)  # a Tuesday
NOW = NOON.timestamp()


def ago(**span: float) -> float:
    return (NOON - timedelta(**span)).timestamp()


@pytest.mark.parametrize(
    ("at", "heading", "brief", "whole"),
    [
        (ago(minutes=5), "Today", "11:55", "11:55"),
        (ago(hours=12), "Today", "00:00", "00:00"),
        (ago(hours=12, seconds=1), "Yesterday", "23:59", "Mon 23:59"),
        (ago(days=2), "Sunday", "12:00", "Sun 12:00"),
        (ago(days=6), "Wednesday", "12:00", "Wed 12:00"),
        (ago(days=7), "February", "24 Feb", "24 Feb"),
        (ago(days=70), "December 2025", "23 Dec", "23 Dec 2025"),
        (ago(days=-2), "Today", "12:00", "12:00"),
    ],
)
def test_a_time_stands_under_its_day_and_then_under_its_month(at: float, heading: str, brief: str, whole: str) -> None:
    assert Days(NOW).heading(at) == heading
    assert (brief_time(at, NOW), whole_time(at, NOW)) == (brief, whole)


def test_a_time_below_the_heading_of_another_day_repeats_no_year() -> None:
    last_year, newest = ago(days=80), ago(days=70)
    assert time_below(newest, newest, NOW) == "12:00"
    assert time_below(last_year, newest, NOW) == "13 Dec"
    assert time_below(last_year, ago(days=7), NOW) == "13 Dec 2025"
    assert time_below(ago(days=2), ago(days=1), NOW) == "Sun 12:00"


@given(st.lists(st.integers(-3 * 86_400, 800 * 86_400), min_size=2))
def test_a_heading_does_not_depend_on_those_asked_for_before(seconds: list[int]) -> None:
    days = Days(NOW)
    for each in seconds:
        assert days.heading(NOW - each) == Days(NOW).heading(NOW - each)


@pytest.mark.parametrize("at", [1e300, -1e300, 9e12, float("inf")])
def test_a_time_that_no_calendar_has_is_the_nearest_one(at: float) -> None:
    assert Days(NOW).heading(at)
    assert whole_time(at, NOW) == whole_time(9e12 if at > 0 else 0.0, NOW)
    assert brief_time(at, NOW)
