"""Starting a program for a tool, apart from us in every way that the system offers to a process of the same user: a
session of its own, no terminal, none of our open files, few variables.
"""

import asyncio
import contextlib
import errno
import os
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from tui_chat.core.sanitize import sanitize_line

Protocol = TypeVar("Protocol", bound=asyncio.SubprocessProtocol)

_LONGEST_NAME = 200


class NotStarted(Exception):
    """A program cannot be started. Says why, without a capital and a full stop."""


def check_there(argv: Sequence[str], folder: str, variables: Mapping[str, str]) -> None:
    """Look whether a program is there, without starting it: for those who have to do more before they can. `folder` is
    empty where it will get one of its own.

    Raises:
        NotStarted: it is not there, or is no program, or its folder is not there.
    """
    if folder and not os.path.isdir(folder):
        raise _without_folder(folder)
    name = argv[0]
    places = [""] if os.path.dirname(name) else os.get_exec_path(variables)
    found = [file for place in places if os.path.exists(file := os.path.join(folder, place, name))]
    if not found:
        raise _not_started(name, os.strerror(errno.ENOENT))
    if not any(os.path.isfile(file) and os.access(file, os.X_OK) for file in found):
        raise _not_started(name, os.strerror(errno.EACCES))


def _without_folder(folder: str) -> NotStarted:
    return NotStarted(f"its folder {sanitize_line(folder, _LONGEST_NAME)} is not there")


def _not_started(name: str, reason: str) -> NotStarted:
    return NotStarted(f"{sanitize_line(name, _LONGEST_NAME)} cannot be started: {reason}")


async def start(
    argv: Sequence[str],
    folder: str,
    variables: Mapping[str, str],
    made: Callable[[], Protocol],
    end: Callable[[asyncio.SubprocessTransport, Protocol], Awaitable[None]],
    *,
    joins_errors: bool,
) -> tuple[asyncio.SubprocessTransport, Protocol]:
    """Start a program in a folder, with these variables and no others. `made` makes what takes its output; with
    `joins_errors` both outputs are one. `end` ends it where it began although this was cancelled.

    Raises:
        NotStarted: it cannot be started.
    """
    starting = asyncio.ensure_future(
        asyncio.get_running_loop().subprocess_exec(
            made,
            *argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if joins_errors else subprocess.PIPE,
            cwd=folder,
            env=variables,
            close_fds=True,
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:  # it may have begun all the same
        with contextlib.suppress(OSError):
            await end(*await starting)
        raise
    except OSError as error:
        if not await asyncio.to_thread(os.path.isdir, folder):
            raise _without_folder(folder) from None
        raise _not_started(argv[0], error.strerror or "it is no program") from None
