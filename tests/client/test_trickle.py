"""When the reading of an answer rests until the next beat."""

import pytest

from tui_chat.client.trickle import BEAT_S, ENOUGH_BYTES, LOOKS_S, MANY_BYTES, WAITED_S, Trickle


class Reading:
    """Reads on a clock that stands still but for the waits of the test."""

    def __init__(self) -> None:
        self.now_s = BEAT_S * 1_000
        self.trickle = Trickle(now=lambda: self.now_s)
        self.trickle.is_growing = True
        self.looks_s: tuple[float, ...] = ()
        """When it was looked in the last rest whether all is over."""

    def rest_before(self, *sizes: int, waits: float = 0.0) -> float:
        """The rest before a read whose pieces are of these sizes, the first of them waited for; 0: that lay ready."""
        rest = self.trickle.rest()
        rest_s = 0.0 if rest is None else rest.until_s
        self.looks_s = () if rest is None else tuple(self.now_s + each for each in rest.looks_s)
        self.now_s += rest_s
        self.trickle.reads()
        self.now_s += waits
        for size in sizes or (200,):
            self.trickle.came(size)
        return rest_s


def test_between_the_reads_of_a_trickle_is_a_rest_until_the_next_beat() -> None:
    reading = Reading()
    reading.rest_before(waits=0.02)
    for _ in range(50):
        assert reading.rest_before(waits=WAITED_S / 4) > 0
        assert reading.now_s % BEAT_S == pytest.approx(WAITED_S / 4, abs=1e-6)
    assert reading.rest_before() == pytest.approx(BEAT_S - WAITED_S / 4)


def test_the_first_read_of_an_answer_and_the_one_after_its_first_token_are_not_rested_before() -> None:
    reading = Reading()
    assert not reading.rest_before(waits=BEAT_S * 20)
    assert not reading.rest_before(waits=0.005)
    assert reading.rest_before()


def test_what_comes_more_slowly_than_the_beat_is_shown_as_it_comes() -> None:
    reading = Reading()
    for _ in range(5):
        assert not reading.rest_before(waits=BEAT_S * 1.1)


def test_a_token_after_a_pause_in_a_trickle_is_not_followed_by_a_rest() -> None:
    reading = Reading()
    reading.rest_before(waits=0.01)
    assert reading.rest_before(waits=BEAT_S * 3)
    assert not reading.rest_before(waits=0.01)


def test_a_wait_shorter_than_a_beat_is_still_a_trickle() -> None:
    reading = Reading()
    reading.rest_before(waits=0.01)
    assert reading.rest_before(waits=WAITED_S * 2)
    assert reading.rest_before()


def test_where_much_comes_it_is_looked_in_a_beat_whether_the_answer_is_over() -> None:
    reading = Reading()
    reading.rest_before(MANY_BYTES + 1, waits=0.01)
    reading.now_s = BEAT_S * 2_000.1
    reading.rest_before(MANY_BYTES)
    assert reading.looks_s == pytest.approx(tuple(BEAT_S * 2_001 - each for each in LOOKS_S))
    assert reading.now_s == pytest.approx(BEAT_S * 2_001)
    reading.rest_before()
    assert not reading.looks_s


def test_late_in_a_beat_it_is_not_looked_any_more() -> None:
    reading = Reading()
    reading.rest_before(MANY_BYTES + 1, waits=0.01)
    reading.now_s = BEAT_S * 2_000.7
    assert reading.rest_before() == pytest.approx(BEAT_S * 0.3)
    assert not reading.looks_s


def test_what_may_fill_the_socket_is_not_held_up() -> None:
    reading = Reading()
    reading.rest_before(waits=0.01)
    assert reading.rest_before(*[ENOUGH_BYTES // 64] * 64)
    assert not reading.rest_before(*[ENOUGH_BYTES // 64] * 63, waits=WAITED_S / 2)
    assert reading.rest_before()


def test_what_is_no_text_that_grows_is_not_held_up() -> None:
    reading = Reading()
    reading.rest_before(waits=0.01)
    reading.trickle.is_growing = False
    assert not reading.rest_before()
