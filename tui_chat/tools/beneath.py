"""Opening what lies below a folder, and nothing else.

Every part of a path is opened from the one before it, by the system's own handle and never through a link: whatever is
swapped meanwhile, no part leads out. Only regular files and folders are opened, without waiting for anybody.
"""

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from typing import Final

from tui_chat.core.sanitize import sanitize_line
from tui_chat.tools.own_places import OwnPlaces

_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_LINK: Final = "is a link, and links are not followed"
_OURS: Final = "belongs to tui-chat or to the system, and is not given"


class NotGiven(Exception):
    """It cannot be opened. `str()` is a sentence for the person and the model."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{sanitize_line(name, 300)} {reason}.")
        self.reason = reason


@contextlib.contextmanager
def opened_root(folder: str, own: OwnPlaces) -> Iterator[int]:
    """The folder below which everything lies. The person chose it, so that links lead to it.

    Raises:
        NotGiven: there is none, or it is ours.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise NotGiven(folder, f"cannot be opened: {_reason(error)}") from None
    try:
        if own.hold(handle):
            raise NotGiven(folder, _OURS)
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def opened(root: int, parts: Sequence[str], own: OwnPlaces) -> Iterator[int]:
    """What lies at these names below `root`, a regular file or a folder, as a handle that is closed afterwards.

    Raises:
        NotGiven: it cannot be opened, or a part is a link, something else, or ours.
    """
    handle = os.dup(root)
    try:
        for number, name in enumerate(parts, start=1):
            shown = "/".join(parts[:number])
            below = open_one(handle, name, own, shown=shown, is_folder=number < len(parts))
            os.close(handle)
            handle = below
        yield handle
    finally:
        os.close(handle)


def open_one(folder: int, name: str, own: OwnPlaces, *, shown: str, is_folder: bool = False) -> int:
    """Open one name of an open folder. `is_folder`: nothing else will do.

    Raises:
        NotGiven: as `opened`.
        ValueError: the name is no name of something in a folder; no plan has such a one.
    """
    if "/" in name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} leads up or elsewhere")
    try:
        _refuse(os.stat(name, dir_fd=folder, follow_symlinks=False), own, shown, is_folder=is_folder)
        handle = os.open(name, _FLAGS, dir_fd=folder)
    except (OSError, ValueError) as error:
        raise NotGiven(shown, f"cannot be opened: {_reason(error)}") from None
    try:
        _refuse(os.fstat(handle), own, shown, is_folder=is_folder)  # it may be another one by now
    except BaseException:
        os.close(handle)
        raise
    return handle


def _refuse(found: os.stat_result, own: OwnPlaces, shown: str, *, is_folder: bool) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise NotGiven(shown, _LINK)
    if is_folder and not stat.S_ISDIR(found.st_mode):
        raise NotGiven(shown, "is no folder")
    if not stat.S_ISDIR(found.st_mode) and not stat.S_ISREG(found.st_mode):
        raise NotGiven(shown, "is no plain file")
    if own.has(found):
        raise NotGiven(shown, _OURS)


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or "no file has such a name"
