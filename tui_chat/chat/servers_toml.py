"""The tables `[mcp.NAME]` of a tools file: tool servers that speak MCP, by a command or at an address.

Messages never quote a value of `env` or `headers`, which may be a secret.
"""

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tui_chat.chat.definition_faults import WrongKey
from tui_chat.core.errors import SettingsError
from tui_chat.core.nearest import nearest
from tui_chat.core.tool import (
    LARGEST_LIMIT_KB,
    LIMIT_KB,
    LONGEST_TIMEOUT_S,
    TIMEOUT_S,
    Printed,
    ServerValue,
    ToolServer,
    Variable,
)
from tui_chat.settings.header_text import check_header_name, check_header_value
from tui_chat.settings.secret_key import KEY_VARIABLE

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEYS: Final = ("command", "folder", "env", "url", "headers", "tools", "timeout_s", "limit_kb", "enabled", "alone")
_LISTED: Final = ", ".join(_KEYS)
_OF_COMMANDS: Final = ("folder", "env")
_FORMS: Final = 'a text, { env = "NAME" } or { command = ["…"] }'


def read_server(name: str, entry: object, path: Path) -> ToolServer:
    """The server of one table in the tools file at `path`.

    Raises:
        WrongKey: it cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise WrongKey("", "the name is not 1 to 64 letters, digits, dashes or underscores")
    if not isinstance(entry, dict):
        raise WrongKey("", f"not a table; write [mcp.{name}]")
    for key in entry:
        if key not in _KEYS:
            close = nearest(key, _KEYS)
            raise WrongKey(key, f"unknown; did you mean {close}?" if close else f"unknown; there are {_LISTED}")
    if ("command" in entry) == ("url" in entry):
        raise WrongKey("url" if "url" in entry else "", "a server has command or url, one of the two")
    for key in (*_OF_COMMANDS, "headers"):
        needed = "url" if key == "headers" else "command"
        if key in entry and needed not in entry:
            raise WrongKey(key, f"only beside {needed}")
    folder = Path(os.path.abspath(path)).parent
    return ToolServer(
        name,
        _command(entry, folder),
        _working_folder(entry, folder),
        _values(entry, "env"),
        _url(entry),
        _values(entry, "headers"),
        _chosen(entry),
        _number(entry, "timeout_s", TIMEOUT_S, LONGEST_TIMEOUT_S),
        math.ceil(_number(entry, "limit_kb", LIMIT_KB, LARGEST_LIMIT_KB)),
        _is_so(entry, "enabled", usual=True),
        str(path),
        _is_so(entry, "alone", usual=False),
    )


def _is_so(entry: Mapping[str, object], key: str, *, usual: bool) -> bool:
    value = entry.get(key, usual)
    if not isinstance(value, bool):
        raise WrongKey(key, "true or false, without quotes")
    return value


def _command(entry: Mapping[str, object], folder: Path) -> tuple[str, ...]:
    if "command" not in entry:
        return ()
    words = _words(entry["command"], "command", 'not an array of texts, as ["npx", "-y", "…"]; there is no shell')
    program = os.path.expanduser(words[0])
    if "/" in program:  # it lies where the file is meant from
        program = os.path.join(folder, program)
    return (program, *words[1:])


def _words(value: object, key: str, message: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise WrongKey(key, message)
    if not value[0].strip() or any("\0" in word for word in value):
        raise WrongKey(key, message)
    return tuple(value)


def _working_folder(entry: Mapping[str, object], folder: Path) -> str:
    value = entry.get("folder", "")
    if not isinstance(value, str) or "\0" in value:
        raise WrongKey("folder", "no folder has such a name")
    return os.path.normpath(folder / os.path.expanduser(value)) if value else ""


def _url(entry: Mapping[str, object]) -> str:
    value = entry.get("url", "")
    if not value and "url" not in entry:
        return ""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isprintable() and " " not in value else None
        has_host = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host, parts = False, None
    if parts is None or not has_host:
        raise WrongKey("url", 'not an http or https address, as "http://127.0.0.1:8000/mcp"')
    if parts.username is not None or parts.password is not None:
        raise WrongKey("url", "has a user or a password; put them into headers")
    assert isinstance(value, str)
    return value


def _chosen(entry: Mapping[str, object]) -> tuple[str, ...] | None:
    value = entry.get("tools")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise WrongKey("tools", 'not an array of names, as ["echo"]')
    return tuple(dict.fromkeys(value))


def _number(entry: Mapping[str, object], key: str, default: float, most: float) -> float:
    value = entry.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise WrongKey(key, f"not a number above 0 and up to {most:g}")
    return value


def _values(entry: Mapping[str, object], key: str) -> tuple[tuple[str, ServerValue], ...]:
    """Names with their values, each in one of the forms of a gateway's headers."""
    table = entry.get(key, {})
    if not isinstance(table, dict):
        raise WrongKey(key, "not a table")
    return tuple((_named(name, key), _value(name, value, key)) for name, value in table.items())


def _named(name: str, key: str) -> str:
    try:
        if key == "headers":
            check_header_name(name)
    except SettingsError as wrong:
        raise WrongKey(key, f"{name!r} {wrong.failure.message}") from None
    if not name or "=" in name or "\0" in name:
        raise WrongKey(key, f"{name!r} is no name")
    return name


def _value(name: str, value: object, key: str) -> ServerValue:
    match value:
        case str() if "\0" not in value:
            try:
                return check_header_value(value) if key == "headers" else value
            except SettingsError as wrong:
                raise WrongKey(key, f"{name} {wrong.failure.message}") from None
        case {"env": str(variable), **others} if variable and not others:
            if variable == KEY_VARIABLE:
                raise WrongKey(key, f"{name}: {KEY_VARIABLE} never goes to a tool server")
            return Variable(variable)
        case {"command": argv, **others} if not others:
            return Printed(_words(argv, key, f"{name}: {_FORMS}"))
    raise WrongKey(key, f"{name}: {_FORMS}")
