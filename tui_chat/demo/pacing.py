"""Steps as blocks of bytes at the right moment, for both ways in.

Steps that are due at once are sent together, up to the size of a socket write. Between blocks other tasks get their
turn, so that a model without pauses cannot starve the screen.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator

from tui_chat.demo.wire import Step

BLOCK_BYTES = 4096


class BrokeOff(Exception):
    """The script wants the connection to break off here."""


async def blocks(steps: Iterator[Step]) -> AsyncGenerator[bytes, None]:
    """Yield the body in blocks.

    Raises:
        BrokeOff: after the last block, where the answer is meant to be cut off.
    """
    held = bytearray()
    for step in steps:
        if held and (step.delay_s > 0 or step.breaks or len(held) >= BLOCK_BYTES):
            yield bytes(held)
            held.clear()
            await asyncio.sleep(0)
        if step.delay_s > 0:
            await asyncio.sleep(step.delay_s)
        held += step.data
        if step.breaks:
            if held:
                yield bytes(held)
                await asyncio.sleep(0)
            raise BrokeOff
    if held:
        yield bytes(held)
