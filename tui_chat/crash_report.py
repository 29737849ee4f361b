"""Crash reports: the place where the program broke, and nothing of the data that it was working on.

Local variables are left out, since they hold conversations and keys; every secret that was in use is hidden in what is
left. `watch` sees to it that also what nobody caught is told in this way, and never by the interpreter.
"""

import logging
import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from tui_chat import __version__
from tui_chat.core.redact import redact_report, remember
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.private_files import replacing
from tui_chat.settings.paths import find_paths

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def describe(error: BaseException) -> str:
    """Format the traceback without local variables, sanitised and without keys."""
    remember(os.environ.get("SOLROUTER_API_KEY", ""))  # a crash may come before it was read
    return sanitize(redact_report("".join(traceback.format_exception(error))))


def record(error: BaseException, folder: Path) -> str:
    """Save a report of an error that the program survives, and return words about it for the person."""
    file = save_report(error, folder)
    where = f"A report without your texts and keys is in {file}." if file else "No report could be written."
    return f"Something broke. {where} Your conversation is kept."


def save_report(error: BaseException, folder: Path) -> Path | None:
    """Write a report to a new file that only its owner can read; None where that was not possible."""
    name = time.strftime("crash-%Y%m%d-%H%M%S", time.gmtime())
    try:
        file = folder / f"{name}-{os.getpid()}.txt"
        with replacing(file) as report:
            report.write(f"tui-chat {__version__}\n\n{describe(error)}".encode(errors="replace"))
    except OSError:
        return None
    return file


def watch() -> None:
    """Tell in words, from now on, what breaks and is caught by nobody: in the program, in its threads and tasks, and
    while an object is put away."""
    sys.excepthook = _on_crash
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_broken_thread
    logging.lastResort = _LastWords(logging.WARNING)


def _on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _tell(error.with_traceback(trace), "tui-chat broke")


def _on_broken_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _tell(args.exc_value, "A part of tui-chat broke")


def _on_unraisable(args: "UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        _tell(args.exc_value, "A part of tui-chat broke")


class _LastWords(logging.Handler):
    """What libraries log and no handler takes: `asyncio` tells of broken tasks in this way."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            _tell(error, "A part of tui-chat broke")
        elif sys.stderr is not None:
            print(sanitize_line(redact_report(record.getMessage()), 500), file=sys.stderr)


def _tell(error: BaseException, what: str) -> None:
    """Say on standard error that something broke, what it was and where the report is. Never raises: nobody is left
    who would catch that."""
    with suppress(Exception):
        file = save_report(error, find_paths(os.environ).state)
        last = describe(error).rstrip().rsplit("\n", 1)[-1]
        where = f"A report without your texts and keys is in {file}." if file else "No report could be written."
        if sys.stderr is not None:
            print(f"{what}: {sanitize_line(last, 500)}\n{sanitize(where)}", file=sys.stderr)
