"""Reading of files, the user's and our own: regular ones only, opened without waiting, and never more than a bound.

Apart from those who read, because every file may be something else than it should: a named pipe that nobody writes, a
device without an end, a folder, a link in a circle, or a file that grows. All of it, and every refusal of the system,
is a `FileError` with its reason and a next step.
"""

import errno
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tui_chat.core import figures
from tui_chat.core.errors import FileError
from tui_chat.core.sanitize import sanitize_line

_STEP_BYTES: Final = 1024 * 1024
_LONGEST_PATH: Final = 300

_CHECK_PATH: Final = "Check its path."
_CHECK_MODE: Final = "Check who owns it and its mode."
_NOT_A_FILE: Final = "Put a plain file in its place."
_REASONS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOENT: ("No such file", _CHECK_PATH),
    errno.ENOTDIR: ("A part of its path is no folder", _CHECK_PATH),
    errno.ENAMETOOLONG: ("Its name is too long", _CHECK_PATH),
    errno.EINVAL: ("No file can have this name", _CHECK_PATH),
    errno.EACCES: ("Permission denied", _CHECK_MODE),
    errno.EPERM: ("Permission denied", _CHECK_MODE),
    errno.ELOOP: ("Its links lead in a circle", _CHECK_PATH),
    errno.EISDIR: ("It is a folder", _NOT_A_FILE),
    errno.ENOSPC: ("The disk is full", "Make room on the disk."),
    errno.EDQUOT: ("Your share of the disk is full", "Make room on the disk."),
    errno.EROFS: ("The disk can only be read", "Choose a place that can be written."),
}
_KINDS: Final[tuple[tuple[Callable[[int], bool], str], ...]] = (
    (stat.S_ISLNK, "It is a link, and links are not followed here"),
    (stat.S_ISDIR, "It is a folder"),
    (stat.S_ISFIFO, "It is a named pipe"),
    (stat.S_ISSOCK, "It is a socket"),
    (stat.S_ISCHR, "It is a device"),
    (stat.S_ISBLK, "It is a device"),
)


def open_regular(path: Path | str, flags: int = os.O_RDONLY, *, through_links: bool = True) -> int:
    """Open a regular file without waiting for anybody, and return its descriptor. A file that `flags` create is closed
    to others. `through_links` False refuses a link in the last part of the path.

    Raises:
        FileError: it cannot be opened, or is no regular file.
    """
    safe = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if through_links else os.O_NOFOLLOW)
    try:
        handle = os.open(path, flags | safe, 0o600)
    except (OSError, ValueError) as error:
        raise file_error(path, error) from error
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise _no_file(path, mode)
    return handle


def read_whole(path: Path | str, limit_bytes: int, *, through_links: bool = True) -> bytes:
    """Read a file of at most `limit_bytes`. A larger one is refused by its size, before anything is read of it.

    Raises:
        FileError: it cannot be read, or is larger.
    """
    return read_whole_at(open_regular(path, through_links=through_links), path, limit_bytes)


def read_whole_at(handle: int, path: Path | str, limit_bytes: int, *, closes: bool = True) -> bytes:
    """Read, as `read_whole` does, a file that is open; `path` is what errors call it.

    Raises:
        FileError: it cannot be read, or is larger.
    """
    try:
        with os.fdopen(handle, "rb", closefd=closes) as file:
            size = os.fstat(handle).st_size
            if size > limit_bytes:
                raise _too_large(path, limit_bytes)
            data = file.read(size + 1) or b""
            # It grows while it is read, or has a size of 0 and content all the same, like those of /proc.
            while len(data) <= limit_bytes and (more := file.read(_STEP_BYTES)):
                data += more
    except FileError:
        raise
    except OSError as error:
        raise file_error(path, error) from error
    if len(data) > limit_bytes:
        raise _too_large(path, limit_bytes)
    return data


def read_start(path: Path | str, length: int) -> tuple[bytes, int]:
    """Read the first bytes of a file, and return its size with them.

    Raises:
        FileError: it cannot be read.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        try:
            return file.read(length) or b"", os.fstat(file.fileno()).st_size
        except OSError as error:
            raise file_error(path, error) from error


def read_end(path: Path | str, length: int, *, through_links: bool = True) -> tuple[bytes, int]:
    """Read the last bytes of a file, and return its size with them.

    Raises:
        FileError: it cannot be read.
    """
    with os.fdopen(open_regular(path, through_links=through_links), "rb") as file:
        try:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - length))
            return file.read(length) or b"", size
        except OSError as error:
            raise file_error(path, error) from error


def names_in(folder: Path | str) -> list[str]:
    """Names in a folder, sorted; none where there is no such folder, or it may not be read."""
    try:
        return sorted(os.listdir(folder))
    except (OSError, ValueError):
        return []


def refuse_irregular(path: Path | str) -> None:
    """Refuse to put a file in the place of what is there and is none: a link, a folder, a pipe, a device.

    Raises:
        FileError: something else is there, or nobody may know.
    """
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise file_error(path, error) from error
    if not stat.S_ISREG(mode):
        raise _no_file(path, mode)


def file_error(path: Path | str, error: OSError | ValueError) -> FileError:
    """Turn a refusal of the system into ours. A ValueError is what Python makes of a name with a NUL in it, or with
    characters that no name can have."""
    if isinstance(error, FileError):
        return error
    number = (error.errno or 0) if isinstance(error, OSError) else errno.EINVAL
    mode = _mode_of(path) if number in (errno.ENOENT, errno.ELOOP, errno.ENXIO) else None
    if mode is not None and number == errno.ENOENT and stat.S_ISLNK(mode):  # no link: another program has just made it
        return FileError(shown_path(path), "It is a link that leads nowhere", _CHECK_PATH, errno=number)
    if mode is not None and (number == errno.ENXIO or (number == errno.ELOOP and not _is_circle(path))):
        return _no_file(path, mode)
    own = getattr(error, "strerror", None) or type(error).__name__
    reason, advice = _REASONS.get(number, (sanitize_line(own), _CHECK_MODE))
    is_missing = number in (errno.ENOENT, errno.ENOTDIR)
    return FileError(shown_path(path), reason, advice, errno=number, is_missing=is_missing)


def expanded(path: Path | str) -> Path:
    """A path with the home folder in place of `~`; as it is where that home is not known."""
    return Path(os.path.expanduser(path))


def shown_path(path: Path | str) -> str:
    """Path of a file for people, in one line."""
    return sanitize_line(str(path), _LONGEST_PATH)


def _no_file(path: Path | str, mode: int) -> FileError:
    reason = next((words for is_kind, words in _KINDS if is_kind(mode)), "It is no plain file")
    return FileError(shown_path(path), reason, _NOT_A_FILE, errno=errno.EINVAL)


def _too_large(path: Path | str, limit_bytes: int) -> FileError:
    reason = f"It is larger than {figures.bound(limit_bytes)}"
    return FileError(shown_path(path), reason, "Take a smaller file.", errno=errno.EFBIG)


def _mode_of(path: Path | str) -> int | None:
    """Mode of what stands there itself: of a link and not of its target; None where there is nothing."""
    try:
        return os.lstat(path).st_mode
    except OSError:
        return None


def _is_circle(path: Path | str) -> bool:
    try:
        os.stat(path)
    except OSError as error:
        return error.errno == errno.ELOOP
    return False
