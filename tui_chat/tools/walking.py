"""Going through a folder and what lies below it, in order, by handles and never through a link."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from tui_chat.chat.side_thread import Leave
from tui_chat.tools.beneath import NotGiven, open_one
from tui_chat.tools.own_places import OwnPlaces

MOST_ENTRIES: Final = 200_000
"""Names that are looked at in one call."""
_DEEPEST: Final = 64


class Entry(NamedTuple):
    """A name that was found."""

    folder: int
    """Handle of the folder that has it, open while the entry is looked at."""
    name: str
    path: str
    """From the folder on that the person chose."""
    is_folder: bool
    is_link: bool


class Walk:
    """A walk that ends when its time is over, or when it has seen enough; `is_whole` says whether it saw all."""

    def __init__(self, own: OwnPlaces, leave: Leave, *, is_deep: bool, with_hidden: bool) -> None:
        self.is_whole = True
        self._own = own
        self._leave = leave
        self._is_deep = is_deep
        self._with_hidden = with_hidden
        self._seen = 0

    def entries(self, folder: int, path: str = "", depth: int = 0) -> Iterator[Entry]:
        """What lies in an open folder, by name, each folder before what is in it.

        Raises:
            GivenUp: nobody wants it any more.
        """
        for name, is_folder, is_link in self._names(folder):
            if self._leave.is_late:
                self.is_whole = False
                return
            entry = Entry(folder, name, f"{path}{name}", is_folder, is_link)
            yield entry
            if is_folder and self._is_deep:
                yield from self._below(entry, depth)

    def _below(self, entry: Entry, depth: int) -> Iterator[Entry]:
        if depth >= _DEEPEST:
            self.is_whole = False
            return
        try:
            handle = open_one(entry.folder, entry.name, self._own, shown=entry.path, is_folder=True)
        except NotGiven:
            return
        try:
            yield from self.entries(handle, f"{entry.path}/", depth + 1)
        finally:
            os.close(handle)

    def _names(self, folder: int) -> list[tuple[str, bool, bool]]:
        names: list[tuple[str, bool, bool]] = []
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    if not self._with_hidden and entry.name.startswith("."):
                        continue
                    self._seen += 1
                    if self._seen > MOST_ENTRIES or self._leave.is_late:
                        self.is_whole = False
                        break
                    names.append((entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink()))
        except OSError:  # it may not be read
            self.is_whole = False
        return sorted(names)


def fits(entry: Entry, pattern: str, before: str = "") -> bool:
    """Whether its name is like the pattern, or its path where the pattern has a slash: that from the folder on, or what
    of it follows `before`. `**/` stands for any folders."""
    if not pattern:
        return True
    wanted = pattern.lower().removeprefix("./").removeprefix("**/")
    if "/" not in wanted:
        return fnmatchcase(entry.name.lower(), wanted)
    wanted, path = wanted.replace("**/", "*"), entry.path.lower()
    return fnmatchcase(path, wanted) or fnmatchcase(path[len(before) :], wanted)


def prefix_of(parts: Sequence[str]) -> str:
    """What stands before every path of a walk that begins there."""
    return "".join(f"{part}/" for part in parts)
