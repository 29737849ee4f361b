"""One run of a server, in the words of the official SDK: the handshake, its tools, one call.

Sampling, elicitation and roots are not offered, so a server that asks for them is refused by the SDK.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import anyio
import mcp_types as types
from mcp.client import ClientSession, IncomingMessage, Transport
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from tui_chat import __version__
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.tools.servers.answers import Answer, answer_of
from tui_chat.tools.servers.failed import ServerFailed, ServerGone, words_of
from tui_chat.tools.servers.offer import MOST_TOOLS, Definition

FOREIGN: Final = (MCPError, ValidationError, RuntimeError, OSError, ValueError, anyio.ClosedResourceError)
"""What the SDK raises where a server does not answer, or not as the protocol has it."""
_SESSION_ENDED: Final = "Session terminated"
"""What the SDK says where a server at an address does not know us any more."""
_MOST_PAGES: Final = 50

for _name in ("mcp", "client", "httpx2", "httpcore2"):  # they quote messages, and a library's log is not the chat's
    _logger = logging.getLogger(_name)
    _logger.addHandler(logging.NullHandler())
    _logger.propagate = False


class Talk:
    """A conversation with a server, after the handshake."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def definitions(self) -> list[Definition]:
        """All its tools.

        Raises:
            ServerFailed: it does not tell them.
        """
        found: list[Definition] = []
        cursor: str | None = None
        try:
            for _ in range(_MOST_PAGES):
                params = types.PaginatedRequestParams(cursor=cursor) if cursor else None
                page = await self._session.list_tools(params=params)
                found += [Definition(tool.name, tool.description or "", tool.input_schema) for tool in page.tools]
                cursor = page.next_cursor
                if not cursor or len(found) > MOST_TOOLS:
                    break
        except FOREIGN as error:
            raise ServerFailed(f"it does not tell its tools: {_words(error)}") from None
        return found

    async def call(self, tool: str, arguments: JsonObject, told: Callable[[str], None]) -> Answer:
        """Call a tool and wait for what it gives. `told` is given words about how far it is.

        Raises:
            ServerFailed: there is no answer, or none that can be read.
        """

        async def on_progress(progress: float, total: float | None, message: str | None) -> None:
            of = f" of {total:g}" if total is not None else ""
            told(f"{progress:g}{of}{f': {message}' if message else ''}")

        request = types.CallToolRequest(params=types.CallToolRequestParams(name=tool, arguments=dict(arguments)))
        try:
            result = await self._session.send_request(request, types.CallToolResult, progress_callback=on_progress)
        except MCPError as error:
            is_gone = error.code == types.CONNECTION_CLOSED or error.error.message == _SESSION_ENDED
            kind = ServerGone if is_gone else ServerFailed
            raise kind(words_of(error)) from None
        except FOREIGN as error:
            raise ServerFailed(f"its answer is not what the protocol promises: {_words(error)}") from None
        return answer_of(result, tool)


@asynccontextmanager
async def talk_over(
    transport: Transport, *, log: Callable[[str], None], list_changed: Callable[[], None]
) -> AsyncIterator[Talk]:
    """A conversation with a server over these streams; `log` is given what it tells of itself.

    Raises:
        ServerFailed: it does not begin one.
    """

    async def on_message(message: IncomingMessage) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            list_changed()

    async def on_log(params: types.LoggingMessageNotificationParams) -> None:
        log(f"{params.level}: {params.data if isinstance(params.data, str) else json.dumps(params.data)}")

    async with transport as (incoming, outgoing):
        session = ClientSession(
            incoming,
            outgoing,
            client_info=types.Implementation(name="tui-chat", version=__version__),
            message_handler=on_message,
            logging_callback=on_log,
        )
        async with session:
            await _shake_hands(session)
            yield Talk(session)


async def _shake_hands(session: ClientSession) -> None:
    """Begin as every server knows it, and with one that only knows the newer way, so."""
    try:
        try:
            await session.initialize()
        except MCPError as error:
            if error.code == types.CONNECTION_CLOSED:
                raise
            await session.discover()
    except FOREIGN as error:
        raise ServerFailed(f"it does not speak MCP with us: {_words(error)}") from None


def _words(error: Exception) -> str:
    return "it does not have the form that was expected" if isinstance(error, ValidationError) else words_of(error)
