"""Files of this machine that only their owner can read, and that are whole whenever somebody looks: settings, drafts,
copies, caches, exports. Apart from those who keep something in one, so that modes and the order of the steps stand
once. Nothing here writes through a link, or into what is no plain file.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tui_chat.regular_files import file_error, open_regular, refuse_irregular


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
    its folder too.

    Raises:
        FileError: it cannot be written.
    """
    make_private_folder(file.parent)
    handle = open_regular(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, through_links=False)
    try:
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
    except OSError as error:
        raise file_error(file, error) from error
    finally:
        os.close(handle)


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
def _beside(file: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside this one, open for writing; what is left of it behind the block goes."""
    temporary = file.with_name(f".{file.name[:40]}.{secrets.token_hex(6)}.tmp")
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
