"""The external editor: it has the terminal to itself while the chat goes on behind it.

The answer streams on and is shown afterwards; what the chat would draw meanwhile is dropped by the driver, whose
terminal is lent. However the editor ends, the terminal's settings are put back before the chat takes it again.
"""

import asyncio
import os
import shlex
import shutil
import signal
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Final

from textual.app import SuspendNotSupported

from tui_chat.private_files import append_whole, replacing
from tui_chat.regular_files import read_whole
from tui_chat.ui.composing.pasting import as_typed
from tui_chat.workspace.drafts import LARGEST_BYTES
from tui_chat.workspace.refusal import CommandRefused

CUT_LINE: Final = (
    "-------- >8 -------- what stands below is the last answer, to be read: it is not sent -------- >8 --------"
)
END_WITHIN_S = 1.0
AT_ONCE_S = 0.5
"""An editor that returns sooner has most likely opened a window of its own."""
_MEMORY = Path("/dev/shm")


class ExternalEditor:
    """Runs an editor on the chat's terminal, one at a time."""

    def __init__(self, suspend: Callable[[], AbstractContextManager[None]]) -> None:
        """`suspend` lends the terminal for as long as it is entered, and raises Textual's `SuspendNotSupported` where
        there is none to lend."""
        self._suspend = suspend
        self._process: asyncio.subprocess.Process | None = None
        self._is_ended = asyncio.Event()
        self._is_ended.set()

    @property
    def is_open(self) -> bool:
        """The terminal is the editor's."""
        return not self._is_ended.is_set()

    async def change(self, command: str, text: str, *, quoted: str = "", is_temporary: bool = False) -> str:
        """The text as it is when the editor ends, without the `quoted` words that are shown below it. The file that the
        editor works on is in memory for a temporary conversation, where there is such a place.

        Raises:
            CommandRefused: the editor did not start or did not end well; the text is as it was.
        """
        argv = _argv(command)
        where = _MEMORY if is_temporary and os.access(_MEMORY, os.W_OK) else None
        folder = Path(tempfile.mkdtemp(prefix="tui-chat-", dir=where))
        file = folder / "draft.md"
        try:
            content = with_quote(text, quoted)
            with replacing(file, is_durable=False) as opened:
                opened.write(content.encode(errors="replace"))
            began_at = monotonic()
            status = await self._run([*argv, str(file)])
            changed = read_whole(file, LARGEST_BYTES).decode(errors="replace").replace("\r\n", "\n")
        except OSError as error:
            raise CommandRefused(f"The editor {argv[0]!r} did not work: {error.strerror or error}.") from error
        except SuspendNotSupported as error:
            raise CommandRefused("No editor can be opened from here.") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if status < 0:
            if changed != content:
                return without_quote(as_typed(changed))  # what it saved before it was ended
            raise CommandRefused(f"The editor was ended by {signal.Signals(-status).name}; the draft is as it was.")
        if status:
            raise CommandRefused(f"The editor ended with {status}; the draft is as it was.")
        if changed == content and monotonic() - began_at < AT_ONCE_S:
            raise CommandRefused(
                "The editor returned at once. One with its own window must be told to wait: VISUAL='code --wait'."
            )
        return without_quote(as_typed(changed))

    async def open(self, command: str, file: Path) -> None:
        """Let a file be edited where it is; one that is not there is made, and closed to others.

        Raises:
            CommandRefused: the editor did not start or did not end well.
        """
        argv = _argv(command)
        try:
            _make_sure_of(file)
            status = await self._run([*argv, str(file)])
        except OSError as error:
            raise CommandRefused(f"The editor {argv[0]!r} did not work: {error.strerror or error}.") from error
        except SuspendNotSupported as error:
            raise CommandRefused("No editor can be opened from here.") from error
        if status:
            raise CommandRefused(f"The editor ended with {status}.")

    async def end(self) -> None:
        """End the editor, since the program ends; what it saved until then counts."""
        process = self._process
        if process is None:
            return
        for tell in (process.terminate, process.kill):
            with suppress(ProcessLookupError):
                tell()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_ended.wait(), END_WITHIN_S)
                return

    async def _run(self, argv: list[str]) -> int:
        """Run a program on the terminal; its exit status, negative for a signal."""
        failure: OSError | None = None
        status = 0
        self._is_ended.clear()
        try:
            with self._suspend(), _terminal_lent():
                try:
                    self._process = await asyncio.create_subprocess_exec(*argv)
                    status = await self._process.wait()
                except OSError as error:
                    failure = error  # raised once the terminal is ours again, which Textual leaves to us
        finally:
            self._process = None
            self._is_ended.set()
        if failure is not None:
            raise failure
        return status


def with_quote(text: str, quoted: str) -> str:
    """The text, and below a line to be cut off the words of somebody else."""
    if not quoted:
        return text
    lines = "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    return f"{text}\n\n{CUT_LINE}\n{lines}\n"


def without_quote(text: str) -> str:
    """The text above the line, without empty lines at its end."""
    lines = text.split("\n")
    with suppress(ValueError):
        del lines[len(lines) - 1 - lines[::-1].index(CUT_LINE) :]
    return "\n".join(lines).rstrip("\n")


def _make_sure_of(file: Path) -> None:
    if not file.exists():
        append_whole(file, b"")


def _argv(command: str) -> list[str]:
    try:
        argv = shlex.split(command)
    except ValueError as error:
        raise CommandRefused(f"VISUAL or EDITOR cannot be read: {error}.") from error
    if not argv or shutil.which(argv[0]) is None:
        raise CommandRefused(f"The editor {command!r} was not found. Set VISUAL or EDITOR.")
    return argv


@contextmanager
def _terminal_lent() -> Iterator[None]:
    """Keep the terminal's settings for whoever comes after the editor, and leave its keys' signals to it."""
    descriptor = sys.__stdin__.fileno() if sys.__stdin__ else 0
    modes = termios.tcgetattr(descriptor) if os.isatty(descriptor) else None
    before = signal.signal(signal.SIGQUIT, _pass_over)
    try:
        yield
    finally:
        signal.signal(signal.SIGQUIT, before)
        if modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(descriptor, termios.TCSANOW, modes)


def _pass_over(number: int, frame: FrameType | None) -> None:
    """A handler and not SIG_IGN, which the editor would inherit."""
    del number, frame
