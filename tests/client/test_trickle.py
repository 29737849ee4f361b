"""When the reading of an answer rests until the next beat."""

import pytest

from tui_chat.client.trickle import BEAT_S, ENOUGH_BYTES, MANY_BYTES, WAITED_S, Trickle


class Reading:
    """Reads on a clock that stands still but for the waits of the test."""

    def __init__(self) -> None:
        self.now_s = BEAT_S * 1_000
        self.trickle = Trickle(now=lambda: self.now_s, sleep=self._sleep)
        self.trickle.is_growing = True

    async def _sleep(self, seconds: float) -> None:
        self.now_s += seconds

    async def rest_before(self, *sizes: int, waits: float = 0.0) -> float:
        """The rest before a read whose pieces are of these sizes, the first of them waited for; 0: that lay ready."""
        began_s = self.now_s
        await self.trickle.rest()
        rest_s = self.now_s - began_s
        self.now_s += waits
        for size in sizes or (200,):
            self.trickle.came(size)
        return rest_s


async def test_between_the_reads_of_a_trickle_is_a_rest_until_the_next_beat() -> None:
    reading = Reading()
    await reading.rest_before(waits=0.02)
    for _ in range(50):
        assert await reading.rest_before(waits=WAITED_S / 4) > 0
        assert reading.now_s % BEAT_S == pytest.approx(WAITED_S / 4, abs=1e-6)
    assert await reading.rest_before() == pytest.approx(BEAT_S - WAITED_S / 4)


async def test_the_first_read_of_an_answer_and_the_one_after_its_first_token_are_not_rested_before() -> None:
    reading = Reading()
    assert not await reading.rest_before(waits=BEAT_S * 20)
    assert not await reading.rest_before(waits=0.005)
    assert await reading.rest_before()


async def test_what_comes_more_slowly_than_the_beat_is_shown_as_it_comes() -> None:
    reading = Reading()
    for _ in range(5):
        assert not await reading.rest_before(waits=BEAT_S * 1.1)


async def test_a_token_after_a_pause_in_a_trickle_is_not_followed_by_a_rest() -> None:
    reading = Reading()
    await reading.rest_before(waits=0.01)
    assert await reading.rest_before(waits=BEAT_S * 3)
    assert not await reading.rest_before(waits=0.01)


async def test_a_wait_shorter_than_a_beat_is_still_a_trickle() -> None:
    reading = Reading()
    await reading.rest_before(waits=0.01)
    assert await reading.rest_before(waits=WAITED_S * 2)
    assert await reading.rest_before()


async def test_where_much_comes_the_middle_of_a_beat_is_read_for_the_end_of_the_answer() -> None:
    reading = Reading()
    await reading.rest_before(MANY_BYTES + 1, waits=0.01)
    reading.now_s = BEAT_S * 2_000.1
    await reading.rest_before(waits=WAITED_S / 2)
    assert reading.now_s == pytest.approx(BEAT_S * 2_000.5 + WAITED_S / 2)
    assert reading.trickle.held_s == pytest.approx(BEAT_S / 2 - WAITED_S / 2)
    await reading.rest_before()
    assert reading.now_s == pytest.approx(BEAT_S * 2_001)
    assert not reading.trickle.held_s


async def test_what_comes_in_the_middle_of_a_beat_is_not_held_longer_than_the_beat() -> None:
    reading = Reading()
    await reading.rest_before(MANY_BYTES + 1, waits=0.01)
    reading.now_s = BEAT_S * 2_000.1
    await reading.rest_before(waits=BEAT_S * 3)
    assert not reading.trickle.held_s


async def test_what_may_fill_the_socket_is_not_held_up() -> None:
    reading = Reading()
    await reading.rest_before(waits=0.01)
    assert await reading.rest_before(*[ENOUGH_BYTES // 64] * 64)
    assert not await reading.rest_before(*[ENOUGH_BYTES // 64] * 63, waits=WAITED_S / 2)
    assert await reading.rest_before()


async def test_what_is_no_text_that_grows_is_not_held_up() -> None:
    reading = Reading()
    await reading.rest_before(waits=0.01)
    reading.trickle.is_growing = False
    assert not await reading.rest_before()
