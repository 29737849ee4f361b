"""Runs the program in a copy of this process, in which its modules are there already: a tenth of the time of a new
interpreter. The copy is held back by permissions, and ended by an alarm where it takes too long."""

import ctypes
import importlib
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from tui_chat.cli.main import main

_WARM: Final = (
    "tui_chat.ask.run", "tui_chat.cli.ask", "tui_chat.cli.config", "tui_chat.cli.history", "tui_chat.cli.models",
    "tui_chat.cli.usage", "tui_chat.client.catalog", "tui_chat.client.http", "tui_chat.client.stream", "httpx",
    "tui_chat.providers.openai_chat", "tui_chat.store.sqlite",
)  # fmt: skip
for _module in _WARM:
    importlib.import_module(_module)

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


def run_warm(words: Sequence[str], env: Mapping[str, str]) -> Ended:
    """Run a command that needs no terminal."""
    began_at = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = os.fork()
        if process == 0:
            _run(words, env, out.fileno())
        _, status = os.waitpid(process, 0)
        out.seek(0)
        said = out.read().decode(errors="replace")
    return Ended(said, time.monotonic() - began_at, is_cut=os.WIFSIGNALED(status))


def _run(words: Sequence[str], env: Mapping[str, str], out: int) -> NoReturn:
    status = 1
    try:
        signal.alarm(CUT_AFTER_S)
        if os.geteuid() == 0:
            give_up_rights()
        null = os.open(os.devnull, os.O_RDONLY)
        for descriptor, file in ((null, 0), (out, 1), (out, 2)):
            os.dup2(descriptor, file)
        os.environ.clear()
        os.environ.update(env)
        status = main(words)
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
