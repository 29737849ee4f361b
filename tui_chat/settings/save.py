"""Writing one setting without losing what else the file holds.

The file belongs to the user: comments, order and what this version does not know are kept, and what another program
wrote meanwhile is read first. A file that cannot be parsed, or where the setting cannot be changed alone, is left as it
is.
"""

import errno
import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.budget import Budget
from tui_chat.core.errors import FileError, SettingsError
from tui_chat.private_files import alone_in, make_private_folder, replacing
from tui_chat.regular_files import read_whole
from tui_chat.settings.budget import plain_amount
from tui_chat.settings.load import MAX_FILE_BYTES
from tui_chat.settings.model import BY_KEY, SettingValue
from tui_chat.settings.toml_text import NotTomlError, read_toml

_MOST_TRIES: Final = 5
"""Times that a change is made again, because another program wrote at the same moment."""


class Written(msgspec.Struct, frozen=True):
    """A change that was written, so that it can be taken back."""

    file: Path
    key: str
    before: bytes
    after: bytes
    value_before: object
    """What the file held for the setting, right or wrong; None where it held nothing."""


class ChangedMeanwhile(SettingsError):
    """Another program wrote the file after it was read."""


def save_setting(file: Path, key: str, value: SettingValue) -> Written:
    """Write one setting; None removes it from the file. The folder and the file are created where they are missing.

    Raises:
        SettingsError: the value is not allowed, or the file cannot be read, parsed or written.
    """
    if key not in BY_KEY:
        raise SettingsError(f"There is no setting {key}.", f"There are {', '.join(BY_KEY)}.")
    if value is not None:
        try:
            value = BY_KEY[key].accept(value)
        except SettingsError as error:
            raise SettingsError(f"{key} {error.failure.message}.", error.failure.advice) from None
    return _put(file, key, _plain(value))


def take_back(written: Written) -> None:
    """Undo a change: the file is as before where nobody changed it since, else the setting alone is.

    Raises:
        SettingsError: the file cannot be read, parsed or written.
    """
    with suppress(ChangedMeanwhile):
        replace_file(written.file, written.after, written.before, keeps_mode=True)
        return
    _put(written.file, written.key, written.value_before)


def _put(file: Path, key: str, value: object) -> Written:
    before: dict[str, object] = {}

    def change(text: str) -> str:
        from tui_chat.settings.toml_edit import CannotChange, with_value  # tomlkit is not needed to read

        before.update({"value": read_toml(text.removeprefix("\ufeff")).get(key)})
        try:
            return with_value(text, key, value)
        except CannotChange:
            raise SettingsError(
                f"{key} cannot be changed in {file} without losing something else.", "Edit the file by hand."
            ) from None

    old, new = _edit(file, change)
    return Written(file, key, old, new, before["value"])


def rewrite_own(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Replace a file of ours with what `change` makes of it, empty where there is none. Only its owner can read it.

    Raises:
        SettingsError: it cannot be read or written.
    """
    _change_bytes(file, change, through_links=False)


def _edit(file: Path, change: Callable[[str], str]) -> tuple[bytes, bytes]:
    """Change the text of the file that is there when it is written, and return what it held before and after."""

    def change_bytes(raw: bytes) -> bytes:
        try:
            return change(_decoded(file, raw)).encode()
        except UnicodeEncodeError as error:
            raise SettingsError("This text cannot be written in UTF-8.", "Type it again.") from error

    return _change_bytes(file, change_bytes, through_links=True)


def _change_bytes(file: Path, change: Callable[[bytes], bytes], *, through_links: bool) -> tuple[bytes, bytes]:
    read_bytes(file, through_links=through_links)  # refuses what is no plain file
    try:
        make_private_folder(file.parent)
    except FileError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}.", error.failure.advice) from error
    with alone_in((_target_of(file) if through_links else file).parent):
        for tries_left in reversed(range(_MOST_TRIES)):
            before = read_bytes(file, through_links=through_links)
            after = change(before or b"")
            try:
                if after != before:
                    replace_file(file, before, after, through_links=through_links, keeps_mode=through_links)
            except ChangedMeanwhile:
                if not tries_left:
                    raise
            else:
                break
    return before or b"", after


def _decoded(file: Path, raw: bytes) -> str:
    """The text of a file that can be parsed, its line ends and its byte order mark as they are.

    Raises:
        SettingsError: it cannot be parsed.
    """
    advice = "Nothing was written; correct the file first."
    try:
        text = raw.decode()
        read_toml(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not text in UTF-8.", advice) from error
    except NotTomlError as error:
        raise SettingsError(
            f"{file}{f':{error.line}' if error.line else ''} is not TOML: {error.words}.", advice
        ) from error
    return text


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


def replace_file(
    file: Path, expected: bytes | None, content: bytes, *, through_links: bool = True, keeps_mode: bool = False
) -> None:
    """Replace a file's content whole or not at all, readable by its owner only unless it `keeps_mode`. A link to a file
    of the same owner stays a link, and the file that it leads to is replaced where it is; with `through_links` False
    none is followed.

    Raises:
        ChangedMeanwhile: it no longer holds what was `expected`.
        SettingsError: it cannot be written.
    """
    target = _target_of(file) if through_links else file
    try:
        with replacing(target) as opened:
            opened.write(content)
            if keeps_mode and expected is not None:
                with suppress(FileNotFoundError):
                    os.fchmod(opened.fileno(), stat.S_IMODE(target.stat().st_mode) & 0o777)
            opened.flush()
            os.fsync(opened.fileno())  # slow, so that nothing slow comes between the look at the file and its end
            if read_bytes(target, through_links=False) != expected:
                raise ChangedMeanwhile(
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


def _plain(value: SettingValue) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {name: list(names) for name, names in value.items() if isinstance(names, tuple)}
    if isinstance(value, Budget):
        return {scope.value: plain_amount(limit) for scope, limit in value.limits}
    return value
