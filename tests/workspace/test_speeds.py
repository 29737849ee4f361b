"""How fast models are: medians, of today and of the last days."""

from datetime import UTC, datetime

from tui_chat.chat.ledger import Speed
from tui_chat.workspace.speeds import by_model, days_words, fastest, model_words, since_today

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


def test_one_slow_answer_among_many_changes_nothing() -> None:
    speeds = [Speed(NOON, "m", first, rate) for first, rate in ((0.3, 80.0), (0.3, 82.0), (9.0, 2.0))]
    assert by_model(speeds)["m"].words == "80 tok/s · first 0.30 s"


def test_the_fastest_is_among_those_that_were_measured() -> None:
    measured = [Speed(NOON, "b", 0.9, 5.0), Speed(NOON, "c", 0.9, 4.0)]
    assert fastest(by_model([Speed(NOON, "a", 0.1, None), *measured])) == "b"


def test_nothing_is_the_fastest_where_nothing_else_was_measured() -> None:
    assert fastest(by_model([Speed(NOON, "a", 0.1, None), Speed(NOON, "b", 0.9, 5.0)])) is None


def words_of(speeds: list[Speed], model: str) -> str:
    return model_words(by_model(since_today(speeds, NOON)), by_model(speeds), model)


def test_a_model_is_said_to_be_the_fastest_of_today_where_there_was_another() -> None:
    one = [Speed(NOON, "a", 0.5, 88.0), Speed(NOON - DAY_S, "a", 0.5, 60.0)]
    assert words_of(one, "a") == "88 tok/s today · 74 tok/s · first 0.50 s over 30 days"
    two = [*one, Speed(NOON, "b", 0.5, 20.0)]
    assert "88 tok/s today, the fastest of today" in words_of(two, "a")
    assert "fastest" not in words_of(two, "b")
    assert words_of(two, "c") == ""


def test_a_model_is_followed_from_day_to_day_once_there_are_two() -> None:
    speeds = [Speed(NOON - DAY_S, "a", 0.5, 40.0), Speed(NOON, "a", 0.5, 80.0)]
    assert days_words(speeds, "a") == "▅█ 40 to 80 tok/s on 2 days"
    assert days_words(speeds[:1], "a") == ""
