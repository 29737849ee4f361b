"""A terminal for tests: a real pty, and pyte to look at what is on it."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from tests.pty.emulator import Emulator

_PATIENCE_S = 20.0
_STILL_S = 0.25
"""Longer than a frame, than it is waited for what an escape begins, and than a draft's size takes to be shown."""


class Process(Protocol):
    """The program that runs in a terminal, as `subprocess.Popen` shows it."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...


Starter = Callable[[Sequence[str], Mapping[str, str], int], Process]
"""Starts a program, with these words and this environment, in the terminal that the descriptor is of."""


def start_new(argv: Sequence[str], env: Mapping[str, str], terminal: int) -> Process:
    """Start a program as a shell does."""
    return subprocess.Popen(
        argv, stdin=terminal, stdout=terminal, stderr=terminal, env=env, start_new_session=True,
        preexec_fn=_take_terminal,
    )  # fmt: skip


class PtyTerminal:
    """A program in a terminal of its own. Leaving the `with` ends it."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        columns: int = 100,
        rows: int = 30,
        *,
        start: Starter = start_new,
    ) -> None:
        self._emulator = Emulator(columns, rows, has_looks=False)
        self.screen = self._emulator.screen
        self.env = dict(env)
        self.output = b""
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)
        self.modes_before = termios.tcgetattr(self.slave)
        self.process = start(argv, self.env, self.slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    @property
    def modes(self) -> list[Any]:
        """What `stty -a` would show."""
        return termios.tcgetattr(self.slave)

    @property
    def text(self) -> str:
        """The screen as lines."""
        return self._emulator.text

    def show(self, data: bytes) -> None:
        """Show what another program wrote to the terminal."""
        self._emulator.feed(data)

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as dragging its corner does."""
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        if hasattr(self, "process"):
            os.killpg(self.process.pid, signal.SIGWINCH)

    def take(self, patience_s: float = 0.05) -> bytes:
        """What the program wrote, and is not shown; empty where nothing came in time."""
        ready, _, _ = select.select([self.master], [], [], patience_s)
        try:
            return os.read(self.master, 65536) if ready else b""
        except OSError:
            return b""

    def read(self, patience_s: float = 0.05) -> bool:
        """Take in what the program wrote; False where nothing came in time."""
        data = self.take(patience_s)
        self.output += data
        self._emulator.feed(data)
        return bool(data)

    def wait_for(self, *texts: str) -> str:
        """Read until all of these are on the screen together, and return it."""
        end = time.monotonic() + _PATIENCE_S
        screen = self.text
        while time.monotonic() < end:
            if all(text in screen for text in texts):
                return screen
            if self.read():
                screen = self.text
            elif self.process.poll() is not None:
                break
        raise AssertionError(f"{texts} never came up together; the screen was:\n{self.text}")

    def wait_gone(self, text: str) -> str:
        """Read until this is no longer on the screen."""
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            self.read()
            if text not in self.text:
                return self.text
        raise AssertionError(f"{text!r} stayed; the screen was:\n{self.text}")

    def wait_until(self, is_so: Callable[[], object], what: str) -> None:
        """Read until something is so; `what` says what, for who reads of the failure."""
        end = time.monotonic() + _PATIENCE_S
        while not is_so():
            self.read()
            assert time.monotonic() < end, f"{what} did not come; the screen was:\n{self.text}"

    def wait_still(self) -> str:
        """Read until nothing more comes, and return the screen: before that a frame may be half painted."""
        while self.read(_STILL_S):
            pass
        return self.text

    def wait_end(self) -> int:
        """Read until the program has ended; its exit status, negative for a signal."""
        end = time.monotonic() + _PATIENCE_S
        while self.process.poll() is None:
            self.read()
            assert time.monotonic() < end, f"the program did not end; the screen was:\n{self.text}"
        while self.read():
            pass
        return self.process.wait()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # Whoever runs the tests by `nohup` or in the background has signals ignored.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment with a home of its own, and a good terminal."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TUI_CHAT_HOME": str(home / "tui-chat"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        **more,
    }


def chat_command(*words: str) -> list[str]:
    """The installed program, as this interpreter runs it."""
    return [sys.executable, "-m", "tui_chat", *words]
