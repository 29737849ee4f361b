"""The frame clock by a loop whose time stands still until it is moved."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tui_chat.ui.transcript.frame_clock import FRAME_S, LONGEST_REST_S, REST, FrameClock


class StillLoop(asyncio.SelectorEventLoop):
    now_s = 0.0

    def time(self) -> float:
        return self.now_s

    async def move(self, seconds: float) -> None:
        """Let time pass, and what is due then happen."""
        self.now_s += seconds
        for _ in range(3):
            await asyncio.sleep(0)


class Frames:
    """Frames that are counted."""

    def __init__(self, loop: StillLoop) -> None:
        self.loop = loop
        self.cost_s = 0.0
        self.count = 0
        self.breaks = False
        self.failures: list[Exception] = []
        self.clock = FrameClock(self.frame, self.failures.append)

    def frame(self) -> None:
        self.count += 1
        self.loop.now_s += self.cost_s
        if self.breaks:
            raise ValueError("no frame")


def run(test: Callable[[StillLoop, Frames], Awaitable[None]]) -> None:
    async def scenario() -> None:
        await test(loop, Frames(loop))

    loop = StillLoop()
    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()


def test_many_requests_are_one_frame() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        for _ in range(5):
            frames.clock.ask()
        assert frames.clock.is_waiting
        assert frames.count == 0
        await loop.move(0)
        assert frames.count == 1
        assert not frames.clock.is_waiting

    run(test)


def test_frames_keep_their_distance() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        frames.clock.run()
        frames.clock.ask()
        await loop.move(FRAME_S * 0.9)
        assert frames.count == 1
        await loop.move(FRAME_S * 0.2)
        assert frames.count == 2

    run(test)


def test_a_dear_frame_is_followed_by_rest() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        frames.cost_s = 0.1
        frames.clock.run()
        frames.clock.ask()
        await loop.move(REST * 0.1 - 0.01)
        assert frames.count == 1
        await loop.move(0.02)
        assert frames.count == 2

    run(test)


def test_one_frame_with_very_much_in_it_keeps_the_next_waiting_no_longer() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        frames.cost_s = 17.0
        frames.clock.run()
        frames.clock.ask()
        await loop.move(LONGEST_REST_S + 0.01)
        assert frames.count == 2

    run(test)


def test_a_frame_made_now_takes_the_place_of_one_that_waits() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        frames.clock.ask()
        frames.clock.run()
        await loop.move(10)
        assert frames.count == 1

    run(test)


def test_a_stopped_clock_makes_no_frame() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        frames.clock.ask()
        frames.clock.stop()
        await loop.move(10)
        assert frames.count == 0
        assert not frames.clock.is_waiting

    run(test)


def test_what_breaks_is_handed_on_and_the_next_frame_comes() -> None:
    async def test(loop: StillLoop, frames: Frames) -> None:
        frames.breaks = True
        frames.clock.ask()
        await loop.move(0)
        assert [str(failure) for failure in frames.failures] == ["no frame"]
        with pytest.raises(ValueError, match="no frame"):
            frames.clock.run()
        frames.breaks = False
        frames.clock.ask()
        await loop.move(FRAME_S)
        assert frames.count == 3

    run(test)
