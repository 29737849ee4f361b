"""Does in the background what the store has left to do (the index of words), whenever nothing else is going on.

A piece takes less than a tenth of a second in the store's own thread, and the pause after it is longer than the piece
was. While somebody types or an answer is written none is begun.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from tui_chat.chat.ports import Store
from tui_chat.core.errors import StoreError

SHORTEST_PAUSE_S: Final = 0.1
BUSY_PAUSE_S: Final = 0.5
"""Pause until it is looked again whether something else is going on."""
PAUSES_PER_PIECE: Final = 2.0
QUIET_S: Final = 1.0
"""Time without a key after which nobody types."""

Sleep = Callable[[float], Awaitable[object]]


class Tending:
    """What a store has left to do."""

    def __init__(
        self, is_busy: Callable[[], bool], monotonic: Callable[[], float], *, sleep: Sleep = asyncio.sleep
    ) -> None:
        """`is_busy` says whether an answer is being written; `monotonic` gives seconds."""
        self._is_busy = is_busy
        self._monotonic = monotonic
        self._sleep = sleep
        self._key_at = monotonic()
        self._has_ended = False

    def key_pressed(self) -> None:
        """Let somebody type in peace."""
        self._key_at = self._monotonic()

    def end(self) -> None:
        """Begin no further piece."""
        self._has_ended = True

    async def run(self, store: Store) -> None:
        """Do piece after piece, until nothing is left or the store cannot be written."""
        await self._sleep(QUIET_S)
        while not self._has_ended:
            began_at = self._monotonic()
            if self._is_busy() or began_at - self._key_at < QUIET_S:
                await self._sleep(BUSY_PAUSE_S)
                continue
            try:
                if await store.tend() >= 1.0:
                    return
            except StoreError:
                return  # said as soon as something has to be kept there
            took_s = self._monotonic() - began_at
            await self._sleep(max(SHORTEST_PAUSE_S, PAUSES_PER_PIECE * took_s))
