"""Text objects (`iw`, `a"`, `i(` and the like): a span around the caret."""

from collections.abc import Callable, Mapping
from typing import Final

from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.buffer import Span, TextLines
from tui_chat.ui.composing.vim.motions import FARTHEST, kind_of, partner

TextObject = Callable[[TextLines, Location, bool], Span | None]
"""Function of the text, the caret, and whether surroundings are included. None: there is no such object here."""


def _word(is_big: bool) -> TextObject:
    def find(lines: TextLines, place: Location, is_around: bool) -> Span | None:
        row, column = place
        line = lines.line(row)
        if not line:
            return Span(place, place)
        kinds = [kind_of(character, is_big=is_big) for character in line]

        def run(at: int) -> tuple[int, int]:
            start = end = at
            while start and kinds[start - 1] == kinds[at]:
                start -= 1
            while end < len(line) and kinds[end] == kinds[at]:
                end += 1
            return start, end

        start, end = run(min(column, len(line) - 1))
        if is_around:
            if end < len(line) and (not kinds[start] or not kinds[end]):
                end = run(end)[1]
            elif start and not kinds[start - 1]:
                start = run(start - 1)[0]
        return Span((row, start), (row, end))

    return find


def _quoted(quote: str) -> TextObject:
    def find(lines: TextLines, place: Location, is_around: bool) -> Span | None:
        row, column = place
        line = lines.line(row)
        quotes = [at for at, character in enumerate(line) if character == quote and line[at - 1 : at] != "\\"]
        for start, end in zip(quotes[::2], quotes[1::2], strict=False):
            if column <= end:
                if not is_around:
                    return Span((row, start + 1), (row, end))
                end += 1
                while end < len(line) and line[end].isspace():
                    end += 1
                return Span((row, start), (row, end))
        return None

    return find


def _bracketed(opening: str, closing: str) -> TextObject:
    def find(lines: TextLines, place: Location, is_around: bool) -> Span | None:
        start = _opening_around(lines, place, opening, closing)
        end = partner(lines, start) if start else None
        if start is None or end is None:
            return None
        if is_around:
            return Span(start, (end[0], end[1] + 1))
        return Span((start[0], start[1] + 1), end)

    return find


def _opening_around(lines: TextLines, place: Location, opening: str, closing: str) -> Location | None:
    row, column = place
    line = lines.line(row)
    depth = 0
    for _ in range(FARTHEST):
        if 0 <= column < len(line):
            if line[column] == opening:
                if not depth:
                    return row, column
                depth -= 1
            elif line[column] == closing and (row, column) != place:
                depth += 1
            column -= 1
        elif column < 0:
            row -= 1
            if row < 0:
                return None
            line = lines.line(row)
            column = len(line) - 1
        else:
            column = len(line) - 1
    return None


def _angle(lines: TextLines, place: Location, is_around: bool) -> Span | None:
    row, column = place
    line = lines.line(row)
    start, end = line.rfind("<", 0, column + 1), line.find(">", column)
    if start < 0 or end < 0:
        return None
    return Span((row, start), (row, end + 1)) if is_around else Span((row, start + 1), (row, end))


def _paragraph(lines: TextLines, place: Location, is_around: bool) -> Span | None:
    def is_blank(row: int) -> bool:
        return not lines.line(row).strip()

    start = end = place[0]
    here = is_blank(start)
    while start and is_blank(start - 1) == here:
        start -= 1
    while end + 1 < lines.line_count and is_blank(end + 1) == here:
        end += 1
    if is_around:
        last = end
        while end + 1 < lines.line_count and is_blank(end + 1) != here:
            end += 1
        while end == last and start and not here and is_blank(start - 1):
            start -= 1
    return Span((start, 0), (end, len(lines.line(end))), is_lines=True)


_BRACKETS: Final = {
    **dict.fromkeys("()b", _bracketed("(", ")")),
    **dict.fromkeys("[]", _bracketed("[", "]")),
    **dict.fromkeys("{}B", _bracketed("{", "}")),
    **dict.fromkeys("<>", _angle),
}
TEXT_OBJECTS: Final[Mapping[str, TextObject]] = {
    "w": _word(False),
    "W": _word(True),
    "p": _paragraph,
    **{quote: _quoted(quote) for quote in "\"'`"},
    **_BRACKETS,
}
"""Text objects by the letter that follows `i` or `a`."""
