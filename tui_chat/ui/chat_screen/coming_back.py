"""Somebody comes back to the window, and sees what other programs did meanwhile.

The terminal says so where it reports the focus of its window. tmux does not unless it is told to: there the first key
after a rest says it.
"""

import time
from collections.abc import Callable
from math import inf
from typing import Final

REST_S: Final = 3.0
"""Without a key for so long, somebody may have been at another window."""


class ComingBack:
    """Notices who comes back."""

    def __init__(self, look_up: Callable[[], None]) -> None:
        """`look_up` shows what other programs did."""
        self._look_up = look_up
        self._is_reported = False
        self._last_key_s = -inf

    def focused(self) -> None:
        """Look up what there is: the terminal says that the window has the focus again."""
        self._is_reported = True
        self._look_up()

    def key_pressed(self) -> None:
        """Look up what there is, where the terminal says nothing and this is the first key after a rest."""
        now = time.monotonic()
        rested_s, self._last_key_s = now - self._last_key_s, now
        if not self._is_reported and rested_s >= REST_S:
            self._look_up()
