"""A completer that is made for its first question: what it imports takes longer than all else of a start."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable

from tui_chat.chat.ports import Completer
from tui_chat.client.http import HttpConnection
from tui_chat.core.request import Request
from tui_chat.core.stream_events import StreamEvent


class LateCompleter:
    """`chat.ports.Completer` over a connection."""

    def __init__(self, connection: HttpConnection, make: Callable[[HttpConnection], Completer]) -> None:
        """`make` is called on a thread; of two that are made by questions at the same moment, one is used."""
        self._connection = connection
        self._make = make
        self._made: Completer | None = None

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Events as they come, the last one `Stopped`."""
        if self._made is None:
            made = await asyncio.to_thread(self._make, self._connection)
            self._made = self._made or made
        async with contextlib.aclosing(self._made.stream(request)) as events:
            async for event in events:
                yield event

    async def close(self) -> None:
        """Let go of every connection that is kept for the next request."""
        await self._connection.close()
