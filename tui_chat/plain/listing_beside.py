"""The list of models, read beside an answer: while plain mode waits for a line its event loop stands still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tui_chat.chat.ports import CatalogSource
from tui_chat.core.errors import ChatError


@asynccontextmanager
async def reading_beside(catalog: CatalogSource) -> AsyncIterator[None]:
    """Read the list meanwhile, where it is not recent; what has not come by the end is tried again the next time."""
    reading = asyncio.ensure_future(catalog.read())
    try:
        yield
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError, ChatError):
            await reading
