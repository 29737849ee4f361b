"""Writing one setting without losing what else the file holds.

The file belongs to the user: where one line can be changed in place it is, so that comments and order are kept. Each
such change is proved by parsing the result, and only where none can be is the whole file rewritten. A file that cannot
be parsed, or that changed meanwhile, is left alone.
"""

import errno
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import tomli_w

from tui_chat.core.errors import FileError, SettingsError
from tui_chat.private_files import replacing
from tui_chat.regular_files import read_whole
from tui_chat.settings.load import MAX_FILE_BYTES
from tui_chat.settings.model import BY_KEY, SettingValue
from tui_chat.settings.toml_lines import find_key_line, syntax_place

_LONGEST_VALUE_LINES: Final = 200


def save_setting(file: Path, key: str, value: SettingValue) -> None:
    """Write one setting; None removes it from the file. The folder and the file are created where they are missing.

    Raises:
        SettingsError: the value is not allowed, or the file cannot be read, parsed or written, or changed meanwhile.
    """
    if key not in BY_KEY:
        raise SettingsError(f"There is no setting {key}.", f"There are {', '.join(BY_KEY)}.")
    if value is not None:
        try:
            value = BY_KEY[key].accept(value)
        except SettingsError as error:
            raise SettingsError(f"{key} {error.failure.message}.", error.failure.advice) from None
    before = read_bytes(file)
    text, table = _parse(file, before or b"")
    replace_file(file, before, _changed(text, table, key, value).encode())


def read_bytes(file: Path, *, through_links: bool = True) -> bytes | None:
    """Read a file; None where there is none.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return read_whole(file, MAX_FILE_BYTES, through_links=through_links)
    except FileError as error:
        if error.errno == errno.ENOENT and error.is_missing:
            return None
        raise SettingsError(f"{file} cannot be read: {error.strerror}.", error.failure.advice) from error


def replace_file(file: Path, expected: bytes | None, content: bytes, *, through_links: bool = True) -> None:
    """Replace a file's content whole or not at all, readable by its owner only. A link to a file of the same owner
    stays a link, and the file that it leads to is replaced where it is; with `through_links` False none is followed.

    Raises:
        SettingsError: it cannot be written, or no longer holds what was `expected`.
    """
    target = _target_of(file) if through_links else file
    try:
        with replacing(target) as opened:
            opened.write(content)
            if read_bytes(target, through_links=False) != expected:
                raise SettingsError(
                    f"{file} was changed by somebody else meanwhile.", "Nothing was written; try again."
                )
    except FileError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}.", error.failure.advice) from error


def _target_of(file: Path) -> Path:
    """Follow a link to the file that is meant.

    Raises:
        SettingsError: the file there is somebody else's.
    """
    if not file.is_symlink():
        return file
    target = Path(os.path.realpath(file))
    if target.stat().st_uid != os.geteuid():
        raise SettingsError(
            f"{file} is a link to somebody else's file, {target}.", "Put a file of your own in its place."
        )
    return target


def _parse(file: Path, raw: bytes) -> tuple[str, dict[str, object]]:
    advice = "Nothing was written; correct the file first."
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not text in UTF-8.", advice) from error
    except tomllib.TOMLDecodeError as error:
        line, words = syntax_place(error, text)
        raise SettingsError(f"{file}{f':{line}' if line else ''} is not TOML: {words}.", advice) from error
    except (RecursionError, ValueError) as error:
        raise SettingsError(f"{file} is not TOML that can be read.", advice) from error


def _changed(text: str, table: dict[str, object], key: str, value: SettingValue) -> str:
    """Change the setting in the text: in place where that gives exactly the wanted table, else by rewriting it all."""
    wanted = {name: held for name, held in table.items() if name != key}
    if value is not None:
        wanted[key] = _plain(value)
    assignment = "" if value is None else tomli_w.dumps({key: wanted[key]})
    if not isinstance(value, Mapping) and not isinstance(table.get(key), dict):
        for candidate in _line_edits(text, key, assignment):
            try:
                if tomllib.loads(candidate) == wanted:
                    return candidate
            except ValueError:
                continue
    return tomli_w.dumps(wanted)


def _line_edits(text: str, key: str, assignment: str) -> list[str]:
    """List texts with the assignment in place, the likeliest first. Some are wrong: the caller checks by parsing."""
    lines = [line for line in re.split(r"(?<=\n)", text) if line]
    at = find_key_line(text, key)
    if at is None:
        first_table = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        if first_table == len(lines):
            return [text + ("" if not text or text.endswith("\n") else "\n") + assignment]
        while first_table and (not lines[first_table - 1].strip() or lines[first_table - 1].lstrip().startswith("#")):
            first_table -= 1
        gap = "" if first_table < len(lines) and not lines[first_table].strip() else "\n"
        return ["".join([*lines[:first_table], assignment, gap, *lines[first_table:]])]
    old = lines[at - 1]
    kept = _comment_of(old)
    new = f"{assignment.rstrip()}  {kept}\n" if kept and assignment.count("\n") == 1 else assignment
    ends = range(at, min(len(lines), at + _LONGEST_VALUE_LINES) + 1)
    return ["".join([*lines[: at - 1], new, *lines[end:]]) for end in ends]


def _comment_of(line: str) -> str:
    """Find the comment after a value; a `#` inside a string begins none, as parsing the text before it shows."""
    position = line.find("#")
    while position >= 0:
        try:
            tomllib.loads(line[:position])
            return line[position:].strip()
        except ValueError:
            position = line.find("#", position + 1)
    return ""


def _plain(value: SettingValue) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {name: list(names) for name, names in value.items() if isinstance(names, tuple)}
    return value
