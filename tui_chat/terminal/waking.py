"""An event between threads that also wakes who waits for files, so that nobody has to look again and again."""

import os
from contextlib import suppress
from threading import Event


class WakingEvent(Event):
    """While it is set, its file can be read."""

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)

    def fileno(self) -> int:
        """The file to wait for."""
        return self._reader

    def set(self) -> None:
        """Set it, and wake who waits."""
        if not self.is_set():
            super().set()
            os.write(self._writer, b"\0")

    def clear(self) -> None:
        """Take it back."""
        super().clear()
        with suppress(BlockingIOError):
            os.read(self._reader, 1)

    def __del__(self) -> None:
        os.close(self._reader)
        os.close(self._writer)
