"""httpcore with locks of asyncio's waits, gives up and connects as with those of anyio."""

import asyncio
import importlib
from collections.abc import AsyncGenerator
from contextlib import suppress

import httpx
import pytest

from tui_chat.client.lean_httpcore import AsyncEvent, httpcore

LIMITED = httpx.Limits(max_connections=1)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request with a word, and keep the connection."""
    with suppress(asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    writer.close()


@pytest.fixture
async def url() -> AsyncGenerator[str, None]:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def test_it_is_what_every_connection_uses() -> None:
    assert importlib.import_module("httpcore._async.connection_pool").AsyncEvent is AsyncEvent
    assert importlib.import_module("httpcore._async.connection").AsyncLock is asyncio.Lock
    assert importlib.import_module("httpcore._async.http11").AsyncLock is asyncio.Lock


async def test_an_event_is_waited_for_no_longer_than_said() -> None:
    event = AsyncEvent()
    with pytest.raises(httpcore.PoolTimeout):
        await event.wait(0.01)
    asyncio.get_running_loop().call_later(0.01, event.set)
    await event.wait(10)
    await event.wait(None)


async def test_a_request_waits_for_the_one_before_and_then_takes_its_connection(url: str) -> None:
    async with httpx.AsyncClient(limits=LIMITED, trust_env=False, timeout=10) as client:
        async with client.stream("GET", url) as first:
            second = asyncio.ensure_future(client.get(url))
            with pytest.raises(httpx.PoolTimeout):
                await client.get(url, timeout=httpx.Timeout(10, pool=0.01))
            assert not second.done()
            await first.aread()
        assert (await second).text == "hello"


async def test_a_request_that_is_stopped_as_it_waits_leaves_the_next_its_turn(url: str) -> None:
    async with httpx.AsyncClient(limits=LIMITED, trust_env=False, timeout=10) as client:
        async with client.stream("GET", url) as first:
            second = asyncio.ensure_future(client.get(url))
            await asyncio.sleep(0.01)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            await first.aread()
        assert (await client.get(url)).text == "hello"


async def test_an_answer_that_is_stopped_leaves_the_next_a_connection(url: str) -> None:
    async with httpx.AsyncClient(limits=LIMITED, trust_env=False, timeout=10) as client:
        for _ in range(3):
            asked = asyncio.ensure_future(client.get(url))
            await asyncio.sleep(0)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
        assert (await client.get(url)).text == "hello"
