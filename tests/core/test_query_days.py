"""Days as people write them, and the moments at which they begin and end here."""

from datetime import date, datetime

import pytest

from tui_chat.core.search_query import day_from, end_of, read_query, start_of

NOW = datetime(2026, 11, 25, 15, 30).timestamp()
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("monday", date(2026, 11, 23)),
        ("wednesday", date(2026, 11, 25)),
        ("yesterday", date(2026, 11, 24)),
        ("7d", date(2026, 11, 18)),
        ("9999y", date(1, 1, 1)),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date) -> None:
    assert day_from(text, NOW) == day


def test_a_day_is_over_when_the_next_one_begins() -> None:
    assert end_of(date(2026, 12, 31)) == start_of(date(2027, 1, 1))


@pytest.mark.parametrize("text", ["since:0001-01-01", "until:0001-01-01", "since:9999-12-31", "until:9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_can_be_looked_for(text: str) -> None:
    assert read_query(text, NOW).problems == ()
    assert start_of(date.min) < end_of(date.min) < NOW < start_of(date.max) < end_of(date.max)
