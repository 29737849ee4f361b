"""Whether a model sees is known before pictures of a tool go to it: the catalogue is read with the first of them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tui_chat.chat.ports import CatalogSource
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome, ToolRunner
from tui_chat.core.errors import ChatError
from tui_chat.core.parts import Image

_WITHIN_S: Final = 10.0
"""Where the catalogue is not there by then, the gateway itself will say what the model takes."""


class PictureRunner:
    """Runs calls by another runner, and reads the catalogue where a result holds a picture and none is known."""

    def __init__(self, runner: ToolRunner, catalog: CatalogSource) -> None:
        self._runner = runner
        self._catalog = catalog

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        """Run what was planned; see `ToolRunner`."""
        outcome = await self._runner.run(plan, output)
        if any(isinstance(part, Image) for part in outcome.beside) and not self._catalog.known().models:
            with suppress(ChatError, TimeoutError, asyncio.CancelledError):  # stopped by then: it ran, and has a result
                async with asyncio.timeout(_WITHIN_S):
                    await self._catalog.read()
        return outcome
