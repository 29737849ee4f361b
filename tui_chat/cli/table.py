"""Tables for people, aligned by the width of each character in a terminal, and JSON for programs.

Every cell is sanitised: titles and model names come from outside.
"""

import json
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

import msgspec

from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.moments import local_moment, utc_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import Spending

GAP = "  "
_CUT = "…"


class Shrinking(msgspec.Struct, frozen=True):
    """A column that gives way where a table is wider than the terminal."""

    column: int
    least: int
    """Cells that it keeps at least."""
    keeps_end: bool = False
    """The end of its texts says more than their beginning."""


def write_table(
    out: TextIO,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    shrinking: Sequence[Shrinking] = (),
) -> None:
    """Write `rows` under `header`; columns whose index is in `right` are aligned to the right. On a terminal that is
    too narrow the columns in `shrinking` give way, the first of them first."""
    cells = [[sanitize_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(header))]
    over = sum(widths) + len(GAP) * (len(widths) - 1) - shutil.get_terminal_size().columns if out.isatty() else 0
    for each in shrinking:
        less = max(0, min(over, widths[each.column] - each.least))
        over -= less
        widths[each.column] -= less
        for row in cells:
            row[each.column] = _cut(row[each.column], widths[each.column], keeps_end=each.keeps_end)
    for row in cells:
        padded = [
            " " * (width - _width(cell)) + cell if column in right else cell + " " * (width - _width(cell))
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        out.write(GAP.join(padded).rstrip() + "\n")


def write_json(out: TextIO, value: JsonValue) -> None:
    """Write one JSON value, in ASCII so that nothing in it can be obeyed by a terminal."""
    out.write(json.dumps(value, indent=2) + "\n")


def write_json_rows(out: TextIO, rows: Iterable[JsonValue]) -> None:
    """Write a JSON array as `write_json` does, row by row: a long one is never held as text."""
    has_rows = False
    for row in rows:
        out.write(",\n" if has_rows else "[\n")
        has_rows = True
        out.write(textwrap.indent(json.dumps(row, indent=2), "  "))
    out.write("\n]\n" if has_rows else "[]\n")


def exact_usd(spending: Spending) -> str | None:
    """Write a sum as a decimal string; None where it is unknown."""
    return f"{spending.usd:f}" if spending.is_known else None


def iso_time(seconds: float) -> str:
    """Write a time in UTC to the second, as ISO 8601."""
    return utc_moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(seconds: float) -> str:
    """Write a time to the minute in the local time zone, for people."""
    return local_moment(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _cut(text: str, width: int, *, keeps_end: bool) -> str:
    if _width(text) <= width:
        return text
    while text and _width(text) >= width:
        text = text[1:] if keeps_end else text[:-1]
    return _CUT + text if keeps_end else text + _CUT


def _width(text: str) -> int:
    return sum(
        0
        if unicodedata.combining(char) or char in "\u200d\ufe0f"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
