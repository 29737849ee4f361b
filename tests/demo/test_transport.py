"""The way into the gateway that the chat takes: httpx without a network."""

import asyncio

import httpx
import pytest

from tests.demo.asking import body
from tui_chat.demo import DEMO_BASE_URL, DEMO_DEFAULT_MODEL, DEMO_KEY
from tui_chat.demo.transport import DemoTransport

HANGS_S = 30.0
"""After so long nothing comes any more, on the busiest machine."""


def client(speed: float = 0.0) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=DemoTransport(speed), base_url=DEMO_BASE_URL, headers={"Authorization": f"Bearer {DEMO_KEY}"}
    )


async def test_the_chats_client_gets_an_answer() -> None:
    async with client() as http, http.stream("POST", "/chat/completions", json=body(DEMO_DEFAULT_MODEL, "hi")) as reply:
        assert reply.status_code == 200
        lines = [line async for line in reply.aiter_lines() if line]

    assert lines[-1] == "data: [DONE]"
    assert all(line.startswith("data: ") for line in lines)


async def test_the_catalogue_comes_the_same_way() -> None:
    async with client() as http:
        rows = (await http.get("/models")).json()["data"]

    assert DEMO_DEFAULT_MODEL in [row["id"] for row in rows]


async def test_a_connection_that_breaks_off_looks_like_one() -> None:
    received = bytearray()

    async def read(reply: httpx.Response) -> None:
        async for block in reply.aiter_raw():
            received.extend(block)

    async with client() as http, http.stream("POST", "/chat/completions", json=body("demo/flaky", "close")) as reply:
        with pytest.raises(httpx.RemoteProtocolError):
            await read(reply)

    assert b" begin" in received


async def test_at_human_speed_text_comes_token_by_token() -> None:
    async with (
        client(20.0) as http,
        http.stream("POST", "/chat/completions", json=body("demo/writer", "a haiku")) as reply,
    ):
        blocks = [block async for block in reply.aiter_raw()]

    assert len(blocks) > 10
    assert all(block.count(b"data: ") == 1 for block in blocks[:-1])


async def test_without_pauses_text_comes_in_blocks_and_others_get_their_turn() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    async with client() as http:
        request = body("demo/fast", "Write 3000 words about tea")
        async with http.stream("POST", "/chat/completions", json=request) as reply:
            blocks = [block async for block in reply.aiter_raw()]
    counting.cancel()

    assert max(map(len, blocks)) < 8192
    assert turns >= len(blocks) - 1


async def test_closing_ends_the_wait_at_once() -> None:
    async with asyncio.timeout(HANGS_S), client(1.0) as http:
        request = body("demo/flaky", "silence")
        async with http.stream("POST", "/chat/completions", json=request) as reply:
            blocks = reply.aiter_raw()
            assert await anext(blocks)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await anext(blocks)
