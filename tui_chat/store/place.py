"""Which file is at the path: whether it is still the one that is open, or another has taken its place."""

import os
from pathlib import Path

from tui_chat.store.opening import WAL

Identity = tuple[int, int]
"""Device and inode of a file."""


class ReplacedError(Exception):
    """Another file has taken the place of the one in which work of several steps has begun."""


class Place:
    """The path of a file in use, and what was seen there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path.with_name(path.name + WAL)
        """Where SQLite keeps what was written last."""
        self.generation = 0
        """Grows when another file has taken the place of the one that was used so far."""
        self._file: Identity | None = None
        self._log: Identity | None = None
        self._used: Identity | None = None

    @property
    def is_empty(self) -> bool:
        """There is no file."""
        return _identity(self.path) is None

    @property
    def holds_another(self) -> bool:
        """Another file, or another log, is where those were that are open."""
        return _identity(self.path) != self._file or _identity(self.log) != self._log

    @property
    def holds_another_file(self) -> bool:
        """Another file is where that was which was looked at last."""
        return _identity(self.path) != self._file

    @property
    def lacks_log(self) -> bool:
        """The file is the one that is open, and its log was taken away."""
        return not self.holds_another_file and _identity(self.log) is None

    def look(self) -> None:
        """Note the file that is about to be opened."""
        self._file = _identity(self.path)

    def opened(self) -> None:
        """Note the file that was opened."""
        self.look()
        if self._used is not None and self._used != self._file:
            self.generation += 1
        self._used = self._file

    def ready(self) -> None:
        """Note the log of the file that was opened."""
        self._log = _identity(self.log)

    def left(self) -> None:
        """Note that another file is used from now on; it may even get the inode of this one."""
        self.generation += 1
        self._used = None


def _identity(file: Path) -> Identity | None:
    """The file's identity; None where there is none."""
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
