"""Putting a new file in the place of a damaged one, which is kept beside it with its companions."""

import contextlib
import os
from pathlib import Path

from tui_chat.core.moments import utc_moment
from tui_chat.store.copies import DAMAGED
from tui_chat.store.opening import COMPANIONS


def take_place(path: Path, new: Path, now: float) -> Path:
    """Give the new file the damaged one's name. Whoever looks, and whatever dies meanwhile, finds one of the two there.

    The log goes before the new file comes, for SQLite would write what it holds into that.
    """
    aside = _free_name(path, now)
    for suffix in ("", *COMPANIONS):
        with contextlib.suppress(FileNotFoundError):
            _keep(path.with_name(path.name + suffix), aside.with_name(aside.name + suffix), moves=bool(suffix))
    os.replace(new, path)
    return aside


def _keep(file: Path, aside: Path, *, moves: bool) -> None:
    """Give a file its name beside; the database itself keeps its own too, where the file system has hard links."""
    if not moves:
        try:
            os.link(file, aside)
        except FileNotFoundError:
            raise
        except OSError:
            pass
        else:
            return
    file.rename(aside)


def _free_name(path: Path, now: float) -> Path:
    """A name that is free for a damaged file."""
    stamp = f"{utc_moment(now):%Y%m%dT%H%M%SZ}"
    aside = path.with_name(f"{path.name}{DAMAGED}{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}{DAMAGED}{stamp}-{number}")
    return aside
