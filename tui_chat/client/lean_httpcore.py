"""httpcore with asyncio's own locks; imported from here alone.

httpcore 1.0 has them from anyio, and to import that takes a tenth of the time that `ask` needs up to its request. This
module stands in the place of `httpcore._synchronization` and has its names; `test_a_question_is_sent_without_anyio`
fails if they change.
"""

import asyncio
import sys
import threading
from contextlib import nullcontext

__all__ = ["httpcore"]


class AsyncEvent:
    """An event that is waited for with a limit."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    async def wait(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the signature is httpcore's
        """Wait for it.

        Raises:
            httpcore.PoolTimeout: it was not set within `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError as error:
            raise httpcore.PoolTimeout from error


AsyncLock = asyncio.Lock
AsyncThreadLock = AsyncShieldCancellation = nullcontext
"""Connections are used in one thread, and nothing here is cancelled in anyio's way, which is what is shielded from."""
Lock = ThreadLock = threading.Lock
Event, ShieldCancellation = threading.Event, nullcontext
"""Of the half of httpcore that waits in threads: it is imported with the other one, and never used."""


def current_async_library() -> str:
    """What connects where nobody chose a way to."""
    return "asyncio"


_ANYIO = "httpcore._backends.anyio"
"""Imported when something connects with it; httpcore has it at once where it can."""
sys.modules.setdefault("httpcore._synchronization", sys.modules[__name__])
sys.modules.setdefault(_ANYIO, None)  # type: ignore[arg-type]  # Python imports nothing that is None here
try:
    import httpcore
finally:
    if sys.modules[_ANYIO] is None:
        del sys.modules[_ANYIO]
