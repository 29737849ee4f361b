"""When reading an answer rests."""

import asyncio

from tui_chat.client.trickle import ENOUGH, LARGE_BYTES, WAITED_S, Trickle


async def rests_after(trickle: Trickle, size: int, *, waited: bool) -> bool:
    trickle.ask()
    if waited:
        await asyncio.sleep(WAITED_S * 2)
    return trickle.came(size)


async def test_a_small_piece_that_was_waited_for_is_followed_by_a_rest() -> None:
    assert await rests_after(Trickle(may_rest=True), 200, waited=True)


async def test_what_lies_ready_is_read_without_a_rest() -> None:
    assert not await rests_after(Trickle(may_rest=True), 200, waited=False)


async def test_a_large_read_is_never_held_up() -> None:
    assert not await rests_after(Trickle(may_rest=True), LARGE_BYTES + 1, waited=True)


async def test_nothing_rests_where_nobody_keeps_what_is_sent_meanwhile() -> None:
    assert not await rests_after(Trickle(may_rest=False), 200, waited=True)


async def test_many_pieces_at_once_make_a_rest_needless() -> None:
    trickle = Trickle(may_rest=True)
    for _ in range(ENOUGH):
        await rests_after(trickle, 200, waited=False)
    assert not await rests_after(trickle, 200, waited=True)
