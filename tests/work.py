"""How much work a piece of code does, counted and not timed: the same on a busy machine and on an idle one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass
class Work:
    """Calls made so far, of functions in Python and in C."""

    calls: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    """Count the calls that this thread makes inside the `with`."""
    work = Work()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        if event in ("call", "c_call"):
            work.calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield work
    finally:
        sys.setprofile(before)
