"""Hands files and addresses to the programs that the desktop has for them: as arguments, never through a shell.

What is opened as a file lies in a private folder until the program ends. No program is given the terminal, or the keys
of gateways that stand in the environment.
"""

import asyncio
import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui_chat.private_files import write_durably

_MEMORY: Final = Path("/dev/shm")
_WAITS_S: Final = 3.0
"""An opener that runs longer is the viewer itself."""
_DESKTOPS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
"""Without one of these an opener finds at most a browser for terminals, and this one is taken."""
_ON_MACS: Final = (("open",),)
_ELSEWHERE: Final = (("wslview",), ("xdg-open",), ("gio", "open"))
"""Openers with their first words, the best first: where Windows lies below, its own programs are meant."""
_SECRET_ENDING: Final = "_API_KEY"


class OpenerFailed(Exception):
    """Nothing was opened; the message is for the person."""


class Opener:
    """The desktop's way to open things."""

    def __init__(
        self, environ: Mapping[str, str] = os.environ, *, platform: str = sys.platform, waits_s: float = _WAITS_S
    ) -> None:
        self._environ = environ
        self._platform = platform
        self._waits_s = waits_s
        self._folders: dict[bool, Path] = {}

    async def show(self, data: bytes, name: str, *, in_memory: bool = False) -> None:
        """Open bytes as a file whose name ends in `name`. `in_memory` keeps it from the disk, where the system has a
        folder for that.

        Raises:
            OpenerFailed: there is nothing to open it with, or it cannot be written.
        """
        argv = self._argv()
        try:
            file = await asyncio.to_thread(self._write, data, name, in_memory=in_memory)
        except OSError as error:
            raise OpenerFailed(f"The file to open cannot be written: {error.strerror or error}.") from error
        await self._run([*argv, str(file)])

    async def browse(self, address: str) -> None:
        """Open an address, which begins with `http`.

        Raises:
            OpenerFailed: there is nothing to open it with.
        """
        await self._run([*self._argv(), address])

    def _argv(self) -> list[str]:
        """The opener; looked up each time, since it may be new."""
        is_mac = self._platform == "darwin"
        if not is_mac and not any(self._environ.get(name) for name in _DESKTOPS):
            raise OpenerFailed("There is no desktop here to open it on.")
        for name, *words in _ON_MACS if is_mac else _ELSEWHERE:
            if (path := shutil.which(name, path=self._environ.get("PATH"))) is not None:
                return [path, *words]
        raise OpenerFailed(f"This system has no {'open' if is_mac else 'xdg-open'} to open it with.")

    async def _run(self, argv: list[str]) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                env={name: value for name, value in self._environ.items() if not name.endswith(_SECRET_ENDING)},
            )
        except OSError as error:
            raise OpenerFailed(f"{argv[0]} did not start: {error.strerror or error}.") from error
        try:
            status = await asyncio.wait_for(process.wait(), self._waits_s)
        except TimeoutError:
            return
        if status:
            raise OpenerFailed(f"{Path(argv[0]).name} could not open it; it ended with {status}.")

    def _write(self, data: bytes, name: str, *, in_memory: bool) -> Path:
        folder = self._folders.get(in_memory)
        if folder is None or not folder.is_dir():
            where = _MEMORY if in_memory and os.access(_MEMORY, os.W_OK) else None
            folder = self._folders[in_memory] = Path(tempfile.mkdtemp(prefix="tui-chat-", dir=where))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
        handle, path = tempfile.mkstemp(suffix=f"-{name}", prefix="", dir=folder)
        os.close(handle)
        write_durably(Path(path), data, overwrite=True)
        return Path(path)
