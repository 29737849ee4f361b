"""Work on a thread of its own that nobody waits for once it was given up.

Apart from the event loop's own threads, which the program waits for at its end: a folder on a network that is gone, or
a host that nobody knows, holds a thread for minutes.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


class GivenUp(Exception):
    """The work is not wanted any more."""


class Leave:
    """How long the work may go on. The work asks, again and again."""

    def __init__(self, timeout_s: float) -> None:
        self._until_s = time.monotonic() + timeout_s
        self._is_given_up = threading.Event()

    def give_up(self) -> None:
        """Nobody wants the result."""
        self._is_given_up.set()

    @property
    def is_late(self) -> bool:
        """Its time is over: what was found so far is wanted.

        Raises:
            GivenUp: nothing is wanted any more.
        """
        if self._is_given_up.is_set():
            raise GivenUp
        return time.monotonic() >= self._until_s


async def on_side_thread(work: Callable[[Leave], _Result], timeout_s: float, *, grace_s: float = 1.0) -> _Result:
    """The result of `work`. Cancelling gives it up at once, whatever it hangs in.

    Raises:
        TimeoutError: it did not end within its time and `grace_s`.
        Exception: what the work raised.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[_Result] = loop.create_future()
    leave = Leave(timeout_s)

    def done(value: _Result | None, error: BaseException | None) -> None:
        if result.done():
            return
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(value)  # type: ignore[arg-type]  # there is one where there is no error

    def run() -> None:
        value, error = None, None
        try:
            value = work(leave)
        except BaseException as raised:  # noqa: BLE001 - it is raised again, where it is awaited
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(done, value, error)

    threading.Thread(target=run, name="side", daemon=True).start()
    try:
        async with asyncio.timeout(timeout_s + grace_s):
            return await result
    finally:
        leave.give_up()
