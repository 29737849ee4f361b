"""A fault gateway beside a program in a terminal: on a loop of its own, in a thread of its own."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.gateways.fault import FaultGateway, Script


@contextmanager
def served(script: Script) -> Iterator[FaultGateway]:
    """A fault gateway that gives every request this script."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    gateway = FaultGateway(script)
    asyncio.run_coroutine_threadsafe(gateway.__aenter__(), loop).result(10)
    try:
        yield gateway
    finally:
        asyncio.run_coroutine_threadsafe(gateway.__aexit__(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def chunk(*, finish_reason: str | None = None, **delta: object) -> bytes:
    """One event of a streamed answer. What is no text to an encoder is escaped, as gateways do."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


END = b"data: [DONE]\n\n"
