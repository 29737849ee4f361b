"""When the reading of an answer rests until the next beat."""

import pytest

from tui_chat.client.trickle import BEAT_S, ENOUGH_BYTES, WAITED_S, Trickle


class Reading:
    """Reads on a clock that stands still but for the waits of the test."""

    def __init__(self, *, may_rest: bool = True) -> None:
        self.now_s = BEAT_S * 1_000
        self._trickle = Trickle(may_rest=may_rest, now=lambda: self.now_s)

    def rest_after(self, size: int = 200, *, waits: float = 0.0) -> float:
        """The rest for a piece that was waited for; 0: that lay ready. The rest is kept."""
        self._trickle.ask()
        self.now_s += waits
        rest_s = self._trickle.came(size)
        self.now_s += rest_s
        return rest_s


def test_after_what_had_to_be_waited_for_reading_rests_until_the_next_beat() -> None:
    reading = Reading()
    assert reading.rest_after(waits=0.02) == pytest.approx(BEAT_S - 0.02)
    assert reading.now_s == pytest.approx(BEAT_S * 1_001)


def test_the_first_piece_after_a_rest_never_counts_as_waited_for() -> None:
    reading = Reading()
    assert reading.rest_after(waits=0.01)
    assert not reading.rest_after(waits=0.01)
    assert reading.rest_after(waits=0.01)


def test_all_that_lies_ready_is_handed_on_at_once() -> None:
    reading = Reading()
    assert reading.rest_after(waits=0.01)
    for _ in range(50):
        assert not reading.rest_after(waits=WAITED_S / 4)
    assert reading.rest_after(waits=0.01)


def test_what_comes_more_slowly_than_the_beat_is_shown_as_it_comes() -> None:
    assert not Reading().rest_after(waits=BEAT_S * 1.1)


def test_what_may_fill_the_socket_is_not_held_up() -> None:
    reading = Reading()
    for _ in range(64):
        reading.rest_after(ENOUGH_BYTES // 64)
    assert not reading.rest_after(waits=WAITED_S * 5)
    assert reading.rest_after(waits=WAITED_S * 5)


def test_nothing_rests_where_nobody_keeps_what_is_sent_meanwhile() -> None:
    assert not Reading(may_rest=False).rest_after(waits=WAITED_S * 5)
