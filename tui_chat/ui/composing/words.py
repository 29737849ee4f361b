"""Word boundaries, for the keys that go by words: letters and digits, or everything between blanks."""

from collections.abc import Sequence
from typing import Final

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.ui.composing.editable import Location

_WORD: Final = lazy_pattern(r"\W*\w*")
_BETWEEN_BLANKS: Final = lazy_pattern(r"\s*\S*")
NEAR: Final = 4_096
"""Columns in which a word's beginning is searched for before the whole line is reversed."""


def word_start(line: str, column: int, *, by_blanks: bool = False) -> int:
    """The beginning of the word before a column; the line's where there is none."""
    pattern = _BETWEEN_BLANKS if by_blanks else _WORD
    for reach in (NEAR, column):
        found = pattern.match(line[max(0, column - reach) : column][::-1])
        if found and found.end() < reach:
            return max(0, column - found.end())
    return 0


def word_end(line: str, column: int) -> int:
    """The end of the word after a column; the line's where there is none."""
    found = _WORD.match(line, column)
    return found.end() if found else len(line)


def word_left(lines: Sequence[str], place: Location, *, by_blanks: bool = False) -> Location:
    """The beginning of the word before a location; from the beginning of a line the end of the line above."""
    row, column = place
    if not column and row:
        return row - 1, len(lines[row - 1])
    return row, word_start(lines[row], column, by_blanks=by_blanks)


def word_right(lines: Sequence[str], place: Location) -> Location:
    """The end of the word after a location; from the end of a line the beginning of the line below."""
    row, column = place
    if column == len(lines[row]) and row + 1 < len(lines):
        return row + 1, 0
    return row, word_end(lines[row], column)
