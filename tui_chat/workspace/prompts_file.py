"""The file of prompts that were sent, one as JSON a line, oldest first: every front end reads and adds to it."""

import json
import os
from pathlib import Path

from tui_chat.private_files import make_private_folder, replacing

LIMIT = 1_000
READ_BYTES = 16 * 1024 * 1024
"""How much is read from the file's end; it is cut to that once it is twice as long."""


def read_prompts(file: Path) -> tuple[str, ...]:
    """The prompts of earlier runs, oldest first; none where the file is missing, and broken lines are passed over."""
    try:
        lines = _last_lines(file)
    except OSError:
        return ()
    prompts: list[str] = []
    for line in lines[-LIMIT:]:
        try:
            prompt = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(prompt, str) and prompt.strip():
            prompts.append(prompt)
    return tuple(prompts)


def _last_lines(file: Path) -> list[bytes]:
    with file.open("rb") as prompts:
        size = prompts.seek(0, os.SEEK_END)
        prompts.seek(max(0, size - READ_BYTES))
        lines = prompts.read().splitlines()
    if size > 2 * READ_BYTES:
        with replacing(file) as kept:
            kept.writelines(line + b"\n" for line in lines[1:][-LIMIT:])
    return lines


def append_prompt(file: Path, prompt: str) -> None:
    """Add a prompt to the file, for its owner only. A file that cannot be written is no reason to stop anybody."""
    try:
        make_private_folder(file.parent)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(prompt) + "\n")
    except OSError:
        return
