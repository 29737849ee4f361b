"""Copying: text goes to the terminal (OSC 52), to the system's clipboard tool, or, where neither takes it, to a file.

Neither way is certain: a terminal never says whether it took the text, and a tool may be missing, hang or have no
display. So both are used where both exist, and the result names what was done. The text is never among a tool's
arguments, which every user of the machine can read.
"""

import asyncio
import contextlib
import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.sanitize import sanitize, sanitize_line, without_surrogates
from tui_chat.private_files import replacing
from tui_chat.terminal.kind import Multiplexer, passed_through, terminal_kind

MOST_OSC52_BYTES: Final = 74_994
"""Text that fits into the 100,000 characters at which several terminals cut an OSC 52; xterm and tmux take more."""
TOOL_TIMEOUT_S: Final = 3.0
FILE_NAME: Final = "copied.txt"
TERMINAL_WORDS: Final = "through the terminal (OSC 52)"


class Tool(msgspec.Struct, frozen=True):
    """A program that takes text from its standard input."""

    argv: tuple[str, ...]
    primary: tuple[str, ...] = ()
    """Arguments for the primary selection, which the middle mouse button pastes; empty where there is none."""
    encoding: str = "utf-8"


class Copied(msgspec.Struct, frozen=True):
    """Outcome of copying a text."""

    characters: int
    ways: tuple[str, ...] = ()
    """Ways that it went, in words for people, the most certain first."""
    file: Path | None = None
    """File that holds it; only where there was no other way."""


def tools_for(environ: Mapping[str, str], platform: str = sys.platform) -> Iterator[Tool]:
    """Yield the clipboard tools of this desktop, installed or not, the likeliest first."""
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
"""Used besides the desktop's tool: it fills tmux's buffer and, with `-w`, the terminal's clipboard."""


def osc52(text: str, environ: Mapping[str, str], *, tmux_has_it: bool = False) -> str:
    """Make the sequence with which the terminal takes the text; empty where it cannot.

    tmux takes the plain form itself, with its option `set-clipboard`, and passes the wrapped one on; where it has the
    text already, the plain form would only make a second buffer.
    """
    kind, raw = terminal_kind(environ), text.encode()
    if not kind.reads_strings or len(raw) > MOST_OSC52_BYTES:
        return ""
    sequence = f"\x1b]52;c;{b64encode(raw).decode()}\x07"
    wrapped = passed_through(sequence, kind.multiplexer)
    return sequence + wrapped if kind.multiplexer is Multiplexer.TMUX and not tmux_has_it else wrapped


def harmless(text: str) -> str:
    """Sanitise a text to be copied, so that pasting it into a shell runs nothing invisible."""
    return sanitize(without_surrogates(text))


class Clipboard:
    """Copies text out of the program."""

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
        """The text that was copied last, for pasting inside the program."""

    @property
    def is_off(self) -> bool:
        """Text is only copied inside the program."""
        return self._way == "off"

    async def put(self, text: str, *, is_selection: bool = False, may_write_file: bool = True) -> Copied:
        """Copy a text; a selection goes to the primary selection too.

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
        """Return the name of the first of the desktop's tools that took the text; empty where none did."""
        for tool in tools_for(self._environ):
            data = text.encode(tool.encoding)
            if await self._run(tool.argv, data):
                if is_selection and tool.primary:
                    await self._run(tool.primary, data)
                return tool.argv[0]
        return ""

    async def _run(self, argv: Sequence[str], data: bytes) -> bool:
        """Run a tool, and say whether it took the text in time. It is looked up each time, since it may be new.

        xclip and wl-copy leave a child behind that owns the selection and keeps inherited descriptors open: they get no
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
    """Word, for a toast, that even the file could not be written."""
    return f"Not copied: {what} could not be written to a file either: {error.strerror or error}"


def copied_words(copied: Copied, what: str) -> str:
    """Word the outcome for a toast; `what` names the text."""
    size = f"{copied.characters:,} character{'' if copied.characters == 1 else 's'}"
    if copied.ways:
        return f"Copied {what}, {size}, {' and '.join(copied.ways)}."
    if copied.file is not None:
        return f"No clipboard can take {what} ({size}): it is in {sanitize_line(str(copied.file), 300)}"
    return f"Not copied: no clipboard can take {what} ({size}). See the setting clipboard; /save writes a file."
