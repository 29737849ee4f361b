"""How much work a piece of code does, counted and not timed: the same on a busy machine and on an idle one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import tui_chat

_PACKAGE = Path(tui_chat.__file__).parent


@dataclass
class Work:
    """Calls made so far, of functions in Python and in C."""

    calls: int = 0


@contextmanager
def counted(ours: bool = False) -> Iterator[Work]:
    """Count the calls that this thread makes inside the `with`; with `ours`, those alone that run or begin in the
    package, since how often a framework looks at its clock and its queues is a matter of the machine."""
    work = Work()
    kept: dict[str, bool] = {}

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if event not in ("call", "c_call"):
            return
        file = frame.f_code.co_filename
        if file not in kept:
            kept[file] = not ours or _PACKAGE in Path(file).parents
        work.calls += kept[file]

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield work
    finally:
        sys.setprofile(before)
