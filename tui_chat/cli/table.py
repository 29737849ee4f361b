"""Tables for people, aligned by the width of each character in a terminal, and JSON for programs.

Every cell is sanitised: titles and model names come from outside.
"""

import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO

from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.sanitize import sanitize_line

GAP = "  "


def write_table(
    out: TextIO, header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """Write `rows` under `header`; columns whose index is in `right` are aligned to the right."""
    cells = [[sanitize_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        padded = [
            " " * (width - _width(cell)) + cell if column in right else cell + " " * (width - _width(cell))
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        out.write(GAP.join(padded).rstrip() + "\n")


def write_json(out: TextIO, value: JsonValue) -> None:
    """Write one JSON value, in ASCII so that nothing in it can be obeyed by a terminal."""
    out.write(json.dumps(value, indent=2) + "\n")


def iso_time(seconds: float) -> str:
    """Write a time in UTC to the second, as ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(seconds: float) -> str:
    """Write a time to the minute in the local time zone, for people."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _width(text: str) -> int:
    return sum(
        0
        if unicodedata.combining(char) or char in "\u200d\ufe0f"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
