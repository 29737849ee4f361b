"""States of the dialog that connects: what gateways answer, and what is found on this machine."""

import asyncio
import errno
from collections.abc import Mapping
from socket import create_server, socket
from unittest.mock import AsyncMock, patch

from tests.ui.gallery_states.stage import Stage, State
from tests.ui.gallery_states.world import World
from tui_chat.settings.known_servers import FoundServer
from tui_chat.wiring.root import Wiring

KEY = "sr_live_0123456789abcdef"
_SILENT_PORT, _REFUSING_PORT = 18_471, 18_472


async def _connect_to(stage: Stage, address: str) -> None:
    await stage.send("/connect")
    await stage.dialog()
    await stage.type(KEY)
    await stage.press("up", "ctrl+u")
    await stage.type(address)
    await stage.press("enter")
    await stage.pilot.pause()


async def _connect_to_no_address(stage: Stage) -> None:
    await _connect_to(stage, "ftp://nowhere")


async def _connect_here(stage: Stage) -> None:
    """Choose a local server; none runs where pictures are drawn, so that two are made up."""
    connector = stage.app.connector
    assert isinstance(connector, Wiring)
    found = (FoundServer("Ollama", "http://127.0.0.1:11434/v1", 3), FoundServer("vLLM", "http://127.0.0.1:8000/v1", 1))
    stage.closing.enter_context(patch.object(connector, "find_servers", AsyncMock(return_value=found)))
    await stage.send("/connect")
    await stage.dialog()
    await stage.press("up", "up", "space")
    await stage.pilot.pause()


async def _connect_in_silence(stage: Stage) -> None:
    stage.closing.enter_context(await _listening(_SILENT_PORT))
    await _connect_to(stage, f"http://127.0.0.1:{_SILENT_PORT}/v1")


async def _connect_with_a_wrong_key(stage: Stage) -> None:
    listening = stage.closing.enter_context(await _listening(_REFUSING_PORT))
    await stage.closing.enter_async_context(await asyncio.start_server(_refuse, sock=listening))
    await _connect_to(stage, f"http://127.0.0.1:{_REFUSING_PORT}/v1")


async def _listening(port: int) -> socket:
    """A socket that listens at `port`, which is in the picture: waits while another process shows the same one."""
    async with asyncio.timeout(60):
        while True:
            try:
                return create_server(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                await asyncio.sleep(0.05)


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as a gateway does that does not know the key."""
    await reader.readuntil(b"\r\n\r\n")
    body = b'{"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}'
    head = b"HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\nconnection: close\r\n"
    writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


STATES: Mapping[str, State] = {
    "connect-bad-address": State(_connect_to_no_address, World()),
    "connect-local": State(_connect_here, World()),
    "connect-asking": State(_connect_in_silence, World(at_each_size=True)),
    "connect-refused": State(_connect_with_a_wrong_key, World(at_each_size=True)),
}
