"""What one read from the network brought is one piece, whole and in its order, whatever comes of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import httpcore
import pytest

from tests.client.asking import Asker
from tests.gateways.fault import Caller, FaultGateway
from tests.providers.streams import PAGE_TEXT
from tui_chat.client.duplex import Duplex, no_rest
from tui_chat.client.gathering import gathered
from tui_chat.client.trickle import Trickle
from tui_chat.core.reply import fold
from tui_chat.core.stream_events import Outcome


class Network(httpcore.AsyncNetworkStream):
    """Brings something with each read; then nothing."""

    def __init__(self, *brought: bytes) -> None:
        self.left = list(brought)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        return self.left.pop(0) if self.left else b""


async def letters(network: Duplex, end: Exception | None = None) -> AsyncIterator[bytes]:
    """Each letter that comes by itself."""
    while brought := await network.read(100):
        for each in brought:
            yield bytes((each,))
    if end is not None:
        raise end


class Paced:
    """A pace of a test."""

    def __init__(self, rest: Callable[[], Awaitable[None]], held_s: float = 0.0) -> None:
        self._rest = rest
        self.held_s = held_s

    async def rest(self) -> None:
        await self._rest()


AT_ONCE = Paced(no_rest)


async def test_the_pieces_of_one_read_are_joined() -> None:
    network = Duplex(Network(b"abc", b"d", b"ef"))
    async with aclosing(gathered(letters(network), network, AT_ONCE)) as pieces:
        assert [piece async for piece in pieces] == [b"abc", b"d", b"ef"]


async def test_the_network_is_read_again_only_once_what_came_was_taken() -> None:
    seen: list[str] = []

    async def rest() -> None:
        seen.append("rest")

    network = Duplex(Network(b"ab", b"c"))
    async with aclosing(gathered(letters(network), network, Paced(rest))) as pieces:
        async for piece in pieces:
            seen.append(piece.decode())
            await asyncio.sleep(0.01)
    assert seen == ["rest", "ab", "rest", "c", "rest"]


async def test_what_is_held_comes_with_the_end() -> None:
    network = Duplex(Network(b"ab", b"c"))
    async with aclosing(gathered(letters(network), network, Paced(no_rest, held_s=9.0))) as pieces:
        assert [piece async for piece in pieces] == [b"abc"]


async def test_what_is_held_is_handed_on_in_time_where_the_network_brings_nothing_more() -> None:
    source = Network(b"ab", b"c")

    async def rest() -> None:
        if not source.left:
            await asyncio.Event().wait()

    network = Duplex(source)
    async with asyncio.timeout(5), aclosing(gathered(letters(network), network, Paced(rest, held_s=0.01))) as pieces:
        assert await anext(pieces) == b"abc"


async def test_what_comes_with_the_end_while_nobody_asks_is_not_lost() -> None:
    source, goes_on = Network(b"ab", b"c"), asyncio.Event()

    async def rest() -> None:
        if len(source.left) == 1:
            await goes_on.wait()

    network = Duplex(source)
    async with asyncio.timeout(5), aclosing(gathered(letters(network), network, Paced(rest, held_s=0.01))) as pieces:
        assert await anext(pieces) == b"ab"
        goes_on.set()
        await asyncio.sleep(0.05)
        assert [piece async for piece in pieces] == [b"c"]


async def test_what_came_before_a_failure_is_handed_on_before_it() -> None:
    network = Duplex(Network(b"ab"))
    async with aclosing(gathered(letters(network, httpcore.ReadError()), network, AT_ONCE)) as pieces:
        assert await anext(pieces) == b"ab"
        with pytest.raises(httpcore.ReadError):
            await anext(pieces)


@pytest.mark.parametrize("leave", ["early", "cancelled"])
async def test_whoever_leaves_ends_the_reading(leave: str) -> None:
    source = Network(b"a", b"b")
    network = Duplex(source)
    before = asyncio.all_tasks()

    async def rest() -> None:
        if len(source.left) < 2:
            await asyncio.Event().wait()

    async with aclosing(gathered(letters(network), network, Paced(rest))) as pieces:
        assert await anext(pieces) == b"a"
        if leave == "cancelled":
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await anext(pieces)
    assert asyncio.all_tasks() == before
    assert network.rest is no_rest


async def test_an_answer_that_trickles_is_read_with_rests_and_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rests = 0
    rest = Trickle.rest

    async def counted(self: Trickle) -> None:
        nonlocal rests
        rests += 1
        await rest(self)

    monkeypatch.setattr(Trickle, "rest", counted)

    async def trickle(caller: Caller) -> None:
        await caller.begin()
        for at in range(0, len(PAGE_TEXT), 50):
            await caller.write(PAGE_TEXT[at : at + 50])
            await caller.pause(0.002)

    async with FaultGateway(trickle) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask())
    assert reply.outcome is Outcome.COMPLETE
    assert rests
