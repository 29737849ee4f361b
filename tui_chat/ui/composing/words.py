"""Where words begin and end, for the keys that go by words: letters and digits, or whatever stands between blanks."""

import re
from typing import Final

_WORD: Final = re.compile(r"\W*\w*")
_BETWEEN_BLANKS: Final = re.compile(r"\s*\S*")
NEAR: Final = 4_096
"""How far back a word's beginning is looked for before all of the line is turned round."""


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
