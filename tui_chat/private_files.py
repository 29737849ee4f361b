"""Files of this machine that only their owner can read, and that are whole whenever somebody looks: settings, drafts,
copies, caches, exports. Apart from those who keep something in one, so that modes and the order of the steps stand
once. Nothing here writes through a link, or into what is no plain file.
"""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from tui_chat.regular_files import file_error, names_in, open_regular, refuse_irregular

_LONGEST_WAIT_S: Final = 1.0
"""A program that was stopped while it held a lock holds up nobody for longer."""
_BETWEEN_TRIES_S: Final = 0.005
_TEMPORARY: Final = ".tmp"


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter, with its parents; one that exists stays as it is.

    Raises:
        FileError: it cannot be made.
    """
    try:
        if not folder.is_dir():
            make_private_folder(folder.parent)
            _make_one(folder)
    except (OSError, ValueError) as error:
        raise file_error(folder, error) from error


@contextmanager
def replacing(file: Path, *, is_durable: bool = True) -> Iterator[BinaryIO]:
    """What is written in the block takes the place of the file behind it, at once; where the block raises, what was
    there stays. The folder is made where there is none. Without `is_durable` it survives the program, but perhaps not
    the machine.

    Raises:
        FileError: it cannot be written, or what is there is no plain file.
    """
    make_private_folder(file.parent)
    refuse_irregular(file)
    try:
        with _beside(file) as (temporary, opened):
            yield opened
            opened.flush()
            if is_durable:
                os.fsync(opened.fileno())
            opened.close()
            os.replace(temporary, file)
    except OSError as error:
        raise file_error(file, error) from error


def write_durably(file: Path, data: bytes, *, overwrite: bool) -> None:
    """Make a file of these bytes in a folder that exists, at once, and on the disk when this returns. Without
    `overwrite` a file that is there stays, also one that somebody makes meanwhile.

    Raises:
        FileExistsError: there is something by this name, and it may not be replaced.
        FileError: it cannot be written; nothing was left behind.
    """
    if overwrite:
        refuse_irregular(file)
    try:
        with _beside(file) as (temporary, opened):
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
            opened.close()
            if overwrite:
                os.replace(temporary, file)
            else:
                _claim(temporary, file)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        raise file_error(file, error) from error


def append_whole(file: Path, data: bytes) -> None:
    """Add bytes to the end of a file, all of them or none, and close it to others. It is made where there is none, and
    its folder too. Several programs may do so at once, and one of them may `rewrite` it meanwhile.

    Raises:
        FileError: it cannot be written.
    """
    make_private_folder(file.parent)
    with _alone(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as handle, _told_of(file):
        status = os.fstat(handle)
        if status.st_mode & 0o077:
            os.fchmod(handle, 0o600)
        try:
            with os.fdopen(handle, "ab", buffering=0, closefd=False) as opened:
                rest = memoryview(data)
                while rest:
                    rest = rest[opened.write(rest) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, status.st_size)  # half a line would spoil the next one
            raise


def rewrite(file: Path, change: Callable[[BinaryIO], Iterable[bytes] | None]) -> None:
    """Put what `change` makes of a file in its place, at once; None leaves the file as it is. Whoever adds to it with
    `append_whole` waits meanwhile. What a program that was killed here has left goes too.

    Raises:
        FileError: it is not there, or cannot be read or replaced.
    """
    with _alone(file, os.O_RDWR) as handle, _told_of(file):
        for name in names_in(file.parent):
            if name.startswith(_temporary_prefix(file)) and name.endswith(_TEMPORARY):
                (file.parent / name).unlink(missing_ok=True)
        with os.fdopen(handle, "rb", closefd=False) as opened:
            changed = change(opened)
            if changed is not None:
                with replacing(file) as new:
                    new.writelines(changed)


def delete(file: Path) -> None:
    """Delete a file, if it is there.

    Raises:
        FileError: it cannot be deleted.
    """
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise file_error(file, error) from error


def _make_one(folder: Path) -> None:
    """Make one folder, closed to others whatever the umask."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        if folder.is_dir():  # somebody else was faster
            return
        raise NotADirectoryError(errno.ENOTDIR, "") from None
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchmod(handle, 0o700)
    finally:
        os.close(handle)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else who asks for it is in this block for the same folder. The lock is on the folder itself, so nothing is
    left behind, and a file that does not exist yet is locked too. Where there is no lock to get, it goes without.
    """
    handle = -1
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        _lock(handle, time.monotonic() + _LONGEST_WAIT_S)
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    """Tell of what the system refuses in this block by the file's name."""
    try:
        yield
    except OSError as error:
        raise file_error(file, error) from error


@contextmanager
def _alone(file: Path, flags: int) -> Iterator[int]:
    """A descriptor of the file that is at the path, which nobody else adds to or rewrites in this block.

    The lock is on the file itself: it ends with the program, and whoever gets it after another file has come to the
    path opens that one.
    """
    until = time.monotonic() + _LONGEST_WAIT_S
    while True:
        handle = open_regular(file, flags, through_links=False)
        try:
            _lock(handle, until)
            if _is_at(file, handle) or time.monotonic() >= until:
                yield handle
                return
        finally:
            os.close(handle)


def _lock(handle: int, until: float) -> None:
    """Lock a file; without the lock goes on who waited for too long, or whose file system knows none."""
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return
            time.sleep(_BETWEEN_TRIES_S)
        except OSError:
            return
        else:
            return


def _is_at(file: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(file))
    except OSError:
        return False


def _temporary_prefix(file: Path) -> str:
    return f".{file.name[:40]}."


@contextmanager
def _beside(file: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside this one, open for writing; what is left of it behind the block goes."""
    temporary = file.with_name(f"{_temporary_prefix(file)}{os.urandom(6).hex()}{_TEMPORARY}")
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            yield temporary, opened
    finally:
        with suppress(OSError):
            temporary.unlink()  # there only where something failed, or the file got its name by a link


def _claim(temporary: Path, file: Path) -> None:
    """Give the finished file its name, unless somebody has it."""
    try:
        # Linking fails where the name is taken, which renaming does not.
        os.link(temporary, file)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the name is claimed with an empty file, and then replaced.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.replace(temporary, file)
