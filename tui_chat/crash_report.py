"""Crash reports: the place where the program broke, and nothing of the data that it was working on.

Local variables are left out, since they hold conversations and keys; so is all that looks like a key in a message.
"""

import os
import time
import traceback
from pathlib import Path

from tui_chat import __version__
from tui_chat.core.redact import redactor
from tui_chat.core.sanitize import sanitize
from tui_chat.private_files import replacing

_SECRETS: set[str] = set()
"""What must not stand in a report: the secrets that this process has learned."""


def hide(secret: str) -> None:
    """Keep a secret out of every report from now on."""
    _SECRETS.add(secret)


def describe(error: BaseException) -> str:
    """Format the traceback without local variables, sanitised and without keys."""
    text = "".join(traceback.format_exception(error))
    for secret in (os.environ.get("SOLROUTER_API_KEY", ""), *sorted(_SECRETS, key=len, reverse=True)):
        text = redactor(secret)(text)
    return sanitize(text)


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
