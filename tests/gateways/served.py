"""The simulated gateways on loopback, for programs of other people that stand between us and them.

server = serving(gateways, port)      an ASGI server; each gateway at /NAME/chat/completions
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import uvicorn

from tests.gateways.simulated import Simulated

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]


def serving(gateways: Mapping[str, Simulated], port: int) -> uvicorn.Server:
    """The server, to be run with `serve`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        gateway = gateways.get(scope["path"].split("/")[1])
        status, pieces = 404, [b"{}"]
        if gateway is not None and scope["method"] == "POST":
            status, pieces, _ = gateway.answer(body)
        kind = b"text/event-stream" if status == 200 else b"application/json"
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off"))
