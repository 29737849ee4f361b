"""Changing one entry of a TOML text and nothing else: comments, order, line ends and unknown keys stay.

tomlkit makes the change, and parsing the result with the standard library proves it: a text that would be read as
anything else than what was asked for is not used. Imported only where something is written.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, Array

from tui_chat.settings.toml_text import NotTomlError, read_toml

_BOM: Final = "\ufeff"
_MOST_TRIES: Final = 200
_TABLE_LINE: Final = re.compile(r"\s*\[")
_COMMENT_LINE: Final = re.compile(r"\s*#")


class CannotChange(ValueError):
    """No way was found to change the entry alone."""


def with_value(text: str, key: str, value: object) -> str:
    """The text with `value` under the key at its top level; None takes the key out. Values are what TOML has: texts,
    numbers, truth values, lists and tables.

    Raises:
        CannotChange: it cannot be done without changing something else.
        NotTomlError: the text is not TOML.
    """
    bom, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    held = read_toml(body)
    if key not in held if value is None else key in held and _is_same(held[key], value):
        return text
    wanted = {name: kept for name, kept in held.items() if name != key}
    if value is not None:
        wanted[key] = value
    is_crlf = "\r\n" in body and "\n" not in body.replace("\r\n", "")
    lines = body.replace("\r\n", "\n") if is_crlf else body
    for candidate in _candidates(lines, key, value, held.get(key)):
        if _reads_as(candidate, wanted):
            return bom + (candidate.replace("\n", "\r\n") if is_crlf else candidate)
    raise CannotChange(key)


def _candidates(text: str, key: str, value: object, before: object) -> Iterator[str]:
    """Texts with the change, the one that keeps most first. Some are wrong: the caller parses each."""
    if value is None:
        if isinstance(before, dict):
            yield from _without_table(text, key)
        yield from _changed(text, key, None)
    elif before is not None:
        yield from _changed(text, key, value, in_place=True)
        yield from _changed(text, key, value)
    elif isinstance(value, Mapping):
        yield f"{_ended(text)}{chr(10) if text.strip() else ''}{tomlkit.dumps({key: value})}"
    else:
        yield from _with_line(text, tomlkit.dumps({key: value}))


def _changed(text: str, key: str, value: object, *, in_place: bool = False) -> Iterator[str]:
    """The text as tomlkit changes it; `in_place` changes only the items that differ of a list or a table."""
    try:
        document = tomlkit.parse(text)
        if value is None:
            document.pop(key)
        elif not in_place:
            document[key] = value
        elif not _change_items(document.get(key), value):
            return
        yield document.as_string()
    except (TOMLKitError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return  # tomlkit's own mistakes with rare texts: another way is tried, or none


def _change_items(held: object, value: object) -> bool:
    if isinstance(held, Array) and isinstance(value, list):
        before = [item.unwrap() for item in held]
        edits = SequenceMatcher(None, list(map(repr, before)), list(map(repr, value)), autojunk=False).get_opcodes()
        for kind, start, end, new_start, new_end in reversed(edits):
            if kind != "equal":
                for at in reversed(range(start, end)):
                    del held[at]
                for offset, item in enumerate(value[new_start:new_end]):
                    held.insert(start + offset, item)
        return True
    if isinstance(held, AbstractTable) and isinstance(value, Mapping):
        for name in [name for name in held if name not in value]:
            held.remove(name)
        for name, item in value.items():
            if name not in held or not _is_same(held[name].unwrap(), item):
                held[name] = item
        return True
    return False


def _with_line(text: str, assignment: str) -> Iterator[str]:
    """The line above the first table and its comment; where what looks like one is none, above another."""
    lines = text.splitlines(keepends=True)
    tables = [at for at, line in enumerate(lines) if _TABLE_LINE.match(line)]
    for at in tables[:_MOST_TRIES]:
        start = at
        while start and _COMMENT_LINE.match(lines[start - 1]):
            start -= 1
        while start and not lines[start - 1].strip():
            start -= 1
        gap = "" if start < at and not lines[start].strip() else "\n"
        yield "".join([*lines[:start], assignment, gap, *lines[start:]])
        yield "".join([*lines[:at], assignment, "\n", *lines[at:]])
    yield _ended(text) + assignment


def _without_table(text: str, key: str) -> Iterator[str]:
    """The text without the lines of a table that give values; its comments may belong to the one below, and stay."""
    lines = text.splitlines(keepends=True)
    name = rf"""(?:{re.escape(key)}|"{re.escape(key)}"|'{re.escape(key)}')"""
    own = re.compile(rf"\s*\[{{1,2}}\s*{name}\s*[].]")
    kept: list[str] = []
    is_inside = False
    for line in lines:
        if _TABLE_LINE.match(line):
            is_inside = own.match(line) is not None
        if not is_inside or not line.strip() or _COMMENT_LINE.match(line):
            kept.append(line)
    yield "".join(kept)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _reads_as(text: str, wanted: Mapping[str, object]) -> bool:
    try:
        return _is_same(read_toml(text), wanted)
    except NotTomlError:
        return False


def _is_same(one: object, other: object) -> bool:
    """Whether two values are equal in kind, too: 1, 1.0 and true are three, and two that are no number are one."""
    return repr(_in_order(one)) == repr(_in_order(other))


def _in_order(value: object) -> object:
    match value:
        case Mapping():
            return sorted((str(name), _in_order(item)) for name, item in value.items())
        case list() | tuple():
            return [_in_order(item) for item in value]
        case _:
            return value
