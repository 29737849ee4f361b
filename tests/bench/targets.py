"""What a benchmark promises, and the collector as the program runs with it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tui_chat.ui.starting import GC_THRESHOLDS


@dataclass(frozen=True)
class Target:
    """A promise, and what was measured."""

    claim: str
    measured: str
    is_met: bool


@contextmanager
def tuned() -> Iterator[None]:
    """The garbage collector as `ui.starting` sets it."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
