"""Copying: text goes to the terminal (OSC 52), to the system's own tool, or, where neither can take it, into a file.

Neither way is sure: a terminal never says whether it took the text, and a tool may be missing, hang or have no display.
So both are used where both are there, and the result names what was done. A text never stands in a tool's arguments,
which every user of the machine can read.
"""

import asyncio
import contextlib
import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui_chat.core.sanitize import sanitize, sanitize_line, without_surrogates
from tui_chat.private_files import replacing
from tui_chat.terminal.kind import Multiplexer, passed_through, terminal_kind

MOST_OSC52_BYTES: Final = 74_994
"""What fits into the 100,000 characters at which several terminals cut an OSC 52; xterm and tmux take more."""
TOOL_TIMEOUT_S: Final = 3.0
FILE_NAME: Final = "copied.txt"
TERMINAL_WORDS: Final = "through the terminal (OSC 52)"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes text from its standard input."""

    argv: tuple[str, ...]
    primary: tuple[str, ...] = ()
    """For what the middle mouse button pastes, where the system has that."""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a text went."""

    characters: int
    ways: tuple[str, ...] = ()
    """For people, the surest first."""
    file: Path | None = None
    """Only where there was no other way."""


def tools_for(environ: Mapping[str, str], platform: str = sys.platform) -> Iterator[Tool]:
    """The tools of this desktop, the likeliest first, installed or not."""
    is_remote = bool(environ.get("SSH_CONNECTION"))
    if environ.get("WAYLAND_DISPLAY"):
        yield Tool(("wl-copy", "--type", "text/plain"), ("wl-copy", "--type", "text/plain", "--primary"))
    if environ.get("DISPLAY"):
        yield Tool(("xclip", "-in", "-selection", "clipboard"), ("xclip", "-in", "-selection", "primary"))
        yield Tool(("xsel", "--input", "--clipboard"), ("xsel", "--input", "--primary"))
    if platform == "darwin" and not is_remote:
        yield Tool(("pbcopy",))
    if environ.get("WSL_DISTRO_NAME"):
        yield Tool(("clip.exe",), encoding="utf-16-le")
    if environ.get("TERMUX_VERSION"):
        yield Tool(("termux-clipboard-set",))


_TMUX: Final = Tool(("tmux", "load-buffer", "-w", "-"))
"""Besides the desktop's: tmux's own buffer, and from there the terminal's clipboard, whatever tmux lets programs do."""


def osc52(text: str, environ: Mapping[str, str], *, tmux_has_it: bool = False) -> str:
    """What is written for the terminal to take the text; empty where it cannot.

    tmux takes the plain form itself, with its option `set-clipboard`, and hands on the wrapped one; where it has the
    text already, a second buffer would only be in the way.
    """
    kind, raw = terminal_kind(environ), text.encode()
    if not kind.reads_strings or len(raw) > MOST_OSC52_BYTES:
        return ""
    sequence = f"\x1b]52;c;{b64encode(raw).decode()}\x07"
    wrapped = passed_through(sequence, kind.multiplexer)
    return sequence + wrapped if kind.multiplexer is Multiplexer.TMUX and not tmux_has_it else wrapped


def harmless(text: str) -> str:
    """A text as it may leave: whoever pastes it into a shell runs nothing that they did not see."""
    return sanitize(without_surrogates(text))


class Clipboard:
    """Takes text out of the program."""

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        way: str = "auto",
        folder: Path,
        environ: Mapping[str, str] = os.environ,
        timeout_s: float = TOOL_TIMEOUT_S,
    ) -> None:
        """`write` writes to the terminal; `way` is the setting `clipboard`; `folder` holds the file of last resort."""
        self._write = write
        self._way = way
        self._folder = folder
        self._environ = environ
        self._timeout_s = timeout_s
        self.text = ""
        """What was copied last, for pasting inside the program."""

    @property
    def is_off(self) -> bool:
        """Nothing leaves the program."""
        return self._way == "off"

    async def put(self, text: str, *, is_selection: bool = False, may_write_file: bool = True) -> Copied:
        """Copy a text. A selection can be pasted with the middle button too.

        Raises:
            OSError: there was no way but the file, and it cannot be written.
        """
        self.text = text = harmless(text)
        if self.is_off:
            return Copied(len(text))
        ways: list[str] = []
        may_use_tools = self._way != "osc52"
        tmux_took = may_use_tools and bool(self._environ.get("TMUX")) and await self._run(_TMUX.argv, text.encode())
        if self._way != "tool" and (sequence := osc52(text, self._environ, tmux_has_it=tmux_took)):
            self._write(sequence)
            ways.append(TERMINAL_WORDS)
        if tmux_took:
            ways.insert(0, f"with {_TMUX.argv[0]}")
        if may_use_tools and (tool := await self._with_tool(text, is_selection=is_selection)):
            ways.insert(0, f"with {tool}")
        if ways or not may_write_file:
            return Copied(len(text), tuple(ways))
        return Copied(len(text), file=await asyncio.to_thread(_write_file, self._folder, text))

    async def _with_tool(self, text: str, *, is_selection: bool) -> str:
        """The name of the first of the desktop's tools that took it; empty where none did."""
        for tool in tools_for(self._environ):
            data = text.encode(tool.encoding)
            if await self._run(tool.argv, data):
                if is_selection and tool.primary:
                    await self._run(tool.primary, data)
                return tool.argv[0]
        return ""

    async def _run(self, argv: Sequence[str], data: bytes) -> bool:
        """Whether the tool is there and took it in time. Looked for each time: it may have been installed since.

        xclip and wl-copy leave a child behind that owns the selection and keeps what it inherited open: they get no
        pipe to hold, and a session of their own, so that they outlive this terminal.
        """
        path = shutil.which(argv[0], path=self._environ.get("PATH"))
        if path is None:
            return False
        try:
            process = await asyncio.create_subprocess_exec(
                path,
                *argv[1:],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return False
        try:
            await asyncio.wait_for(process.communicate(data), self._timeout_s)
        except TimeoutError:
            return False
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        return process.returncode == 0


def _write_file(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    with replacing(file) as opened:
        opened.write(text.encode())
    return file


def not_copied_words(error: OSError, what: str) -> str:
    """Why even the file could not be written, for a note."""
    return f"Not copied: {what} could not be written to a file either: {error.strerror or error}"


def copied_words(copied: Copied, what: str) -> str:
    """What was done, for a note; `what` names the text."""
    size = f"{copied.characters:,} character{'' if copied.characters == 1 else 's'}"
    if copied.ways:
        return f"Copied {what}, {size}, {' and '.join(copied.ways)}."
    if copied.file is not None:
        return f"No clipboard can take {what} ({size}): it is in {sanitize_line(str(copied.file), 300)}"
    return f"Not copied: no clipboard can take {what} ({size}). See the setting clipboard; /save writes a file."
