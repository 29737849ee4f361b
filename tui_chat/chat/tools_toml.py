"""Tool definitions from a TOML text: a table for each tool, with what runs it, and one for each tool server.

A definition that cannot be used is left out, and what is wrong with it is a `Problem` with its line; the others work.
"""

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from tui_chat.chat.definition_faults import WrongKey
from tui_chat.chat.ready_tools import BUILTIN, BuiltIn, folder_of, keys_of, parameters_of, recipe_of, told_of
from tui_chat.chat.servers_toml import read_server
from tui_chat.chat.tool_schema import NAME, NAME_RULE, check_parameters, properties_of
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.core.argv_template import check_argv
from tui_chat.core.errors import FileError, SettingsError
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.nearest import nearest
from tui_chat.core.placeholders import TemplateError
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import (
    LARGEST_LIMIT_KB,
    LIMIT_KB,
    LONGEST_TIMEOUT_S,
    MOST_MEMORY_MB,
    TIMEOUT_S,
    CommandRecipe,
    HttpRecipe,
    Recipe,
    Tool,
    Value,
    Variable,
)
from tui_chat.core.url_template import check_places, check_url
from tui_chat.settings import toml_text
from tui_chat.settings.header_text import check_header_name, check_header_value
from tui_chat.settings.problem import Problem

TABLES: Final = ("tools", "mcp")
_ADVICE: Final = "The manual shows the form of a tools file under Tools."
_KEYS: Final = (
    "description", "parameters", "run", "folder", "env", "url", "method", "headers", "timeout_s", "limit_kb",
    "memory_mb", "enabled", "alone", BUILTIN, "hidden", "proxy",
)  # fmt: skip
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_OF_COMMANDS: Final = ("folder", "env", "memory_mb")
_OF_SERVICES: Final = ("method", "headers")
_ABOUT_THE_BODY: Final = ("accept", "content-type")
"""Headers that are the chat's own to set with a gateway, and the definition's here."""

_WHAT: Final = {"tools": "tool", "mcp": "server"}
_Made = TypeVar("_Made")

Read = Callable[[Path], bytes]
"""Reads a file that a definition names; raises FileError."""


def read_toml(text: str, path: Path, read: Read) -> ToolsRead:
    """The tools and servers of a file at `path`, and what is wrong with those that are left out.

    Raises:
        SettingsError: the text is not TOML.
    """
    text = text.replace("\r\n", "\n")
    try:
        held = toml_text.read_toml(text)
    except toml_text.NotTomlError as error:
        place = f"{path}, line {error.line}" if error.line else str(path)
        raise SettingsError(f"{place}: not TOML: {error.words}.", _ADVICE) from None
    problems = [
        Problem(
            str(path), toml_text.find_key_line(text, key), key, "unknown; a tools file has [tools.NAME] and [mcp.NAME]"
        )
        for key in held
        if key not in TABLES
    ]
    tools = _each(held, "tools", text, path, problems, lambda name, entry: _Definition(name, entry, path, read).tool())
    servers = _each(held, "mcp", text, path, problems, lambda name, entry: read_server(name, entry, path))
    return ToolsRead(tuple(tools), tuple(problems), tuple(servers))


def _each(
    held: Mapping[str, object],
    key: str,
    text: str,
    path: Path,
    problems: list[Problem],
    made: Callable[[str, object], _Made],
) -> list[_Made]:
    """What is made of each table `[key.NAME]`; one that cannot be used is a problem."""
    usable: list[_Made] = []
    for name, entry in _table(held, key, path, problems).items():
        try:
            usable.append(made(name, entry))
        except WrongKey as wrong:
            table = f"{key}.{name}"
            at = toml_text.find_key_line(text, wrong.key, table) if wrong.key else None
            line = at if at is not None else toml_text.find_key_line(text, name, key)
            place = f"{table}.{wrong.key}" if wrong.key else table
            words = f"{str(wrong).rstrip('.')}; the {_WHAT[key]} is left out"
            problems.append(Problem(str(path), line, place, words))
    return usable


def _table(held: Mapping[str, object], key: str, path: Path, problems: list[Problem]) -> Mapping[str, object]:
    table = held.get(key, {})
    if isinstance(table, dict):
        return table
    problems.append(Problem(str(path), None, key, f"not a table; write [{key}.NAME]"))
    return {}


class _Definition:
    """One table, being read."""

    def __init__(self, name: str, entry: object, path: Path, read: Read) -> None:
        if not NAME.fullmatch(name):
            raise WrongKey("", f"the name is not {NAME_RULE}")
        if not isinstance(entry, dict):
            raise WrongKey("", f"not a table; write [tools.{name}]")
        for key in entry:
            if key not in _KEYS:
                close = nearest(key, _KEYS)
                raise WrongKey(key, f"unknown; did you mean {close}?" if close else f"unknown; there are {_LISTED}")
        self._name = name
        self._entry: Mapping[str, object] = entry
        self._folder = Path(os.path.abspath(path)).parent
        self._source = str(path)
        self._read = read

    def tool(self) -> Tool:
        """The tool. Raises WrongKey where it cannot be used."""
        if BUILTIN in self._entry:
            return self._ready()
        parameters = self._parameters()
        definition = ToolDefinition(self._name, self._text("description"), parameters)
        return self._set_up(definition, self._recipe(properties_of(parameters)))

    def _ready(self) -> Tool:
        """One of the tools that come with the program."""
        named = self._text(BUILTIN)
        if named not in set(BuiltIn):
            raise WrongKey(BUILTIN, f"none of {', '.join(BuiltIn)}")
        builtin = BuiltIn(named)
        for key in self._entry:
            if key not in keys_of(builtin):
                raise WrongKey(key, f'not beside builtin = "{builtin}", which has {", ".join(keys_of(builtin))}')
        folder = self._text("folder")
        if "\0" in folder:
            raise WrongKey("folder", "no folder has such a name")
        try:
            at = folder_of(folder, self._folder)
        except OSError:
            raise WrongKey(
                BUILTIN, "the folder that the program was started in is gone; name one with folder"
            ) from None
        recipe = recipe_of(builtin, at, is_wider=self._is_so("hidden") or self._is_so("proxy"))
        told = self._text("description") or told_of(builtin, at)
        return self._set_up(ToolDefinition(self._name, told, parameters_of(builtin)), recipe)

    def _set_up(self, definition: ToolDefinition, recipe: Recipe | None) -> Tool:
        enabled = self._is_so("enabled", usual=True)
        return Tool(
            definition,
            recipe,
            self._number("timeout_s", TIMEOUT_S, LONGEST_TIMEOUT_S),
            math.ceil(self._number("limit_kb", LIMIT_KB, LARGEST_LIMIT_KB)),
            enabled,
            self._source,
            self._is_so("alone"),
        )

    def _is_so(self, key: str, *, usual: bool = False) -> bool:
        value = self._entry.get(key, usual)
        if not isinstance(value, bool):
            raise WrongKey(key, "true or false, without quotes")
        return value

    def _text(self, key: str) -> str:
        value = self._entry.get(key, "")
        if not isinstance(value, str):
            raise WrongKey(key, "not a text")
        return value

    def _number(self, key: str, default: float, most: float) -> float:
        value = self._entry.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            raise WrongKey(key, f"not a number above 0 and up to {most:g}")
        return value

    def _parameters(self) -> JsonObject:
        value = self._entry.get("parameters")
        try:
            if isinstance(value, str):
                return check_parameters(self._schema_file(value), value)
            return check_parameters(_as_json(value), self._name)
        except SettingsError as error:
            raise WrongKey("parameters", error.failure.message) from None

    def _schema_file(self, name: str) -> JsonValue:
        path = self._folder / os.path.expanduser(name)
        try:
            value: JsonValue = json.loads(self._read(path).decode("utf-8-sig"))
        except FileError as error:
            raise WrongKey("parameters", f"{path} cannot be read: {error.strerror}") from None
        except json.JSONDecodeError as error:
            raise WrongKey("parameters", f"{path}, line {error.lineno}: not JSON: {error.msg}") from None
        except (RecursionError, ValueError):
            raise WrongKey("parameters", f"{path}: not JSON that can be read") from None
        return value

    def _recipe(self, properties: JsonObject) -> Recipe | None:
        entry = self._entry
        if "run" in entry and "url" in entry:
            raise WrongKey("url", "a tool has run or url, not both")
        needs = {**dict.fromkeys(_OF_COMMANDS, "run"), **dict.fromkeys(_OF_SERVICES, "url")}
        needs |= dict.fromkeys(("hidden", "proxy"), BUILTIN)
        for key, needed in needs.items():
            if key in entry and needed not in entry:
                raise WrongKey(key, f"only beside {needed}")
        if "run" in entry:
            return self._command(entry["run"], properties)
        return self._service(properties) if "url" in entry else None

    def _command(self, run: object, properties: JsonObject) -> CommandRecipe:
        if not isinstance(run, list) or not all(isinstance(word, str) for word in run):
            raise WrongKey("run", 'not an array of texts, as ["du", "-sh", "--", "{path}"]; there is no shell')
        words: Sequence[str] = run
        try:
            check_argv(words, properties)
        except TemplateError as wrong:
            raise WrongKey("run", str(wrong)) from None
        program = os.path.expanduser(words[0])
        if "/" in program:  # it lies where the file is meant from
            program = os.path.join(self._folder, program)
        folder = self._text("folder")
        if "\0" in folder:
            raise WrongKey("folder", "no folder has such a name")
        at = os.path.normpath(self._folder / os.path.expanduser(folder)) if folder else ""
        memory = math.ceil(self._number("memory_mb", 0, MOST_MEMORY_MB)) if "memory_mb" in self._entry else 0
        return CommandRecipe((program.replace("{", "{{"), *words[1:]), at, self._values("env"), memory)

    def _service(self, properties: JsonObject) -> HttpRecipe:
        method = (self._text("method") or "GET").upper()
        if method not in _METHODS:
            raise WrongKey("method", f"none of {', '.join(_METHODS)}")
        url = self._text("url")
        try:
            check_url(url, properties)
        except TemplateError as wrong:
            raise WrongKey("url", str(wrong)) from None
        headers = self._values("headers")
        for name, value in headers:
            self._check_header(name, value, properties)
        return HttpRecipe(url, method, headers)

    def _check_header(self, name: str, value: Value, properties: JsonObject) -> None:
        try:
            if name.lower() not in _ABOUT_THE_BODY:
                check_header_name(name)
            if isinstance(value, str):
                check_header_value(value)
                check_places(value, properties)
        except SettingsError as wrong:
            raise WrongKey("headers", f"{name} {wrong.failure.message}") from None
        except TemplateError as wrong:
            raise WrongKey("headers", f"{name}: {wrong}") from None

    def _values(self, key: str) -> tuple[tuple[str, Value], ...]:
        """A table of texts, and of `{ env = "NAME" }`."""
        table = self._entry.get(key, {})
        if not isinstance(table, dict):
            raise WrongKey(key, "not a table")
        values: list[tuple[str, Value]] = []
        for name, value in table.items():
            if not name or "=" in name or "\0" in name:
                raise WrongKey(key, f"{name!r} is no name")
            if isinstance(value, dict) and set(value) == {"env"} and isinstance(value["env"], str) and value["env"]:
                values.append((name, Variable(value["env"])))
            elif isinstance(value, str) and "\0" not in value:
                values.append((name, value))
            else:
                raise WrongKey(key, f'{name}: a text, or {{ env = "NAME" }}')
        return tuple(values)


_LISTED: Final = ", ".join(_KEYS)


def _as_json(value: object) -> JsonValue:
    """A value of TOML as JSON has it.

    Raises:
        WrongKey: JSON has no such value.
    """
    match value:
        case bool() | int() | str() | None:
            return value
        case float() if math.isfinite(value):
            return value
        case list():
            return [_as_json(item) for item in value]
        case dict():
            return {str(name): _as_json(item) for name, item in value.items()}
    raise WrongKey("parameters", f"JSON has no value like {value}")
