"""Output of plain mode: whole lines, and lines that grow at their end. Nothing else in plain mode writes.

Every text is sanitised before it is written, and a line that was written is never rewritten.
"""

import errno
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TextIO

from tui_chat.core.sanitize import sanitize
from tui_chat.plain.signals import HANGUP_STATUS, Ended

_TERMINAL_GONE = {errno.EIO, errno.ENXIO}


class Speech:
    """Writes to a terminal, a pipe or a file."""

    def __init__(self, out: TextIO, writing: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        """`writing` is entered for each write, so that a terminal that stops reading cannot block the program."""
        self._out = out
        self._writing = writing
        self._is_open = False
        """The last line has no newline yet."""
        self._has_ended = False
        """A write was broken off, or the terminal is gone: another write could block the end of the program."""

    def say(self, text: str) -> None:
        """Say whole lines; a line that is open is ended first."""
        self.end_line()
        self._write(sanitize(text) + "\n")

    def flow(self, text: str) -> None:
        """Add to the open line, or begin one. `text` must be sanitised already."""
        if text:
            self._write(text)
            self._is_open = not text.endswith("\n")

    def end_line(self) -> None:
        """End the line that is open, if one is."""
        if self._is_open:
            self._is_open = False
            self._write("\n")

    def was_continued(self, *, is_open: bool) -> None:
        """Note that others wrote behind the line: a prompt, or what a person typed; `is_open` without a newline."""
        self._is_open = is_open

    def _write(self, text: str) -> None:
        if self._has_ended:
            return
        try:
            with self._writing():
                self._out.write(text)
                self._out.flush()
        except Ended:
            self._has_ended = True
            raise
        except OSError as error:
            if error.errno not in _TERMINAL_GONE:
                raise
            self._has_ended = True
            raise Ended(HANGUP_STATUS) from None
