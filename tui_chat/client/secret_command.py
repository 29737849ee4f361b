"""Commands that give a secret: run without a shell, bounded in time and size, ended when nobody waits any more.

What a command writes to standard error is not read: it may quote the secret.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from typing import Final

from tui_chat.core import figures
from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.secret_key import KEY_VARIABLE

LIMIT_S: Final = 10.0
LIMIT_BYTES: Final = 64 * 1024
_END_S: Final = 0.5


class CommandFailed(Exception):
    """A command gave nothing that can be used. Its text says why, to be read after the command's name."""


async def output_of(argv: Sequence[str], environ: Mapping[str, str], *, limit_s: float = LIMIT_S) -> str:
    """What the command prints, without the line break at its end. It gets no input, and not the key of the
    environment, which is another gateway's.

    Raises:
        CommandFailed: it cannot be started, fails, takes too long, or prints too much or no text.
    """
    variables = {name: value for name, value in environ.items() if name != KEY_VARIABLE}
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=variables,
            start_new_session=True,  # a program that asks on the terminal would write over the screen
        )
    except OSError as error:
        raise CommandFailed(f"cannot be started: {error.strerror or 'it is no program'}") from None
    try:
        async with asyncio.timeout(limit_s):
            printed = await _read(process)
            status = await process.wait()
    except TimeoutError:
        raise CommandFailed(f"did not end within {limit_s:g} s") from None
    finally:
        await _end(process)
    if status:
        raise CommandFailed(f"failed with status {status}")
    try:
        return printed.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CommandFailed("printed what is no text in UTF-8") from None


async def printed_secret(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """What the command prints, see `output_of`.

    Raises:
        SettingsError: it gives nothing that can be used.
    """
    try:
        return await output_of(argv, environ)
    except CommandFailed as failed:
        message = f"the command {sanitize_line(argv[0], 100)} {failed}"
        raise SettingsError(message, "Run it in a shell to see what is wrong with it.") from None


async def _read(process: Process) -> bytes:
    assert process.stdout is not None
    printed = bytearray()
    while piece := await process.stdout.read(LIMIT_BYTES):
        printed += piece
        if len(printed) > LIMIT_BYTES:
            raise CommandFailed(f"printed more than {figures.bound(LIMIT_BYTES)}")
    return bytes(printed)


async def _end(process: Process) -> None:
    """End it with all that it started, and collect its status."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_END_S):
            await process.wait()
