"""Operators on a span: delete, change, copy, shift, and the case of letters."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.buffer import Buffer, Span, TextLines, first_column, on_character
from tui_chat.ui.composing.vim.motions import MOTIONS, Move, Reach, kind_of

SHIFT: Final = "    "
MOST_CHARACTERS: Final = 1_000_000
"""Most characters that a count may insert: a slip of the finger must not fill the memory."""


class Register(NamedTuple):
    """Text that was copied or deleted."""

    text: str = ""
    is_lines: bool = False


def span_of(lines: TextLines, caret: Location, keys: str, move: Move) -> Span:
    """The span of an operator whose motion, with these keys, went from the caret to there."""
    start, end = sorted((caret, move.to))
    if move.reach is Reach.LINES:
        return Span(start, end, is_lines=True)
    if move.reach is Reach.THROUGH:
        return Span(start, (end[0], min(end[1] + 1, len(lines.line(end[0])))))
    if keys in ("w", "W"):
        while end[0] > start[0] and not lines.line(end[0])[: end[1]].strip():
            end = end[0] - 1, len(lines.line(end[0] - 1))
    elif keys in ("{", "}") and end[0] > start[0] and not end[1]:
        end = end[0] - 1, len(lines.line(end[0] - 1))
        return Span(start, end, is_lines=not lines.line(start[0])[: start[1]].strip())
    return Span(start, end)


def changed_word(lines: TextLines, caret: Location, keys: str, count: int) -> Span | None:
    """The span of `cw`: to the end of the word, without the blanks behind it; None where the caret is on a blank."""
    row, column = caret
    line = lines.line(row)
    is_big = keys == "W"
    if column >= len(line) or not (kind := kind_of(line[column], is_big=is_big)):
        return None
    while column < len(line) and kind_of(line[column], is_big=is_big) == kind:
        column += 1
    end = row, column
    if count > 1:
        further = MOTIONS["E" if is_big else "e"](lines, (row, column - 1), count - 1)
        if further:
            end = further.to[0], further.to[1] + 1
    return Span(caret, end)


def whole_lines(lines: TextLines, span: Span) -> Span:
    """A span's lines from their beginning to their end."""
    return Span((span.start[0], 0), (span.end[0], len(lines.line(span.end[0]))), is_lines=True)


def taken(buffer: Buffer, span: Span) -> Register:
    """The text of a span, as it is copied."""
    if span.is_lines:
        span = whole_lines(buffer, span)
    return Register(buffer.between(span.start, span.end), span.is_lines)


def delete(buffer: Buffer, span: Span) -> None:
    """Delete a span; of whole lines the line ends too."""
    if not span.is_lines:
        buffer.replace("", span.start, span.end)
        buffer.caret = on_character(buffer, span.start)
        return
    start, end, _ = whole_lines(buffer, span)
    row = start[0]
    if end[0] + 1 < buffer.line_count:
        end = end[0] + 1, 0
    elif row:
        row -= 1
        start = row, len(buffer.line(row))
    buffer.replace("", start, end)
    row = min(row, buffer.line_count - 1)
    buffer.caret = row, first_column(buffer.line(row))


def make_room(buffer: Buffer, span: Span) -> None:
    """Delete a span to write in its place; of whole lines an empty one stays, with the indent of the first."""
    if span.is_lines:
        line = buffer.line(span.start[0])
        start, end, _ = whole_lines(buffer, span)
        span = Span((start[0], len(line) - len(line.lstrip())), end)
    buffer.caret = buffer.replace("", max(span.start, (span.start[0], 0)), span.end)


def repeated(text: str, times: int) -> str:
    """A text as often as a count says, within bounds."""
    return text * min(times, max(1, MOST_CHARACTERS // max(1, len(text))))


def put(buffer: Buffer, register: Register, *, is_before: bool, count: int) -> None:
    """Put what a register holds after the caret or before it."""
    row, column = buffer.caret
    line = buffer.line(row)
    if register.is_lines:
        text = repeated(register.text + "\n", count)[:-1]
        if is_before:
            buffer.replace(text + "\n", (row, 0), (row, 0))
        else:
            buffer.replace("\n" + text, (row, len(line)), (row, len(line)))
            row += 1
        buffer.caret = row, first_column(buffer.line(row))
        return
    at = row, column if is_before or not line else column + 1
    end = buffer.replace(repeated(register.text, count), at, at)
    buffer.caret = at if "\n" in register.text else on_character(buffer, (end[0], end[1] - 1))


def _shift(line: str, direction: int) -> str:
    if direction > 0:
        return SHIFT + line if line else line
    indent = len(line) - len(line.lstrip())
    return line[1:] if line.startswith("\t") else line[min(indent, len(SHIFT)) :]


def shift(buffer: Buffer, span: Span, direction: int) -> None:
    """Move a span's lines in or out by one step."""
    start, end, _ = whole_lines(buffer, span)
    rows = range(start[0], end[0] + 1)
    buffer.replace("\n".join(_shift(buffer.line(row), direction) for row in rows), start, end)
    buffer.caret = start[0], first_column(buffer.line(start[0]))


def join(buffer: Buffer, row: int, count: int) -> None:
    """Join lines, with a blank between them."""
    for _ in range(max(1, count - 1)):
        if row + 1 >= buffer.line_count:
            return
        line, below = buffer.line(row), buffer.line(row + 1)
        blanks = len(below) - len(below.lstrip())
        gap = " " if line and not line[-1].isspace() and below.strip() and below.lstrip()[0] != ")" else ""
        buffer.replace(gap, (row, len(line)), (row + 1, blanks))
        buffer.caret = on_character(buffer, (row, len(line)))


CASES: Final[Mapping[str, Callable[[str], str]]] = {"gu": str.lower, "gU": str.upper, "g~": str.swapcase}


def recase(buffer: Buffer, span: Span, how: str) -> None:
    """Change the case of a span's letters."""
    place = whole_lines(buffer, span) if span.is_lines else span
    buffer.replace(CASES[how](buffer.between(place.start, place.end)), place.start, place.end)
    buffer.caret = on_character(buffer, place.start)
