"""Work on a thread that nobody waits for once it was given up."""

import asyncio
import threading
import time

import pytest

from tui_chat.chat.side_thread import GivenUp, Leave, on_side_thread


async def test_the_result_comes_back_and_so_does_what_was_raised() -> None:
    assert await on_side_thread(lambda _: threading.current_thread().name, 5.0) == "side"
    with pytest.raises(ZeroDivisionError):
        await on_side_thread(lambda _: 1 // 0, 5.0)


async def test_work_that_hangs_is_given_up_within_a_second_and_told_so() -> None:
    may_end, was_told = threading.Event(), threading.Event()

    def hang(leave: Leave) -> None:
        may_end.wait(20)
        try:
            _ = leave.is_late
        except GivenUp:
            was_told.set()

    running = asyncio.ensure_future(on_side_thread(hang, 60.0))
    await asyncio.sleep(0)
    began = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert time.monotonic() - began < 1.0
    may_end.set()
    assert await asyncio.to_thread(was_told.wait, 5.0)


async def test_what_does_not_end_in_time_is_not_waited_for() -> None:
    may_end = threading.Event()
    with pytest.raises(TimeoutError):
        await on_side_thread(lambda _: may_end.wait(20), 0.01, grace_s=0.01)
    may_end.set()


async def test_work_is_told_that_its_time_is_over() -> None:
    def until_late(leave: Leave) -> str:
        while not leave.is_late:
            pass
        return "so far"

    assert await on_side_thread(until_late, 0.01) == "so far"
