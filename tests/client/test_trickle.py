"""When reading an answer rests."""

import asyncio

from tui_chat.client.trickle import ENOUGH_BYTES, REST_S, WAITED_S, Trickle


async def rests_after(trickle: Trickle, size: int = 200, *, waits: float = 0.0) -> bool:
    """Whether it rests after a piece that was waited for; 0: that lay ready."""
    trickle.ask()
    if waits:
        await asyncio.sleep(waits)
    return trickle.came(size)


async def test_once_a_piece_had_to_be_waited_for_reading_rests() -> None:
    assert await rests_after(Trickle(may_rest=True), waits=WAITED_S * 5)


async def test_what_lies_ready_is_read_without_a_rest() -> None:
    trickle = Trickle(may_rest=True)
    assert not await rests_after(trickle)
    assert not await rests_after(trickle)
    assert await rests_after(trickle, waits=WAITED_S * 5)


async def test_what_comes_more_slowly_than_rests_is_shown_as_it_comes() -> None:
    assert not await rests_after(Trickle(may_rest=True), waits=REST_S * 1.1)


async def test_what_may_fill_the_socket_is_not_held_up() -> None:
    trickle = Trickle(may_rest=True)
    for _ in range(64):
        await rests_after(trickle, ENOUGH_BYTES // 64)
    assert not await rests_after(trickle, waits=WAITED_S * 5)
    assert await rests_after(trickle, waits=WAITED_S * 5)


async def test_nothing_rests_where_nobody_keeps_what_is_sent_meanwhile() -> None:
    assert not await rests_after(Trickle(may_rest=False), waits=WAITED_S * 5)
