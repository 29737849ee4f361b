"""The second program of a bill, as a process of its own.

python -m tests.gateways.other_program BASE_URL SEED DATABASE TURNS
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.gateways.test_the_bill import FALLBACKS, Program


@dataclass(frozen=True)
class Elsewhere:
    """A gateway that another process serves."""

    base_url: str
    seed: int


async def main(base_url: str, seed: str, database: str, turns: str) -> None:
    """Live beside the first program."""
    program = Program(2, Elsewhere(base_url, int(seed)), Path(database), fallbacks=FALLBACKS)
    await program.live(int(turns))
    await program.end()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
