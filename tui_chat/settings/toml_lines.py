"""Line numbers in a TOML text: those of keys and of syntax errors.

The standard library's parser gives values without lines, so lines are found by a scan that knows tables, comments and
multi-line strings, and nothing more. A line that it cannot find is None, never a guess.
"""

from typing import TYPE_CHECKING

from tui_chat.core.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

_TABLE = lazy_pattern(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = lazy_pattern(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'))*)\s*="""
)
_PLACE = lazy_pattern(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


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


def syntax_place(error: "TOMLDecodeError", text: str) -> tuple[int | None, str]:
    """Find the line of a syntax error in `text`, and the parser's words without that line."""
    words = str(error)
    if not (place := _PLACE.search(words)):
        return None, words
    last = text.rstrip("\n").count("\n") + 1
    return (int(place[1]) if place[1] else last), words[: place.start()]


def _dotted(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))
