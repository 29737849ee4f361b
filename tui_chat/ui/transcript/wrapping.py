"""Where lines break: by words, by characters where a word is too long, anywhere between wide characters."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment

_WIDE: Final = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
)
_WORD: Final = re.compile(f"[{_WIDE}] *|[^ \n{_WIDE}]+ *| +|\n")

SegmentRow = list[Segment]


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Start and end of each row in `text`; spaces at a row's end and line ends belong to no row."""
    width = max(1, width)
    if len(text) <= width and "\n" not in text and (text.isascii() or cell_len(text) <= width):
        return [(0, len(text.rstrip(" ")) if text.strip(" ") else len(text))]
    rows: list[tuple[int, int]] = []
    start = 0
    used = 0
    is_ascii = text.isascii()
    for match in _WORD.finditer(text):
        word = match[0]
        at = match.start()
        if word == "\n":
            rows.append((start, _trimmed(text, start, at)))
            start, used = match.end(), 0
            continue
        bare = word.rstrip(" ")
        cells = len(bare) if is_ascii else cell_len(bare)
        if used and used + cells > width:
            rows.append((start, _trimmed(text, start, at)))
            start, used = at, 0
        if cells > width:
            for cut in _folds(bare, width):
                rows.append((start, at + cut))
                start = at + cut
            used = cell_len(text[start : at + len(bare)])
        else:
            used += cells
        used += len(word) - len(bare)
    rows.append((start, _trimmed(text, start, len(text))))
    return rows


def fold(text: str, width: int) -> list[tuple[int, int]]:
    """Rows of a line of code, nothing dropped: broken before a word that begins in its last third, else anywhere."""
    width = max(1, width)
    if len(text) <= width and (text.isascii() or cell_len(text) <= width):
        return [(0, len(text))]
    is_ascii = text.isascii()
    rows: list[tuple[int, int]] = []
    start = 0
    while (end := start + width if is_ascii else _row_end(text, start, width)) < len(text):
        end = _before_word(text, start, end)
        rows.append((start, end))
        start = end
    return [*rows, (start, len(text))]


def _before_word(text: str, start: int, end: int) -> int:
    """Where to break instead of in the middle of a word."""
    lowest = end - (end - start) // 3
    begin = end
    while begin > lowest and _is_of_word(text[begin]) and _is_of_word(text[begin - 1]):
        begin -= 1
    return begin if begin > lowest else end


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _row_end(text: str, start: int, width: int) -> int:
    """The first character, at least one further on, that does not fit into a row."""
    used = 0
    for at in range(start, len(text)):
        used += get_character_cell_size(text[at])
        if used > width and at > start:
            return at
    return len(text)


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " ":
        end -= 1
    return end


def _folds(word: str, width: int) -> list[int]:
    """Where a word longer than a row is broken."""
    if word.isascii():
        return list(range(width, len(word), width))
    cuts: list[int] = []
    start = 0
    while (start := _row_end(word, start, width)) < len(word):
        cuts.append(start)
    return cuts


def divided(segments: Sequence[Segment], places: Iterable[tuple[int, int]]) -> list[SegmentRow]:
    """Divide segments into rows: from which to which character of their text each row goes."""
    rows: list[SegmentRow] = []
    at = 0
    number = 0
    for start, end in places:
        row: SegmentRow = []
        while number < len(segments):
            text, style, _ = segments[number]
            low, high = max(start, at), min(end, at + len(text))
            if low < high:
                row.append(Segment(text[low - at : high - at], style))
            if at + len(text) > end:
                break
            at += len(text)
            number += 1
        rows.append(row)
    return rows
