"""The prompt history on disk, one prompt a line as JSON, oldest first: every front end reads it and adds to it."""

import json
from contextlib import suppress
from pathlib import Path

from tui_chat.core.errors import FileError
from tui_chat.private_files import append_whole, replacing
from tui_chat.regular_files import read_end

LIMIT = 1_000
READ_BYTES = 16 * 1024 * 1024
"""Bytes that are read from the file's end; a file of twice as many is cut."""


def read_prompts(file: Path) -> tuple[str, ...]:
    """Read the prompts of earlier runs, oldest first; none where the file is missing. Broken lines are skipped.

    Raises:
        FileError: it cannot be read, and prompts cannot be kept in it.
    """
    prompts: list[str] = []
    for line in _last_lines(file)[-LIMIT:]:
        try:
            prompt = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(prompt, str) and prompt.strip():
            prompts.append(prompt)
    return tuple(prompts)


def not_kept_words(error: FileError) -> str:
    """Why prompts are not kept: what is wrong with the file comes first, since a note may be cut at its end."""
    return f"{error.failure.message} Prompts are not kept for Up and Ctrl+R. {error.failure.advice}"


def _last_lines(file: Path) -> list[bytes]:
    try:
        end, size = read_end(file, READ_BYTES, through_links=False)
    except FileError as error:
        if error.is_missing:
            return []
        raise
    lines = end.splitlines()
    if size > 2 * READ_BYTES:
        with suppress(FileError), replacing(file) as kept:
            kept.writelines(line + b"\n" for line in lines[1:][-LIMIT:])
    return lines


def append_prompt(file: Path, prompt: str) -> None:
    """Add a prompt to the file, which only its owner can read. A file that cannot be written is ignored: whoever read
    it at the start was told."""
    with suppress(FileError):
        append_whole(file, json.dumps(prompt).encode() + b"\n")
