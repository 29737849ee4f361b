"""How far a long work has come, on standard error: only on a terminal, and only where it lasts."""

import sys
from time import monotonic
from typing import Final, Self, TextIO

SHOWN_AFTER_S: Final = 0.5
_EVERY_S: Final = 0.2


class Progress:
    """One line that is written over and over, and gone at the end. It may be told from another thread."""

    def __init__(self, word: str, err: TextIO | None = None) -> None:
        """`word` says what was done with the share that is shown."""
        self._word = word
        self._err = sys.stderr if err is None else err
        self._next_at = monotonic() + SHOWN_AFTER_S
        self._is_shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, for other words."""
        if self._is_shown:
            self._is_shown = False
            self._err.write("\r\x1b[K")
            self._err.flush()

    def show(self, share: float) -> None:
        """Show this share, from 0 to 1."""
        now = monotonic()
        if now < self._next_at or not self._err.isatty():
            return
        self._next_at = now + _EVERY_S
        self._is_shown = True
        self._err.write(f"\r\x1b[K{round(share * 100)} % {self._word}")
        self._err.flush()
