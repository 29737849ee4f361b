"""The parameters of a tool: what of a JSON Schema has to be right before a tool is offered."""

import re
from typing import Final

from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonObject, JsonValue

NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
NAME_RULE: Final = "1 to 64 letters, digits, dashes, dots or underscores"
_ADVICE: Final = "Write a JSON Schema of type object, as the manual shows under Tools."


def check_parameters(schema: JsonValue, where: str) -> JsonObject:
    """The schema of a tool's arguments; one that takes none where it is None.

    Raises:
        SettingsError: it is none; `where` begins its message.
    """
    if schema is None:
        return {"type": "object", "properties": {}}
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise SettingsError(f'{where}: "parameters" is not a JSON Schema of type "object".', _ADVICE)
    properties = schema.get("properties", {})
    if not isinstance(properties, dict):
        raise SettingsError(f'{where}: "properties" is not an object.', _ADVICE)
    for name, part in properties.items():
        if not isinstance(part, dict | bool):
            raise SettingsError(f'{where}: the property "{name}" is not a JSON Schema.', _ADVICE)
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise SettingsError(f'{where}: "required" is not an array of names.', _ADVICE)
    return schema


def properties_of(schema: JsonObject) -> JsonObject:
    """The properties that a schema names."""
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}
