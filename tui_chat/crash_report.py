"""What is written down when the program breaks: where it broke, and nothing of what it was working on.

Local variables stay out, since they hold conversations and keys; so does everything in a message that looks like a key.
"""

import os
import time
import traceback
from pathlib import Path

from tui_chat.core.redact import redactor
from tui_chat.core.sanitize import sanitize


def describe(error: BaseException) -> str:
    """The traceback without local variables, harmless and free of keys."""
    redact = redactor(os.environ.get("SOLROUTER_API_KEY", ""))
    return sanitize(redact("".join(traceback.format_exception(error))))


def save_report(error: BaseException, folder: Path, version: str) -> Path | None:
    """Write the description to a new file for its owner only; None where that was not possible."""
    name = time.strftime("crash-%Y%m%d-%H%M%S", time.gmtime())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"{name}-{os.getpid()}.txt"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as report:
            report.write(f"tui-chat {version}\n\n{describe(error)}")
    except OSError:
        return None
    return file
