"""What no tool of ours gives away, wherever it lies: our settings, keys, conversations and caches, and what the system
tells of processes, our environment among it.

Folders and files are known by device and number, not by their paths: a mount or a second name changes nothing.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from typing import Final

_OF_THE_SYSTEM: Final = ("/proc", "/sys")
_MOST_OWN_FILES: Final = 20_000

_Id = tuple[int, int]


class OwnPlaces:
    """Our folders and files as they are now. Made anew for each call, since they come and go."""

    def __init__(self, folders: Iterable[str] = (), files: Iterable[str] = ()) -> None:
        """Paths; those that are not there are passed over."""
        self._folders = {_id(found): path for path in folders if (found := _stat(path)) is not None}
        self._files = {_id(found) for path in files if (found := _stat(path)) is not None}
        self._devices = {found.st_dev for path in _OF_THE_SYSTEM if (found := _stat(path)) is not None}
        root = _stat("/")
        self._devices -= {root.st_dev} if root is not None else set()  # a system without these mounts
        self._second_names: set[_Id] | None = None

    def has(self, found: os.stat_result) -> bool:
        """Whether what was opened is one of them."""
        if found.st_dev in self._devices or _id(found) in self._files:
            return True
        if stat.S_ISDIR(found.st_mode):
            return _id(found) in self._folders
        return found.st_nlink > 1 and _id(found) in self._known_files()

    def hold(self, folder: int) -> bool:
        """Whether an open folder is one of them, or lies in one."""
        up, before = ".", None
        while (found := _stat(up, folder)) is not None and _id(found) != before:
            if self.has(found):
                return True
            up, before = f"{up}/..", _id(found)
        return False

    def _known_files(self) -> set[_Id]:
        """Files in our folders: one of them may have a second name elsewhere."""
        if self._second_names is None:
            self._second_names = set()
            for path in self._folders.values():
                self._second_names.update(_files_below(path))
        return self._second_names


def _files_below(folder: str) -> Iterator[_Id]:
    seen = 0
    for at, _, names in os.walk(folder):
        for name in names:
            seen += 1
            if seen > _MOST_OWN_FILES:
                return
            if (found := _stat(os.path.join(at, name))) is not None:
                yield _id(found)


def _stat(path: str, folder: int | None = None) -> os.stat_result | None:
    try:
        return os.stat(path, dir_fd=folder)
    except (OSError, ValueError):
        return None


def _id(found: os.stat_result) -> _Id:
    return found.st_dev, found.st_ino
