"""A TOML text: what it holds, and in which lines its keys and its faults are.

The standard library's parser reads it, and is loaded with the first text: most starts have none. It gives values
without lines, so those of keys are found by a scan that knows tables, comments and multi-line strings, no more.
A line that it cannot find is None, never a guess.
"""

from collections.abc import Callable
from typing import Any

from tui_chat.core.lazy_pattern import lazy_pattern

_TABLE = lazy_pattern(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = lazy_pattern(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'))*)\s*="""
)
_PLACE = lazy_pattern(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class NotTomlError(ValueError):
    """A text is not TOML."""

    def __init__(self, line: int | None, words: str) -> None:
        super().__init__(words)
        self.line = line
        """The line, from 1, that is wrong; None where that is unknown."""
        self.words = words
        """What is wrong, in the parser's words, which may quote the text."""


def read_toml(text: str, *, parse_float: Callable[[str], object] = float) -> dict[str, Any]:
    """The tables and values of a text.

    Raises:
        NotTomlError: it is not TOML, or none that can be read.
    """
    import tomllib

    try:
        return tomllib.loads(text, parse_float=parse_float)
    except RecursionError:
        raise NotTomlError(None, "it is nested too deeply") from None
    except ValueError as error:
        raise NotTomlError(*_placed(str(error), text)) from None


def _placed(words: str, text: str) -> tuple[int | None, str]:
    """The line of a syntax error in `text`, and the parser's words without it."""
    if not (place := _PLACE.search(words)):
        return None, words
    last = text.rstrip("\n").count("\n") + 1
    return (int(place[1]) if place[1] else last), words[: place.start()]


def find_key_line(text: str, key: str, table: str = "") -> int | None:
    """Find the line, from 1, on which `key` of `table` (empty for the top level) is assigned or `[key]` begins."""
    wanted = (*table.split("."), key) if table else (key,)
    here: tuple[str, ...] = ()
    open_quote = ""
    for number, line in enumerate(text.split("\n"), 1):
        if open_quote:
            if line.count(open_quote) % 2:
                open_quote = ""
            continue
        if opened := _TABLE.match(line):
            here = _dotted(opened[1])
            if here[: len(wanted)] == wanted:
                return number
            continue
        if assigned := _KEY.match(line):
            path = here + _dotted(assigned[1])
            if path[: len(wanted)] == wanted:
                return number
        for quote in ('"""', "'''"):
            if line.count(quote) % 2:
                open_quote = quote
                break
    return None


def _dotted(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))
