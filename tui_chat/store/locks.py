"""Locks beside the conversations file: who may put another file in its place, and which programs live.

The kernel holds these locks (`flock`), so that they end with a program however it ends, also for one that is dead and
has not been reaped. On a file system that knows no locks the programs do without: SQLite's own locks then have to do.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

_GATE = ".lock"
_RUN = ".run-"
_NEW = ".new"
_TRIES = 20


@contextlib.contextmanager
def folder_locked(folder: Path) -> Iterator[None]:
    """Be the only opener: switching a new file to WAL, migrating it and telling a damaged file from one that somebody
    else has just replaced must each be seen by one process alone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Gate:
    """Writers pass it together; who puts another file in the place of a damaged one passes it alone."""

    def __init__(self, path: Path) -> None:
        self._file = path.with_name(path.name + _GATE)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """The file at the path stays the same one in this block."""
        with self._held(fcntl.LOCK_SH):
            yield

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """No program writes in this block."""
        with self._held(fcntl.LOCK_EX):
            yield

    @contextlib.contextmanager
    def _held(self, how: int) -> Iterator[None]:
        with contextlib.ExitStack() as closing:
            # Where the folder is missing or cannot be written, whatever is written there will say so.
            with contextlib.suppress(OSError):
                descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
                closing.callback(os.close, descriptor)
                _flock(descriptor, how)
            yield


class Run:
    """This run of the program, as the others see it: a file with a lock on it, from the first answer that it writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._id = ""

    def id(self) -> str:
        """The id under which others find the lock; empty where no lock can be held."""
        if self._descriptor is None:
            self._take()
        return self._id

    def lives(self, run_id: str) -> bool:
        """Whether the run of this id still has its lock."""
        return _is_locked(_run_file(self._path, run_id))

    def end(self) -> None:
        """Let others see that this run is over."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                _run_file(self._path, self._id).unlink()
            os.close(self._descriptor)
            self._descriptor, self._id = None, ""

    def _take(self) -> None:
        for _ in range(_TRIES):
            run_id = os.urandom(8).hex()
            file = _run_file(self._path, run_id)
            new = file.with_name(file.name + _NEW)
            try:
                descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            except OSError:
                return
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                new.rename(file)  # locked before it has the name under which others find it
            except OSError:  # no locks here, or another program that begins looks at it, or has removed it
                os.close(descriptor)
                with contextlib.suppress(OSError):
                    new.unlink()
                continue
            self._descriptor, self._id = descriptor, run_id
            return


def forget_dead(path: Path) -> bool:
    """Remove what dead runs have left; whether there was any, which means that one did not end by itself."""
    dead = [file for file in path.parent.glob(f"{path.name}{_RUN}*") if not _is_locked(file)]
    for file in dead:
        with contextlib.suppress(OSError):
            file.unlink()
    return any(file.suffix != _NEW for file in dead)


def _run_file(path: Path, run_id: str) -> Path:
    return path.with_name(f"{path.name}{_RUN}{run_id}")


def _is_locked(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two that ask do not meet each other
    except BlockingIOError:
        return True
    except OSError:
        return True  # no locks here: silence alone says that it is over
    finally:
        os.close(descriptor)
    return False


def _flock(descriptor: int, how: int) -> None:
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, how)
