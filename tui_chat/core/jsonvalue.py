"""JSON for the few places that must carry a value without knowing it, or write one whatever text it holds."""

import json
from collections.abc import Iterator
from math import isfinite
from typing import Final, NoReturn, TypeAlias, Union

import msgspec

from tui_chat.core.sanitize import without_surrogates

JsonValue: TypeAlias = Union[bool, int, float, str, list["JsonValue"], dict[str, "JsonValue"], None]  # noqa: UP007
JsonObject: TypeAlias = dict[str, JsonValue]

_LARGE: Final = 256 * 1024


def parse_json(text: str) -> JsonValue:
    """The value of a JSON text. Unlike Python's own reader this one takes nothing that is no JSON, as `NaN`, and no
    number that it could not write again, as `1e999`.

    Raises:
        ValueError: it is none; what is wrong with it, in words, and where that is known, a JSONDecodeError.
    """
    try:
        value: JsonValue = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _float(digits: str) -> float:
    if not isfinite(number := float(digits)):
        raise ValueError(f"{digits[:20]} is too large a number")
    return number


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


_DECODER: Final = json.JSONDecoder(parse_float=_float, parse_constant=_no_constant)


def json_text(value: object) -> str:
    """The JSON text of a value of ours, always valid UTF-8: halves of surrogate pairs are joined or replaced."""
    return json_bytes(value).decode()


def json_bytes(value: object) -> bytes:
    """The same as UTF-8."""
    try:
        return b"".join(_pieces(value)) if _has_large_text(value) else msgspec.json.encode(value)
    except UnicodeEncodeError:
        return without_surrogates(json.dumps(msgspec.to_builtins(value), ensure_ascii=False)).encode()


def _has_large_text(value: object) -> bool:
    if not isinstance(value, msgspec.Struct):
        return False
    for name in value.__struct_fields__:
        item = getattr(value, name)
        if isinstance(item, str) and len(item) > _LARGE and not item.isascii():
            return True
    return False


def _pieces(value: object) -> Iterator[bytes]:
    """The same in pieces: a text that is encoded whole keeps its UTF-8 beside it for as long as it lives."""
    separator = b"{"
    for name, item in msgspec.to_builtins(value).items():
        yield separator + msgspec.json.encode(name) + b":"
        separator = b","
        if isinstance(item, str):
            yield b'"'
            for start in range(0, len(item), _LARGE):
                yield msgspec.json.encode(item[start : start + _LARGE])[1:-1]
            yield b'"'
        else:
            yield msgspec.json.encode(item)
    yield b"}"
