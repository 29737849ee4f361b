"""The prompt history on disk, one prompt a line as JSON, oldest first: every front end reads it and adds to it."""

import json
import os
from pathlib import Path

from tui_chat.private_files import make_private_folder, replacing

LIMIT = 1_000
READ_BYTES = 16 * 1024 * 1024
"""Bytes that are read from the file's end; a file of twice as many is cut."""


def read_prompts(file: Path) -> tuple[str, ...]:
    """Read the prompts of earlier runs, oldest first; none where the file is missing. Broken lines are skipped."""
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
    """Add a prompt to the file, which only its owner can read. A file that cannot be written is ignored."""
    try:
        make_private_folder(file.parent)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(prompt) + "\n")
    except OSError:
        return
