"""Texts with places for arguments: `{name}` is one, `{{` is a brace, and every other character is itself."""

import json
from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.lazy_pattern import lazy_pattern

_TOKEN: Final = lazy_pattern(r"\{\{|\{([^{}]*)\}|\{|[^{]+")


class TemplateError(ValueError):
    """A template cannot be used, or cannot be filled with these arguments. Its text says why, as a whole sentence."""


class Place(msgspec.Struct, frozen=True):
    """Where the value of an argument goes."""

    name: str


Pieces = tuple[str | Place, ...]


def read_template(template: str) -> Pieces:
    """The pieces of a template; no two texts stand side by side.

    Raises:
        TemplateError: a brace is not closed, or closes around nothing.
    """
    pieces: list[str | Place] = []
    for token in _TOKEN.finditer(template):
        if token[0] == "{":
            raise TemplateError("A { is not closed; {{ is a brace.")
        if token[1] is not None:
            if not token[1]:
                raise TemplateError("{} names no argument; {{ is a brace.")
            pieces.append(Place(token[1]))
        else:
            text = "{" if token[0] == "{{" else token[0]
            if pieces and isinstance(pieces[-1], str):
                text = pieces.pop() + text  # type: ignore[operator]  # it is a text
            pieces.append(text)
    return tuple(pieces)


def places_of(template: str) -> tuple[str, ...]:
    """Names of the arguments that a template has places for.

    Raises:
        TemplateError: as `read_template`.
    """
    return tuple(piece.name for piece in read_template(template) if isinstance(piece, Place))


def text_of(name: str, arguments: Mapping[str, JsonValue]) -> str:
    """An argument as text: a text as it is, every other value as JSON.

    Raises:
        TemplateError: it holds what neither a program nor a web service can be given.
    """
    value = arguments[name]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if "\0" in text:
        raise TemplateError(f"The argument {name} holds a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise TemplateError(f"The argument {name} is no valid text.") from None
    return text
