"""The ASGI application on its own: what a server cannot easily be made to show."""

import asyncio
import json
from typing import Any

from tests.demo.asking import body
from tui_chat.demo.asgi import DemoApp


def scope() -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/ai/chat/completions",
        "headers": [(b"Authorization", b"Bearer sr_test")],
    }


async def test_generating_stops_when_the_client_hangs_up() -> None:
    sent: list[Any] = []
    begun = asyncio.Event()
    question = {"type": "http.request", "body": json.dumps(body("demo/flaky", "silence")).encode(), "more_body": False}
    received = [question]

    async def receive() -> Any:
        if received:
            return received.pop(0)
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            begun.set()

    async with asyncio.timeout(5):
        await DemoApp(1.0)(scope(), receive, send)

    assert sent[0]["status"] == 200
    assert sum(message["type"] == "http.response.body" for message in sent) == 1
    assert all(message.get("more_body") for message in sent[1:])


async def test_a_client_that_leaves_while_it_asks_gets_nothing() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await DemoApp()(scope(), receive, send)

    assert sent == []


async def test_the_server_may_start_and_stop_it() -> None:
    received = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> Any:
        return received.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await DemoApp()({"type": "lifespan"}, receive, send)

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
