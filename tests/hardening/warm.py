"""Runs the program in a copy of this process, in which its modules are there already: a tenth of the time of a new
interpreter. The copy is held back by permissions, and ended by an alarm where it takes too long."""

import ctypes
import fcntl
import gc
import importlib
import os
import pkgutil
import signal
import sys
import tempfile
import termios
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import tui_chat
from tui_chat.cli.main import main

CUT_AFTER_S: Final = 8
_CAPABILITIES = 0x20080522
"""Third version of the kernel's interface to capabilities."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run of the program."""

    said: str
    """Everything that it wrote."""
    after_s: float
    is_cut: bool
    """It was ended from outside."""


def warm_up(words: Sequence[str], env: Mapping[str, str]) -> None:
    """Import all modules of the program and, of others, those that a copy that ran this command has in the end. What
    the copies share is kept from the collector, which would write into it."""
    for module in pkgutil.walk_packages(tui_chat.__path__, f"{tui_chat.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    with tempfile.TemporaryFile("w+") as out, open(os.devnull, "r+") as null:
        process = os.fork()
        if process == 0:
            _run(words, env, null.fileno(), null.fileno(), modules_to=out.fileno())
        os.waitpid(process, 0)
        out.seek(0)
        for name in out.read().split():
            importlib.import_module(name)
    gc.freeze()


def run_warm(words: Sequence[str], env: Mapping[str, str]) -> Ended:
    """Run a command that needs no terminal."""
    began_at = time.monotonic()
    with tempfile.TemporaryFile() as out, open(os.devnull) as null:
        process = os.fork()
        if process == 0:
            signal.alarm(CUT_AFTER_S)
            _run(words, env, null.fileno(), out.fileno())
        _, status = os.waitpid(process, 0)
        out.seek(0)
        said = out.read().decode(errors="replace")
    return Ended(said, time.monotonic() - began_at, is_cut=os.WIFSIGNALED(status))


class Copy:
    """A copy of this process in which the program runs, as `subprocess.Popen` shows one."""

    def __init__(self, pid: int) -> None:
        self.pid: Final = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end, which must come of itself: no patience is limited here."""
        assert timeout is None
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def start_warm(words: Sequence[str], env: Mapping[str, str], terminal: int) -> Copy:
    """Start a chat in this terminal."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        _run(words, env, terminal, terminal)
    return Copy(pid)


def _run(words: Sequence[str], env: Mapping[str, str], from_: int, to: int, modules_to: int | None = None) -> NoReturn:
    status = 1
    try:
        for descriptor, file in ((0, from_), (1, to), (2, to)):
            os.dup2(file, descriptor)
        kept = 3 if modules_to is None else os.dup2(modules_to, 3) + 1
        os.closerange(kept, 256)  # the other end of its terminal among them, or it would never be hung up
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            descriptor = ("stdin", "stdout", "stderr").index(name)
            stream = open(descriptor, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        if os.geteuid() == 0:
            give_up_rights()
        os.environ.clear()
        os.environ.update(env)
        status = main(words)
        if modules_to is not None:
            os.write(3, "\n".join(name for name, module in sys.modules.items() if module is not None).encode())
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()  # as the interpreter's end does: who waits for a file for ever hangs there
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except Exception:  # noqa: BLE001 - whatever it is, it is what the run is looking for
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def give_up_rights() -> None:
    """Give up what root may do and others may not."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None).capset(header, nothing):
        raise OSError("rights cannot be given up")
