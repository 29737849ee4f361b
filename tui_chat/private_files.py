"""Files of this machine that only their owner can read, and that are whole whenever somebody looks: settings, drafts,
copies, caches, exports. Apart from those who keep something in one, so that modes and the order of the steps stand
once.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter, with its parents; one that exists stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """What is written in the block takes the place of the file behind it, at once; where the block raises, what was
    there stays. The folder is made where there is none.

    Raises:
        OSError: it cannot be written.
    """
    make_private_folder(file.parent)
    with _beside(file) as (temporary, opened):
        yield opened
        opened.close()
        os.replace(temporary, file)


def write_durably(file: Path, data: bytes, *, overwrite: bool) -> None:
    """Make a file of these bytes in a folder that exists, at once, and on the disk when this returns. Without
    `overwrite` a file that is there stays, also one that somebody makes meanwhile.

    Raises:
        FileExistsError: there is something by this name, and it may not be replaced.
        OSError: it cannot be written; nothing was left behind.
    """
    with _beside(file) as (temporary, opened):
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
        opened.close()
        if overwrite:
            os.replace(temporary, file)
        else:
            _claim(temporary, file)


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
