"""What one read from the network brought is one piece, whole and in its order, whatever comes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.client.asking import QUESTION, Asker
from tests.client.test_wire import Paced, both, connected
from tests.gateways.fault import Caller, FaultGateway
from tests.providers.streams import PAGE_TEXT, text
from tui_chat.client.duplex import Duplex, at_once
from tui_chat.client.gathering import gathered
from tui_chat.client.lean_httpcore import httpcore
from tui_chat.client.trickle import Trickle
from tui_chat.client.wire import Rest, Wire
from tui_chat.core.reply import fold
from tui_chat.core.stream_events import Outcome, StreamEvent


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


async def take(pieces: AsyncIterator[bytes], taken: list[bytes]) -> None:
    async for piece in pieces:
        taken.append(piece)  # noqa: PERF401 - those that came before it is stopped count


@both
@pytest.mark.parametrize("said", [(), (b"ab", b"c")], ids=["nothing", "something"])
async def test_who_is_stopped_in_a_rest_has_what_came_before(said: tuple[bytes, ...], is_secured: bool) -> None:
    taken: list[bytes] = []
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace, network = Paced(60.0), Duplex(wire)
        async with aclosing(gathered(letters(network), network)) as pieces:
            taking = asyncio.create_task(take(pieces, taken))
            await server.say(*said)
            taking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await taking
    assert b"".join(taken) == b"".join(said)


@both
async def test_a_limit_that_passes_as_something_comes_has_not_passed(is_secured: bool) -> None:
    async with connected(is_secured=is_secured) as (wire, server):
        wire.pace, network = Paced(60.0), Duplex(wire)
        async with aclosing(gathered(letters(network), network)) as pieces:
            for word in (b"ab", b"cd"):
                await server.say(word)
                async with asyncio.timeout(0.02):
                    assert await anext(pieces) == word
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await anext(pieces)


async def test_an_answer_that_is_stopped_has_all_that_had_come() -> None:
    all_sent = asyncio.Event()

    async def trickle(caller: Caller) -> None:
        await caller.begin()
        for number in range(100):
            await caller.write(text(f"{number} "))
            await caller.pause(0.002)
        all_sent.set()
        await caller.until_hung_up()

    async def listen() -> None:
        async with aclosing(asker.completer.stream(QUESTION)) as stream:
            async for event in stream:
                events.append(event)  # noqa: PERF401 - as above

    events: list[StreamEvent] = []
    async with FaultGateway(trickle) as gateway, Asker(gateway.base_url) as asker:
        listening = asyncio.create_task(listen())
        await all_sent.wait()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
    assert fold(events).text == "".join(f"{number} " for number in range(100))
