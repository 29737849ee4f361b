"""The API key: its sources, the gateway that it may be sent to, and a type that cannot be shown by mistake.

A key from the environment goes to the base URL in force. A key that `/connect` saved is bound to the base URL it was
saved with, and never goes to another scheme, host or port.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Never

import msgspec

from tui_chat.core.errors import Failure, SettingsError
from tui_chat.core.redact import remember
from tui_chat.settings.load import Loaded
from tui_chat.settings.problem import Problem

KEY_VARIABLE: Final = "SOLROUTER_API_KEY"
_LONGEST_KEY: Final = 4096
_BEARER = re.compile(r"(?:authorization:\s*)?bearer(?:\s+|$)", re.IGNORECASE)
_NOT_FOR_HEADERS = re.compile(r"[^\x21-\x7e]")


class SecretKey:
    """An API key. It cannot be printed, formatted, logged or pickled; only `reveal` returns it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        remember(text)

    def reveal(self) -> str:
        """Return the key itself, for the `Authorization` header and for nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "SecretKey(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretKey) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Never:
        raise TypeError("a key is not written anywhere")


class Connection(msgspec.Struct, frozen=True):
    """The gateway to ask, and the key for it."""

    base_url: str
    """Its normalised base URL; empty for the embedded demo gateway."""
    key: SecretKey | None
    """None sends no `Authorization` header."""
    key_origin: str
    """The variable or the file that the key comes from; empty without a key."""
    is_demo: bool
    unusable_key: Failure | None = None
    """Why the key that was given cannot be sent; nothing is asked then, least of all without a key."""
    problems: tuple[Problem, ...] = ()


def check_key(text: str) -> SecretKey | None:
    """Trim a key as it was typed or pasted; None where nothing is left.

    Raises:
        SettingsError: a header cannot carry it. The message never holds the key.
    """
    trimmed = _BEARER.sub("", text.strip(), count=1).strip().strip("\"'").strip()
    if not trimmed:
        return None
    advice = "Copy the key once more, without line breaks and without what stands around it."
    if len(trimmed) > _LONGEST_KEY:
        raise SettingsError("The key is too long to be one.", advice)
    if wrong := _NOT_FOR_HEADERS.search(trimmed):
        kind = "a space or a line break" if wrong[0].isspace() else "a character that no header can carry"
        raise SettingsError(f"The key contains {kind} (character {wrong.start() + 1}).", advice)
    return SecretKey(trimmed)


def find_connection(loaded: Loaded, environ: Mapping[str, str], credentials_file: Path) -> Connection:
    """Find the gateway and the key in force; the demo gateway where neither a key nor a base URL is given."""
    problems: list[Problem] = []
    given_url = loaded.settings.base_url if loaded.is_given("base_url") else ""
    try:
        if key := check_key(environ.get(KEY_VARIABLE, "")):
            return Connection(loaded.settings.base_url, key, KEY_VARIABLE, is_demo=False)
    except SettingsError as error:
        problems.append(Problem(KEY_VARIABLE, None, "", error.failure.message))
        return Connection(
            loaded.settings.base_url,
            None,
            "",
            is_demo=False,
            unusable_key=_unusable(KEY_VARIABLE, error.failure),
            problems=tuple(problems),
        )
    saved = _read_credentials(credentials_file, problems)
    url = given_url or saved.last
    if not url:
        return Connection("", None, "", is_demo=True, problems=tuple(problems))
    key = saved.key_for(url)
    origin = str(credentials_file) if key else ""
    unusable_key = _unusable(str(credentials_file), saved.unusable) if saved.unusable else None
    return Connection(url, key, origin, is_demo=False, unusable_key=unusable_key, problems=tuple(problems))


def _unusable(where: str, failure: Failure) -> Failure:
    return Failure(failure.kind, f"{where} holds no usable key. {failure.message}", failure.advice)


def save_key(credentials_file: Path, base_url: str, key: SecretKey) -> None:
    """Save the key for this base URL, in a file that only its owner can read, and use that gateway next time.

    Raises:
        SettingsError: the file cannot be written, or holds what this program did not write.
    """
    import tomli_w  # only needed here, and not at start

    from tui_chat.settings.base_url import is_same_origin, mend_base_url
    from tui_chat.settings.save import read_bytes, replace_file

    url = mend_base_url(base_url)
    before = read_bytes(credentials_file)
    problems: list[Problem] = []
    saved = _parse_credentials(before or b"", credentials_file, problems)
    if problems:
        raise SettingsError(
            f"{credentials_file} cannot be read, so the key was not saved.", "Repair or remove the file."
        )
    keys = {at: text.reveal() for at, text in saved.keys.items() if not is_same_origin(at, url)}
    text = tomli_w.dumps({"last": url, "keys": {**keys, url: key.reveal()}})
    replace_file(credentials_file, before, text.encode())


class _Credentials(msgspec.Struct, frozen=True):
    last: str = ""
    keys: Mapping[str, SecretKey] = {}
    unusable: Failure | None = None
    """Why a key of the file cannot be sent."""

    def key_for(self, base_url: str) -> SecretKey | None:
        from tui_chat.settings.base_url import is_same_origin

        return next((key for at, key in self.keys.items() if is_same_origin(at, base_url)), None)


def _read_credentials(file: Path, problems: list[Problem]) -> _Credentials:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            raw = opened.read(1024 * 1024)
    except (FileNotFoundError, NotADirectoryError):
        return _Credentials()
    except OSError as error:
        problems.append(Problem(str(file), None, "", f"cannot be read ({error.strerror}); no saved key is used"))
        return _Credentials()
    if os.name == "posix" and mode & 0o077:
        problems.append(Problem(str(file), None, "", f"others can read it; run: chmod 600 {file}"))
    return _parse_credentials(raw, file, problems)


def _parse_credentials(raw: bytes, file: Path, problems: list[Problem]) -> _Credentials:
    from tui_chat.settings.base_url import mend_base_url

    try:
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # the parser's words are left out: they may quote the key
        problems.append(Problem(str(file), None, "", "not TOML; no saved key is used"))
        return _Credentials()
    keys: dict[str, SecretKey] = {}
    last = table.get("last", "")
    entries = table.get("keys", {})
    try:
        for url, text in entries.items() if isinstance(entries, dict) else ():
            if isinstance(text, str) and (key := check_key(text)):
                keys[mend_base_url(url)] = key
        last = mend_base_url(last) if isinstance(last, str) and last else ""
    except SettingsError as error:
        problems.append(Problem(str(file), None, "", error.failure.message))
        return _Credentials(unusable=error.failure)
    return _Credentials(last, keys)
