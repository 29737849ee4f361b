"""Files of this machine that only their owner can read, and that are whole whenever somebody looks: settings, drafts,
copies, caches. Apart from those who keep something in one, so that modes and the order of the steps stand once.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    temporary = file.with_name(f".{file.name}.{os.getpid()}-{time.monotonic_ns()}.tmp")
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            yield opened
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)  # there only where something failed
