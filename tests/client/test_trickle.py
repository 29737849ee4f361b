"""When reading an answer rests."""

from tui_chat.client.trickle import ENOUGH_BYTES, REST_S, WAITED_S, Trickle


class Reading:
    """Reads on a clock that stands still but for the waits of the test."""

    def __init__(self, *, may_rest: bool = True) -> None:
        self._now_s = 0.0
        self._trickle = Trickle(may_rest=may_rest, now=lambda: self._now_s)

    def rests_after(self, size: int = 200, *, waits: float = 0.0) -> bool:
        """Whether it rests after a piece that was waited for; 0: that lay ready."""
        self._trickle.ask()
        self._now_s += waits
        return self._trickle.came(size)


def test_once_a_piece_had_to_be_waited_for_reading_rests() -> None:
    assert Reading().rests_after(waits=WAITED_S * 5)


def test_what_lies_ready_is_read_without_a_rest() -> None:
    reading = Reading()
    assert not reading.rests_after()
    assert not reading.rests_after()
    assert reading.rests_after(waits=WAITED_S * 5)


def test_what_comes_more_slowly_than_rests_is_shown_as_it_comes() -> None:
    assert not Reading().rests_after(waits=REST_S * 1.1)


def test_what_may_fill_the_socket_is_not_held_up() -> None:
    reading = Reading()
    for _ in range(64):
        reading.rests_after(ENOUGH_BYTES // 64)
    assert not reading.rests_after(waits=WAITED_S * 5)
    assert reading.rests_after(waits=WAITED_S * 5)


def test_nothing_rests_where_nobody_keeps_what_is_sent_meanwhile() -> None:
    assert not Reading(may_rest=False).rests_after(waits=WAITED_S * 5)
