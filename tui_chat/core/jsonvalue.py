"""JSON for the few places that must carry a value without knowing it, or write one whatever text it holds."""

import json
from typing import TypeAlias, Union

import msgspec

from tui_chat.core.sanitize import without_surrogates

JsonValue: TypeAlias = Union[bool, int, float, str, list["JsonValue"], dict[str, "JsonValue"], None]  # noqa: UP007
JsonObject: TypeAlias = dict[str, JsonValue]


def json_text(value: object) -> str:
    """The JSON text of a value of ours, always valid UTF-8: halves of surrogate pairs are joined or replaced."""
    return json_bytes(value).decode()


def json_bytes(value: object) -> bytes:
    """The same as UTF-8."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return without_surrogates(json.dumps(msgspec.to_builtins(value), ensure_ascii=False)).encode()
