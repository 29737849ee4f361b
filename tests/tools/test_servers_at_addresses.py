"""Tool servers at an address: what is sent to one, and what one can send back."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tests.tools.serving import LONG_S, USUAL, Serving, no_command, no_way, until
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.tool import ToolServer, Variable
from tui_chat.tools.servers import server as one_server
from tui_chat.tools.servers.servers import Servers

ECHO: JsonObject = {"name": "echo", "description": "", "inputSchema": {"type": "object", "properties": {}}}
Answered = Callable[[JsonObject, asyncio.StreamWriter], Awaitable[bool]]
"""Writes an answer of its own, where it returns True."""


class Address:
    """A server of streamable HTTP on this machine, in as few words as it takes."""

    def __init__(self, answered: Answered | None) -> None:
        self.requests: list[tuple[str, dict[str, str], JsonObject]] = []
        """Request line, headers by their small names, and body."""
        self._answered = answered

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests."""
        while head := await reader.readuntil(b"\r\n\r\n"):
            line, *rest = head.decode().rstrip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in rest)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            message = json.loads(body or b"{}")
            self.requests.append((line, headers, message))
            if self._answered is None or not await self._answered(message, writer):
                answer(writer, *self._usual(message))

    def _usual(self, message: JsonObject) -> tuple[int, JsonObject | None]:
        result: JsonObject
        match message.get("method"):
            case "initialize":
                result = {
                    "protocolVersion": "2025-06-18",
                    "capabilities": {},
                    "serverInfo": {"name": "x", "version": "1"},
                }
            case "tools/list":
                result = {"tools": [ECHO]}
            case "tools/call":
                result = {"content": [{"type": "text", "text": "called"}]}
            case None:
                return 405, None
            case _:
                return 202, None
        return 200, {"jsonrpc": "2.0", "id": message["id"], "result": result}


def answer(writer: asyncio.StreamWriter, status: int, body: JsonObject | None, *headers: str) -> None:
    """Write a whole answer."""
    text = json.dumps(body).encode() if body is not None else b""
    more = ("Content-Type: application/json", "Mcp-Session-Id: s1", "Set-Cookie: a=b; Path=/", *headers)
    head = "\r\n".join((f"HTTP/1.1 {status} As it is", f"Content-Length: {len(text)}", *more))
    writer.write(f"{head}\r\n\r\n".encode() + text)


@asynccontextmanager
async def at_address(answered: Answered | None = None) -> AsyncIterator[tuple[Serving, Address]]:
    """A server at an address, that was told to tell its tools."""
    address = Address(answered)
    talks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.ensure_future(address.talk(reader, writer)))

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    headers = (("Authorization", Variable("FAR_TOKEN")), ("X-Team", "red"))
    spec = ToolServer("far", url=f"http://127.0.0.1:{port}/mcp", headers=headers, source="tools.toml")
    environ = {**USUAL, "FAR_TOKEN": "Bearer a-token-that-nobody-knows-99", "SOLROUTER_API_KEY": "sr_" + "k" * 40}
    servers = Servers((spec,), (), environ, printed=no_command, way=no_way)
    try:
        await servers.prepare(within_s=LONG_S)
        yield Serving(servers), address
    finally:
        await servers.close()
        listening.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def test_a_tool_at_an_address_is_called_with_its_headers_and_without_key_or_cookie() -> None:
    async with at_address() as (these, address):
        assert these.names == ["echo"]
        assert (await these.call("echo", '{"a": null}')).content == "called"
    sent = next(body for _, _, body in address.requests if body.get("method") == "tools/call")
    assert isinstance(sent["params"], dict)
    assert sent["params"]["arguments"] == {"a": None}
    for line, headers, _ in address.requests:
        assert line.split()[1] == "/mcp"
        assert headers["authorization"] == "Bearer a-token-that-nobody-knows-99"
        assert headers["x-team"] == "red"
        assert "cookie" not in headers
        assert "sr_" not in str(headers)
    assert address.requests[-1][0].startswith("DELETE ")  # the session is ended with the program


async def test_one_that_is_not_there_is_said() -> None:
    listening = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    spec = ToolServer("far", url=f"http://127.0.0.1:{port}/mcp")
    servers = Servers((spec,), (), USUAL, printed=no_command, way=no_way)
    await servers.prepare(within_s=LONG_S)
    (failure,) = servers.take_unsaid()
    assert failure.message.startswith("The tool server far: ")
    await servers.close()


async def test_ten_megabytes_are_not_read() -> None:
    async def too_much(message: JsonObject, writer: asyncio.StreamWriter) -> bool:
        if message.get("method") != "tools/call":
            return False
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x" * 100_000)
        return True

    async with at_address(too_much) as (these, _):
        outcome = await these.call("echo")
        assert outcome.is_error
        assert (await these.call("echo")).is_error  # the chat goes on


async def test_one_that_does_not_answer_holds_the_end_of_the_program_up_only_shortly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(one_server, "LEAVES_WITHIN_S", 0.05)

    async def never(message: JsonObject, writer: asyncio.StreamWriter) -> bool:
        if not message:
            await asyncio.Event().wait()
        return False

    async with at_address(never) as (these, _):
        assert these.names == ["echo"]


async def test_a_redirect_to_another_host_is_not_followed() -> None:
    async def elsewhere(message: JsonObject, writer: asyncio.StreamWriter) -> bool:
        if message.get("method") != "tools/call":
            return False
        answer(writer, 307, None, "Location: http://127.0.0.2/mcp")
        return True

    async with at_address(elsewhere) as (these, address):
        outcome = await these.call("echo")
        assert outcome.is_error
        assert "not followed" in outcome.content
        assert address.requests[-1][0].startswith("POST ")


async def test_a_session_that_the_server_has_ended_is_begun_anew() -> None:
    ended = [True]

    async def forgets(message: JsonObject, writer: asyncio.StreamWriter) -> bool:
        if message.get("method") != "tools/call" or not ended:
            return False
        ended.pop()
        answer(writer, 404, None)
        return True

    async with at_address(forgets) as (these, address):
        assert "Session terminated" in (await these.call("echo")).content
        assert (await these.call("echo")).content == "called"
        assert [body.get("method") for _, _, body in address.requests].count("initialize") == 2


async def test_a_call_that_is_given_up_is_said_to_the_server() -> None:
    async def never(message: JsonObject, writer: asyncio.StreamWriter) -> bool:
        if message.get("method") != "tools/call":
            return False
        await asyncio.Event().wait()
        return True

    async with at_address(never) as (these, address):

        def methods() -> list[object]:
            return [body.get("method") for _, _, body in address.requests]

        call = asyncio.ensure_future(these.call("echo"))
        await until(lambda: "tools/call" in methods())
        call.cancel()
        await asyncio.wait((call,))
        await until(lambda: "notifications/cancelled" in methods())
