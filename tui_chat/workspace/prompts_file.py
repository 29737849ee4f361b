"""The prompt history on disk: every front end reads it and adds to it.

One prompt a line, oldest first, as a JSON object with the prompt and the id of the conversation in which it was typed,
so that it goes when that is deleted. A line of an earlier program is the prompt alone, as a JSON string; such a program
passes over the lines of this one.
"""

import json
import os
from collections import deque
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from tui_chat.core.errors import FileError
from tui_chat.private_files import append_whole, rewrite
from tui_chat.regular_files import read_end

LIMIT = 1_000
READ_BYTES = 16 * 1024 * 1024
"""Bytes that are read from the file's end; a file of twice as many is cut."""


class _Line(msgspec.Struct, frozen=True):
    prompt: str
    conversation: str = ""
    """Empty where it is not known."""


def read_prompts(file: Path) -> tuple[str, ...]:
    """Read the prompts of earlier runs, oldest first; none where the file is missing. Broken lines are skipped.

    Raises:
        FileError: it cannot be read, and prompts cannot be kept in it.
    """
    lines = map(_read_line, _last_lines(file)[-LIMIT:])
    return tuple(line.prompt for line in lines if line is not None and line.prompt.strip())


def not_kept_words(error: FileError) -> str:
    """Why prompts are not kept: what is wrong with the file comes first, since a note may be cut at its end."""
    return f"{error.failure.message} Prompts are not kept for Up and Ctrl+R. {error.failure.advice}"


def _read_line(line: bytes) -> _Line | None:
    """A line of either form; None where it is broken."""
    try:
        value = json.loads(line)  # and not msgspec, which reads no half surrogates
        return _Line(value) if isinstance(value, str) else msgspec.convert(value, _Line)
    except (ValueError, RecursionError):
        return None


def _last_lines(file: Path) -> list[bytes]:
    try:
        end, size = read_end(file, READ_BYTES, through_links=False)
    except FileError as error:
        if error.is_missing:
            return []
        raise
    if size > 2 * READ_BYTES:
        with suppress(FileError):
            rewrite(file, _end_of)
    return end.splitlines()


def _end_of(opened: BinaryIO) -> Iterable[bytes]:
    """The last whole lines."""
    opened.seek(-min(READ_BYTES, os.fstat(opened.fileno()).st_size), os.SEEK_END)
    opened.readline()
    return deque(opened, LIMIT)


def append_prompt(file: Path, prompt: str, conversation_id: str = "") -> None:
    """Add a prompt to the file, which only its owner can read; the id is empty where no conversation was open yet. A
    file that cannot be written is ignored: whoever read it at the start was told."""
    line = {"prompt": prompt, "conversation": conversation_id} if conversation_id else prompt
    with suppress(FileError):
        append_whole(file, json.dumps(line).encode() + b"\n")


def forget_prompts(file: Path, conversation_ids: Collection[str], questions: Iterable[str]) -> None:
    """Remove the prompts that were typed in these conversations. Of those that do not tell where, the ones go that say
    the same as one of the `questions`, which are looked at only where there are such.

    Raises:
        FileError: the file cannot be read or replaced.
    """
    asked: set[str] | None = None

    def is_gone(raw: bytes) -> bool:
        nonlocal asked
        line = _read_line(raw)
        if line is None:
            return False
        if line.conversation:
            return line.conversation in conversation_ids
        if asked is None:
            asked = {question.strip() for question in questions}
        return line.prompt.strip() in asked

    def without(opened: BinaryIO) -> Iterable[bytes] | None:
        if not any(map(is_gone, opened)):
            return None
        opened.seek(0)
        return (raw for raw in opened if not is_gone(raw))

    try:
        rewrite(file, without)
    except FileError as error:
        if not error.is_missing:
            raise
