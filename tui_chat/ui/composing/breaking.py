"""Line breaks of the composer: after white space, or inside a word that is longer than a row.

A row is decided by the characters in it alone. So after an edit only the rows around it are broken anew, until a break
falls where one was before.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec

from tui_chat.ui.composing.clusters import REACH, TAB, clusters, start_of

MOST_ROWS: Final = 64
"""Rows behind an edit that are broken again at most."""

_WIDE_LETTERS = "\u3001-\u3003\u3008-\u3011\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e"


@cache
def _plain() -> re.Pattern[str]:
    """Pattern of text whose characters are each a cluster. Made when a text first has one beyond ASCII: it takes a
    while."""
    return re.compile(f"[ -~\xa1-\xac\xae-\u02ff\u0391-\u03ff\u0410-\u044f{_WIDE_LETTERS}]*")


@cache
def _wide() -> re.Pattern[str]:
    """Pattern of the characters among them that take two cells."""
    return re.compile(f"[{_WIDE_LETTERS}]")


def breaks(line: str, width: int) -> list[int]:
    """The columns at which rows after the first begin; `width` 0 breaks nowhere."""
    if not width or (len(line) <= width and line.isascii() and "\t" not in line):
        return []
    found: list[int] = []
    start = 0
    while (end := _row_end(line, start, width)) < len(line):
        found.append(end)
        start = end
    return found


class Edited(msgspec.Struct, frozen=True):
    """A line after an edit, with the breaks from before it that may still hold."""

    top: int
    """End of the unchanged beginning."""
    head: Sequence[int]
    """Breaks of the previous line, for its beginning."""
    old_end: int
    """Start, in the previous line, of the unchanged end."""
    tail: Sequence[int]
    """Breaks of the previous line, for its end."""
    growth: int
    """Columns by which the unchanged end moved to the right."""


def rebroken(line: str, width: int, edited: Edited) -> list[int]:
    """As `breaks`, with as many of the previous breaks as still hold.

    In a word of a thousand rows the breaks behind an edit would all move. There, a row some way below it is short
    instead.
    """
    if not width:
        return []
    old, growth = edited.tail, edited.growth
    # A word at the edit may go back to the row above, and a row ends by what stands at the beginning of the next.
    kept = max(0, bisect_left(edited.head, edited.top) - 1)
    found = list(edited.head[:kept])
    start = found[-1] if found else 0
    stayed = max(edited.top, edited.old_end + growth)
    rows = 0
    while (end := _row_end(line, start, width)) < len(line):
        if end >= stayed:
            rows += 1
            place = bisect_left(old, end - growth)
            if rows > MOST_ROWS and place and (cut := old[place - 1] + growth) > max(start, stayed):
                end, place = cut, place - 1
            if place < len(old) and old[place] == end - growth:
                found.extend(column + growth for column in old[place:])
                return found
        found.append(end)
        start = end
    return found


def row_of(line_breaks: Sequence[int], column: int) -> int:
    """The row of a line that a column is in."""
    return bisect_right(line_breaks, column)


def _row_end(line: str, start: int, width: int) -> int:
    """The end of the row that begins at `start`: the line's end, or where the next row begins."""
    window = line[start : start + width]
    # What follows may belong to the last character.
    if not line[start : start + width + 1].isascii() or "\t" in window:
        window = _fitting(line[start : start + 4 * width + REACH], width)
    end = start + len(window)
    if end >= len(line):
        return len(line)
    for place in range(len(window), 0, -1):
        if window[place - 1].isspace() and start_of(line, start + place) == start + place:
            return start + place
    return end


def _fitting(text: str, width: int) -> str:
    """The clusters of a text that fit into a row, one at least."""
    if _plain().fullmatch(text[: width + 1]):
        plain = text[:width]
        while len(plain) > 1 and (excess := len(plain) + len(_wide().findall(plain)) - width) > 0:
            plain = plain[: -((excess + 1) // 2)]
        return plain
    used = column = 0
    for place, part in enumerate(text.split("\t")):
        if place:
            used += TAB - used % TAB
            if used > width and column:
                return text[:column]
            column += 1
        for start, end, cells in clusters(part[: 2 * width + REACH]):
            if used + cells > width and column + start:
                return text[: column + start]
            used += cells
            if used > width:
                return text[: column + end]
        column += len(part)
    return text
