"""Times beside messages, and what stands between two of them."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_chat.core.figures import UNKNOWN
from tui_chat.core.timestamps import GAP_S, MessageTimes, Timestamps, ago, day_and_time, exact_time, gap_words

BERLIN = ZoneInfo("Europe/Berlin")
TONGA = timezone(timedelta(hours=13))
NOW = datetime(2026, 3, 5, 14, 30, tzinfo=BERLIN)  # a Thursday
HOUR_S = 3600
DAY_S = 24 * HOUR_S
zones = st.sampled_from([UTC, BERLIN, TONGA, ZoneInfo("America/Sao_Paulo")])
times = st.floats(0, 4e9)


def berlin(*moment: int) -> float:
    return datetime(*moment, tzinfo=BERLIN).timestamp()  # type: ignore[arg-type, misc]  # year, month, day, …


@pytest.mark.parametrize(
    ("ago_s", "relative", "absolute"),
    [
        (5, "just now", "14:29"),
        (-10, "just now", "14:30"),
        (150, "2 min ago", "14:27"),
        (2 * HOUR_S, "12:30", "12:30"),
        (26 * HOUR_S, "Wed 12:30", "4 Mar 12:30"),
        (6 * DAY_S, "Fri 14:30", "27 Feb 14:30"),
        (7 * DAY_S, "26 Feb", "26 Feb 14:30"),
        (400 * DAY_S, "29 Jan 2025", "29 Jan 2025 14:30"),
    ],
)
def test_a_time_in_each_setting(ago_s: int, relative: str, absolute: str) -> None:
    now = NOW.timestamp()
    stamps = [MessageTimes(setting, lambda: now, BERLIN).stamp(now - ago_s) for setting in Timestamps]
    assert stamps == ["", relative, absolute]


@pytest.mark.parametrize(
    ("before", "at", "words"),
    [
        ((2026, 3, 4, 12, 0), (2026, 3, 4, 12, 1), ""),
        ((2026, 3, 4, 12, 0), (2026, 3, 4, 14, 59), ""),
        ((2026, 3, 4, 12, 0), (2026, 3, 4, 15, 0), "3 h later"),
        ((2026, 3, 4, 0, 0), (2026, 3, 4, 23, 59), "23 h later"),
        ((2026, 3, 3, 23, 59), (2026, 3, 4, 0, 0), "Wed 4 Mar"),
        ((2025, 12, 31, 23, 59), (2026, 1, 1, 0, 0), "Thu 1 Jan 2026"),
        ((2025, 11, 22, 9, 0), (2025, 11, 23, 9, 0), "Sun 23 Nov 2025"),
        # The clocks go forward, and back: an hour less, or more, has passed than they show.
        ((2026, 3, 29, 1, 0), (2026, 3, 29, 4, 30), ""),
        ((2026, 10, 25, 1, 0), (2026, 10, 25, 3, 0), "3 h later"),
    ],
)
def test_a_gap_is_named_by_the_day_that_begins_or_the_hours_that_passed(
    before: tuple[int, ...], at: tuple[int, ...], words: str
) -> None:
    assert gap_words(berlin(*before), berlin(*at), NOW.timestamp(), BERLIN) == words


def test_days_are_those_of_the_user() -> None:
    before, at = (datetime(2026, 3, 4, hour, tzinfo=UTC).timestamp() for hour in (10, 12))
    assert gap_words(before, at, NOW.timestamp(), UTC) == ""
    assert gap_words(before, at, NOW.timestamp(), TONGA) == "Thu 5 Mar"


def test_without_a_now_the_year_is_always_named() -> None:
    assert gap_words(berlin(2026, 3, 3, 9), berlin(2026, 3, 4, 9), None, BERLIN) == "Wed 4 Mar 2026"


def test_there_is_no_gap_where_times_are_off() -> None:
    now = NOW.timestamp()
    gaps = [MessageTimes(setting, lambda: now, BERLIN).gap(now - 9 * DAY_S, now) for setting in Timestamps]
    assert gaps == ["", "Thu 5 Mar", "Thu 5 Mar"]


@given(times, times, zones)
def test_a_clock_that_was_set_back_or_stands_leaves_no_gap(one: float, other: float, zone: ZoneInfo) -> None:
    assert gap_words(max(one, other), min(one, other), NOW.timestamp(), zone) == ""


@given(times, st.floats(0, 5 * DAY_S), zones)
def test_a_gap_stands_where_a_day_begins_or_hours_have_passed(at: float, after_s: float, zone: ZoneInfo) -> None:
    days = [datetime.fromtimestamp(moment, zone).date() for moment in (at, at + after_s)]
    words = gap_words(at, at + after_s, None, zone)
    assert bool(words) == (days[0] != days[1] or (at + after_s) - at >= GAP_S)
    assert words.endswith(" h later") == (bool(words) and days[0] == days[1])


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True), zones)
def test_no_time_is_too_much(at: float, now: float, zone: ZoneInfo) -> None:
    for setting in Timestamps:
        times_of_it = MessageTimes(setting, lambda: now, zone)
        assert "\n" not in times_of_it.stamp(at) + times_of_it.gap(at, now) + exact_time(at, zone)


def test_a_time_that_no_calendar_has_is_a_dash() -> None:
    assert day_and_time(1e300, 0.0) == exact_time(1e300) == UNKNOWN


def test_an_exact_time_names_its_offset() -> None:
    moment = berlin(2026, 7, 4, 12, 0, 5)
    assert exact_time(moment, BERLIN) == "2026-07-04 12:00:05+02:00"
    assert exact_time(moment, UTC) == "2026-07-04 10:00:05Z"


@example([0.0, 0.0], [1.0, 86399.99999999999], 0.0, UTC)
@given(st.lists(times, min_size=2, max_size=8), st.lists(st.floats(0, DAY_S), max_size=8), times, zones)
def test_what_is_kept_of_a_day_changes_no_words(
    far: list[float], near: list[float], now: float, zone: ZoneInfo
) -> None:
    kept = MessageTimes(Timestamps.RELATIVE, lambda: now, zone)
    path = [*far, *(far[-1] + after_s for after_s in near)]
    for before, at in pairwise(path):
        assert kept.gap(before, at) == gap_words(before, at, now, zone)
        assert kept.stamp(at) == MessageTimes(Timestamps.RELATIVE, lambda: now, zone).stamp(at) == ago(at, now, zone)


def test_a_day_that_has_no_midnight_begins_with_its_first_hour() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    begins = datetime(2018, 11, 4, 1, 0, tzinfo=zone).timestamp()
    kept = MessageTimes(Timestamps.ABSOLUTE, lambda: begins, zone)
    assert [kept.gap(begins - 1, begins), kept.gap(begins, begins + 1)] == ["Sun 4 Nov", ""]
    assert kept.gap(begins - 2, begins - 1) == ""
