"""Tool definitions from a JSON text in the service's shape, checked with errors that point at the spot."""

import json
import re

from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.request import ToolDefinition

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SHAPE = 'A tools file is a JSON array of {"type": "function", "function": {"name", "description", "parameters"}}.'


def read_tools(text: str, source: str) -> tuple[ToolDefinition, ...]:
    """The definitions in `text`; `source` names the file in errors.

    Raises:
        SettingsError: the text is not JSON, or an entry is not a tool definition.
    """
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"{source}, line {error.lineno}: not JSON: {error.msg}.", _SHAPE) from None
    except (RecursionError, ValueError):
        raise SettingsError(f"{source}: not JSON that can be read.", _SHAPE) from None
    if not isinstance(value, list):
        raise SettingsError(f"{source}: not an array.", _SHAPE)
    tools: dict[str, ToolDefinition] = {}
    for number, entry in enumerate(value, 1):
        tool = _definition(entry, f"{source}, tool {number}")
        if tool.name in tools:
            raise SettingsError(
                f"{source}, tool {number}: the name “{tool.name}” is used twice.", "Rename one of them."
            )
        tools[tool.name] = tool
    return tuple(tools.values())


def _definition(entry: JsonValue, where: str) -> ToolDefinition:
    if not isinstance(entry, dict) or entry.get("type", "function") != "function":
        raise SettingsError(f'{where}: not an object of type "function".', _SHAPE)
    function = entry.get("function")
    if not isinstance(function, dict):
        raise SettingsError(f'{where}: "function" is missing or not an object.', _SHAPE)
    name = function.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsError(
            f'{where}: "name" is missing or cannot be used.',
            "Use 1 to 64 letters, digits, dashes, dots or underscores.",
        )
    description = function.get("description", "")
    if not isinstance(description, str):
        raise SettingsError(f'{where} ({name}): "description" is not a string.', _SHAPE)
    return ToolDefinition(name, description, _parameters(function.get("parameters"), f"{where} ({name})"))


def _parameters(schema: JsonValue, where: str) -> JsonObject:
    if schema is None:
        return {"type": "object", "properties": {}}
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise SettingsError(f'{where}: "parameters" is not a JSON Schema of type "object".', _SHAPE)
    properties = schema.get("properties", {})
    if not isinstance(properties, dict):
        raise SettingsError(f'{where}: "properties" is not an object.', _SHAPE)
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise SettingsError(f'{where}: "required" is not an array of names.', _SHAPE)
    return schema
