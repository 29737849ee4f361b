"""What one read from the network brought is one piece, whole and in its order, whatever comes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.client.asking import Asker
from tests.gateways.fault import Caller, FaultGateway
from tests.providers.streams import PAGE_TEXT
from tui_chat.client.duplex import Duplex, at_once
from tui_chat.client.gathering import gathered
from tui_chat.client.lean_httpcore import httpcore
from tui_chat.client.trickle import Trickle
from tui_chat.client.wire import Rest, Wire
from tui_chat.core.reply import fold
from tui_chat.core.stream_events import Outcome


class Network(Wire):
    """Brings something with each read; then nothing, or that for ever."""

    def __init__(self, *brought: bytes, ends: bool = True) -> None:
        super().__init__()
        self.left = list(brought)
        self._ends = ends

    async def read(self, most: int) -> bytes:
        if not self.left and not self._ends:
            await asyncio.Event().wait()
        return self.left.pop(0) if self.left else b""


async def letters(network: Duplex, end: Exception | None = None) -> AsyncIterator[bytes]:
    """Each letter that comes by itself."""
    while brought := await network.read(100):
        for each in brought:
            yield bytes((each,))
    if end is not None:
        raise end


async def test_the_pieces_of_one_read_are_joined() -> None:
    network = Duplex(Network(b"abc", b"d", b"ef"))
    async with aclosing(gathered(letters(network), network)) as pieces:
        assert [piece async for piece in pieces] == [b"abc", b"d", b"ef"]


async def test_the_network_is_read_again_only_once_what_came_was_taken() -> None:
    source = Network(b"ab", b"c", b"d")
    network = Duplex(source)
    left: list[int] = []
    async with aclosing(gathered(letters(network), network)) as pieces:
        async for _ in pieces:
            await asyncio.sleep(0.01)
            left.append(len(source.left))
    assert left == [2, 1, 0]


async def test_what_came_before_a_failure_is_handed_on_before_it() -> None:
    network = Duplex(Network(b"ab"))
    async with aclosing(gathered(letters(network, httpcore.ReadError()), network)) as pieces:
        assert await anext(pieces) == b"ab"
        with pytest.raises(httpcore.ReadError):
            await anext(pieces)


@pytest.mark.parametrize("leave", ["early", "cancelled"])
async def test_whoever_leaves_ends_the_reading(leave: str) -> None:
    network = Duplex(Network(b"a", ends=False))
    before = asyncio.all_tasks()
    async with aclosing(gathered(letters(network), network)) as pieces:
        assert await anext(pieces) == b"a"
        if leave == "cancelled":
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await anext(pieces)
    assert asyncio.all_tasks() == before
    assert network.before_read is at_once


async def test_an_answer_that_trickles_is_read_with_rests_and_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rests = 0
    rest = Trickle.rest

    def counted(self: Trickle) -> Rest | None:
        nonlocal rests
        found = rest(self)
        rests += found is not None
        return found

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
