"""What is said: whole lines, and lines that grow at their end. The one writer of plain mode.

Every text passes the sanitiser on its way here; a line that was written is never touched again.
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
        """`writing` surrounds each write, so that a terminal that stops reading cannot hold the program."""
        self._out = out
        self._writing = writing
        self._is_open = False
        """The cursor stands behind something."""
        self._has_ended = False
        """The program ends while a write was held up, or with its terminal: whoever still speaks would hold it up."""

    def say(self, text: str) -> None:
        """Whole lines; a line that is open ends first."""
        self.end_line()
        self._write(sanitize(text) + "\n")

    def flow(self, text: str) -> None:
        """More of the open line, or of a new one. `text` is harmless already."""
        if text:
            self._write(text)
            self._is_open = not text.endswith("\n")

    def end_line(self) -> None:
        """End the line that is open."""
        if self._is_open:
            self._is_open = False
            self._write("\n")

    def was_continued(self, *, is_open: bool) -> None:
        """Somebody else wrote behind it: a prompt, or what a person typed, with its newline or without."""
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
