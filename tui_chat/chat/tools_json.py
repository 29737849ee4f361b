"""Tool definitions from a JSON text in the service's shape. A person answers their calls."""

import json
import re
from collections.abc import Iterator
from typing import Final

from tui_chat.chat.tool_schema import NAME, NAME_RULE, check_parameters
from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import Tool
from tui_chat.settings.problem import Problem

SHAPE: Final = (
    'A tools file is a JSON array of {"type": "function", "function": {"name", "description", "parameters"}}, or TOML '
    "in a file that ends in .toml."
)
_BETWEEN: Final = re.compile(r"[\s,]*")


def read_json(text: str, source: str) -> tuple[list[Tool], list[Problem]]:
    """The tools of a file, and what is wrong with those that are left out; `source` names the file.

    Raises:
        SettingsError: the text is not JSON, or no array.
    """
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"{source}, line {error.lineno}: not JSON: {error.msg}.", SHAPE) from None
    except (RecursionError, ValueError):
        raise SettingsError(f"{source}: not JSON that can be read.", SHAPE) from None
    if not isinstance(value, list):
        raise SettingsError(f"{source}: not an array.", SHAPE)
    tools: dict[str, Tool] = {}
    problems: list[Problem] = []
    for number, (entry, line) in enumerate(zip(value, _lines(text), strict=True), 1):
        try:
            definition = _definition(entry)
        except SettingsError as error:
            problems.append(Problem(source, line, f"tool {number}", _left_out(error.failure.message)))
            continue
        if definition.name in tools:
            words = _left_out(f"the name {definition.name} is used twice.")
            problems.append(Problem(source, line, f"tool {number}", words))
        else:
            tools[definition.name] = Tool(definition, source=source)
    return list(tools.values()), problems


def _left_out(words: str) -> str:
    return f"{words.rstrip('.')}; it is left out"


def _lines(text: str) -> Iterator[int]:
    """The line on which each item of an array begins; the text is known to be one."""
    decoder = json.JSONDecoder()
    at, line = text.index("[") + 1, 1 + text.count("\n", 0, text.index("[") + 1)
    while True:
        between = _BETWEEN.match(text, at)
        begins = between.end() if between else at
        if text[begins] == "]":
            return
        line += text.count("\n", at, begins)
        yield line
        _, at = decoder.raw_decode(text, begins)
        line += text.count("\n", begins, at)


def _definition(entry: JsonValue) -> ToolDefinition:
    if not isinstance(entry, dict) or entry.get("type", "function") != "function":
        raise SettingsError('not an object of type "function".', SHAPE)
    function = entry.get("function")
    if not isinstance(function, dict):
        raise SettingsError('"function" is missing or not an object.', SHAPE)
    name = function.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise SettingsError(f'"name" is missing or not {NAME_RULE}.', SHAPE)
    description = function.get("description", "")
    if not isinstance(description, str):
        raise SettingsError(f'{name}: "description" is not a string.', SHAPE)
    return ToolDefinition(name, description, check_parameters(function.get("parameters"), name))
