"""Requests to the demo gateway, as short as a test wants them, and what comes back, read the plain way."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from tui_chat.demo.gateway import DemoGateway
from tui_chat.demo.wire import Step

KEY = {"authorization": "Bearer sr_test"}


class Reply(msgspec.Struct):
    """A response, read to its end."""

    status: int
    headers: dict[str, str]
    steps: list[Step]

    @property
    def body(self) -> bytes:
        """All bytes."""
        return b"".join(step.data for step in self.steps)

    @property
    def json(self) -> Any:
        """The body of an answer that is no stream."""
        return json.loads(self.body)

    @property
    def chunks(self) -> list[Any]:
        """The stream's chunks, without the marker."""
        blocks = self.body.decode().split("\n\n")
        return [json.loads(block[6:]) for block in blocks if block.startswith("data: {")]

    @property
    def deltas(self) -> list[Any]:
        """What each chunk adds."""
        return [chunk["choices"][0]["delta"] for chunk in self.chunks]

    @property
    def text(self) -> str:
        """The answer."""
        return "".join(delta.get("content") or "" for delta in self.deltas)

    @property
    def calls(self) -> list[tuple[str, Any]]:
        """Tool calls put together by index: name and parsed arguments."""
        names: dict[int, str] = {}
        arguments: dict[int, str] = {}
        for delta in self.deltas:
            for call in delta.get("tool_calls", []):
                names.setdefault(call["index"], call["function"].get("name", ""))
                arguments[call["index"]] = arguments.get(call["index"], "") + call["function"]["arguments"]
        return [(names[index], json.loads(arguments[index])) for index in names]


def body(model: str, prompt: str, **fields: object) -> dict[str, object]:
    """A streaming request with one question."""
    return {"model": model, "stream": True, "messages": [{"role": "user", "content": prompt}], **fields}


def ask(gateway: DemoGateway, model: str, prompt: str, headers: Mapping[str, str] = KEY, **fields: object) -> Reply:
    """Ask one question."""
    return send(gateway, json.dumps(body(model, prompt, **fields)).encode(), headers)


def send(gateway: DemoGateway, body: bytes, headers: Mapping[str, str] = KEY) -> Reply:
    """Post any body."""
    return fetch(gateway, "POST", "/ai/chat/completions", headers, body)


def fetch(gateway: DemoGateway, method: str, path: str, headers: Mapping[str, str] = KEY, body: bytes = b"") -> Reply:
    """Send any request."""
    answer = gateway.handle(method, path, headers, body)
    return Reply(answer.status, dict(answer.headers), list(answer.steps))


def demo_gateway(speed: float = 0.0) -> DemoGateway:
    """A gateway whose clock stands still."""
    return DemoGateway(lambda: 1_770_000_000.25, speed)
