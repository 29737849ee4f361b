"""Motions: each is a function of the text, the caret and a count."""

import re
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final, NamedTuple

from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.buffer import TextLines, first_column

FARTHEST: Final = 100_000
"""Characters in which a bracket's partner is searched for."""


class Reach(Enum):
    """The part of a motion's way that an operator takes."""

    UP_TO = auto()
    """Without the character at its far end."""
    THROUGH = auto()
    """With that character."""
    LINES = auto()
    """Every line that it touched, whole."""


class Move(NamedTuple):
    """The end of a motion."""

    to: Location
    reach: Reach = Reach.UP_TO


Motion = Callable[[TextLines, Location, int | None], Move | None]
"""None: there is no such place, and nothing happens. The count is None where none was typed."""


def is_word(character: str) -> bool:
    """Letters, digits and underscores make one kind of word."""
    return character.isalnum() or character == "_"


def kind_of(character: str, *, is_big: bool = False) -> int:
    """0 blank, 1 of a word, 2 punctuation; for big words all that is not blank is of one kind."""
    if character.isspace():
        return 0
    return 1 if is_big or is_word(character) else 2


def _left(_lines: TextLines, place: Location, count: int | None) -> Move | None:
    return Move((place[0], max(0, place[1] - (count or 1)))) if place[1] else None


def _right(lines: TextLines, place: Location, count: int | None) -> Move | None:
    length = len(lines.line(place[0]))
    return Move((place[0], min(length, place[1] + (count or 1)))) if place[1] < length else None


def _vertical(direction: int) -> Motion:
    def motion(lines: TextLines, place: Location, count: int | None) -> Move | None:
        row = min(max(0, place[0] + direction * (count or 1)), lines.line_count - 1)
        if row == place[0]:
            return None
        return Move((row, min(place[1], len(lines.line(row)))), Reach.LINES)

    return motion


def _line_start(_lines: TextLines, place: Location, _count: int | None) -> Move:
    return Move((place[0], 0))


def _first_character(lines: TextLines, place: Location, _count: int | None) -> Move:
    return Move((place[0], first_column(lines.line(place[0]))))


def _line_end(lines: TextLines, place: Location, count: int | None) -> Move | None:
    row = place[0] + (count or 1) - 1
    if row >= lines.line_count:
        return None
    return Move((row, max(0, len(lines.line(row)) - 1)), Reach.THROUGH)


def _to_line(default_last: bool) -> Motion:
    def motion(lines: TextLines, _place: Location, count: int | None) -> Move:
        last = lines.line_count - 1
        row = (last if default_last else 0) if count is None else min(count - 1, last)
        return Move((row, first_column(lines.line(row))), Reach.LINES)

    return motion


def _repeated(step: Callable[[TextLines, Location], Location | None], reach: Reach = Reach.UP_TO) -> Motion:
    """Repeat a motion as often as the count says, or as often as it leads anywhere."""

    def motion(lines: TextLines, place: Location, count: int | None) -> Move | None:
        there = place
        for _ in range(count or 1):
            further = step(lines, there)
            if further is None or further == there:
                break
            there = further
        return Move(there, reach) if there != place else None

    return motion


def _word_start(is_big: bool) -> Callable[[TextLines, Location], Location]:
    def step(lines: TextLines, place: Location) -> Location:
        row, column = place
        line = lines.line(row)
        if column < len(line) and (kind := kind_of(line[column], is_big=is_big)):
            while column < len(line) and kind_of(line[column], is_big=is_big) == kind:
                column += 1
        while True:
            while column < len(line) and line[column].isspace():
                column += 1
            if column < len(line) or row + 1 == lines.line_count:
                return row, column
            row, column = row + 1, 0
            line = lines.line(row)
            if not line:
                return row, 0

    return step


def _word_end(is_big: bool) -> Callable[[TextLines, Location], Location | None]:
    def step(lines: TextLines, place: Location) -> Location | None:
        row, column = place
        line = lines.line(row)
        column += 1
        while True:
            while column < len(line) and line[column].isspace():
                column += 1
            if column < len(line):
                break
            if row + 1 == lines.line_count:
                return None
            row, column = row + 1, 0
            line = lines.line(row)
        kind = kind_of(line[column], is_big=is_big)
        while column + 1 < len(line) and kind_of(line[column + 1], is_big=is_big) == kind:
            column += 1
        return row, column

    return step


def _word_before(is_big: bool, *, to_end: bool = False) -> Callable[[TextLines, Location], Location | None]:
    def step(lines: TextLines, place: Location) -> Location | None:
        row, column = place
        line = lines.line(row)
        if to_end and column < len(line) and (kind := kind_of(line[column], is_big=is_big)):
            while column >= 0 and kind_of(line[column], is_big=is_big) == kind:
                column -= 1
        else:
            column -= 1
        while True:
            while column >= 0 and line[column].isspace():
                column -= 1
            if column >= 0:
                break
            if row == 0:
                return (0, 0) if place != (0, 0) else None
            row -= 1
            line = lines.line(row)
            column = len(line) - 1
            if not line:
                return row, 0
        if to_end:
            return row, column
        kind = kind_of(line[column], is_big=is_big)
        while column and kind_of(line[column - 1], is_big=is_big) == kind:
            column -= 1
        return row, column

    return step


def _paragraph(direction: int) -> Callable[[TextLines, Location], Location | None]:
    def step(lines: TextLines, place: Location) -> Location | None:
        row, last = place[0], lines.line_count - 1
        while 0 <= row <= last and not lines.line(row):
            row += direction
        while 0 <= row <= last and lines.line(row):
            row += direction
        if row < 0:
            return 0, 0
        return (last, len(lines.line(last))) if row > last else (row, 0)

    return step


_PARTNERS: Final = {"(": ")", "[": "]", "{": "}", ")": "(", "]": "[", "}": "{"}
_BRACKET: Final = re.compile(r"[()\[\]{}]")


def partner(lines: TextLines, place: Location) -> Location | None:
    """The bracket that belongs to the one at a place."""
    row, column = place
    line = lines.line(row)
    here = line[column]
    there = _PARTNERS[here]
    direction = 1 if here in "([{" else -1
    depth, seen = 0, 0
    while seen < FARTHEST:
        if 0 <= column < len(line):
            depth += (line[column] == here) - (line[column] == there)
            if not depth:
                return row, column
            column += direction
            seen += 1
            continue
        row += direction
        if not 0 <= row < lines.line_count:
            return None
        line = lines.line(row)
        column = 0 if direction > 0 else len(line) - 1
        seen += 1
    return None


def _to_partner(lines: TextLines, place: Location, _count: int | None) -> Move | None:
    found = _BRACKET.search(lines.line(place[0]), place[1])
    there = partner(lines, (place[0], found.start())) if found else None
    return Move(there, Reach.THROUGH) if there else None


MOTIONS: Final[Mapping[str, Motion]] = {
    "h": _left, "left": _left, "backspace": _left,
    "l": _right, "right": _right, "space": _right,
    "j": _vertical(1), "k": _vertical(-1),
    "0": _line_start, "home": _line_start, "^": _first_character, "$": _line_end, "end": _line_end,
    "gg": _to_line(default_last=False), "G": _to_line(default_last=True),
    "w": _repeated(_word_start(False)), "W": _repeated(_word_start(True)),
    "b": _repeated(_word_before(False)), "B": _repeated(_word_before(True)),
    "e": _repeated(_word_end(False), Reach.THROUGH), "E": _repeated(_word_end(True), Reach.THROUGH),
    "ge": _repeated(_word_before(False, to_end=True), Reach.THROUGH),
    "gE": _repeated(_word_before(True, to_end=True), Reach.THROUGH),
    "{": _repeated(_paragraph(-1)), "}": _repeated(_paragraph(1)),
    "%": _to_partner,
}  # fmt: skip
"""Motions by their keys. Searches for a character are in `find`."""


def find(
    lines: TextLines, place: Location, count: int, how: str, character: str, *, again: bool = False
) -> Move | None:
    """`f`, `F`, `t` and `T`: go to a character of the line, or next to it. `again` goes beyond a `t` that is done."""
    row, column = place
    line = lines.line(row)
    direction = 1 if how in "ft" else -1
    stops_before = how in "tT"
    at = column + direction * (again and stops_before)
    for _ in range(count):
        at = line.find(character, at + 1) if direction > 0 else line.rfind(character, 0, max(0, at))
        if at < 0:
            return None
    return Move((row, at - direction * stops_before), Reach.THROUGH if direction > 0 else Reach.UP_TO)
