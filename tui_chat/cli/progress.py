"""How far a long work has come, on standard error: only on a terminal, and only where it lasts."""

import asyncio
import sys
from collections.abc import Awaitable
from typing import Self, TextIO, TypeVar

from tui_chat.workspace.lasting import TOLD_AFTER_S, Lasting

Result = TypeVar("Result")


class Progress:
    """One line that is written over and over, and gone at the end. It may be told from another thread."""

    def __init__(self, word: str = "", err: TextIO | None = None) -> None:
        """`word` says what was done with the share that is shown."""
        self._word = word
        self._err = sys.stderr if err is None else err
        self._is_shown = False
        self.show = Lasting(self._write)
        """Show this share, from 0 to 1."""

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

    def say(self, words: str) -> None:
        """Show these words."""
        if not self._err.isatty():
            return
        self._is_shown = True
        self._err.write(f"\r\x1b[K{words}")
        self._err.flush()

    def _write(self, share: float) -> None:
        self.say(f"{round(share * 100)} % {self._word}")


async def told(work: Awaitable[Result], words: str, err: TextIO | None = None) -> Result:
    """Wait for work, and say so where it lasts, in a line that is gone at the end."""
    with Progress(err=err) as progress:
        saying = asyncio.get_running_loop().call_later(TOLD_AFTER_S, progress.say, words)
        try:
            return await work
        finally:
            saying.cancel()
