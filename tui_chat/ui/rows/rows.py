"""Rows of text for the panes: runs of words, each with the role that colours it.

A row is a plain value, so what a pane says can be tested without a screen, and nothing in it is ever read as markup.
Widths are in terminal cells.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rich.cells import cell_len, set_cell_size


class Ink(StrEnum):
    """Role of a run of text, which decides its colour: see `inks`."""

    TEXT = "text"
    MUTED = "muted"
    STRONG = "strong"
    TITLE = "title"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
    USER = "user"
    ASSISTANT = "assistant"
    REASONING = "reasoning"
    TOOL = "tool"
    MATCH = "match"
    KEY = "key"
    STRING = "string"
    ESCAPE = "escape"
    NUMBER = "number"
    LITERAL = "literal"
    PUNCTUATION = "punctuation"
    INVALID = "invalid"


Run = tuple[Ink, str]
Row = tuple[Run, ...]


def width_of(row: Row) -> int:
    """Cells that a row takes."""
    return sum(cell_len(text) for _, text in row)


def plain(row: Row) -> str:
    """The words of a row, without their roles."""
    return "".join(text for _, text in row)


def cut(row: Row, width: int) -> Row:
    """The row where it fits, else its beginning with an ellipsis at the end."""
    if width_of(row) <= width:
        return row
    if width < 1:
        return ()
    runs: list[Run] = []
    left = width - 1
    for ink, text in row:
        size = cell_len(text)
        if size >= left:
            runs.append((ink, set_cell_size(text, left) + "…"))
            break
        runs.append((ink, text))
        left -= size
    return tuple(runs)


def cut_at_start(text: str, width: int) -> str:
    """Text in at most `width` cells, its end kept: ids differ at their ends."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    kept = text
    while kept and cell_len(kept) > width - 1:
        kept = kept[1:]
    return "…" + kept


def cut_in_middle(text: str, width: int) -> str:
    """The text where it fits, else its beginning and its end with an ellipsis between them: names that begin alike
    differ at their ends."""
    if cell_len(text) <= width:
        return text
    if width < 3:
        return "…"[:width]
    head = set_cell_size(text, width // 2).rstrip()
    tail = text
    while cell_len(tail) > width - 1 - cell_len(head):
        tail = tail[1:]
    return f"{head}…{tail}"


def spread(left: Row, right: Row, width: int) -> Row:
    """`left` and `right` at the two edges; where they do not fit, `left` is cut, and where even that is too little,
    `right` is left out."""
    room = width - width_of(right) - 1
    if room < min(8, width_of(left)):
        return cut(left, width)
    left = cut(left, room)
    return (*left, (Ink.TEXT, " " * (width - width_of(left) - width_of(right))), *right)


def columns(*cells: tuple[Row, int]) -> Row:
    """Cells of a table: each row cut or filled to its width, but for the last one, which is only cut; two blanks stand
    at the end of each."""
    runs: list[Run] = []
    for number, (row, width) in enumerate(cells):
        is_last = number == len(cells) - 1
        shown = cut(row, width if is_last else max(0, width - 2))
        runs += [*shown, *([] if is_last else [(Ink.TEXT, " " * (width - width_of(shown)))])]
    return tuple(runs)


def flowed(pieces: list[Row], width: int, indent: int = 0, separator: str = " · ") -> list[Row]:
    """Pieces one after the other, as many on a row as fit; no piece is broken, one that is too wide is cut."""
    rows: list[Row] = []
    current: list[Run] = []
    used = 0
    gap = cell_len(separator)
    for piece in pieces:
        size = width_of(piece)
        if current and indent + used + gap + size > width:
            rows.append(((Ink.TEXT, " " * indent), *current))
            current, used = [], 0
        if current:
            current.append((Ink.MUTED, separator))
            used += gap
        current.extend(cut(piece, max(1, width - indent)))
        used += size
    if current:
        rows.append(((Ink.TEXT, " " * indent), *current))
    return rows


def wrapped(text: str, width: int, ink: Ink = Ink.TEXT) -> list[Row]:
    """Words of one paragraph on as many rows as they need; a word that is too wide is broken."""
    rows: list[Row] = []
    line, width = "", max(1, width)
    for word in text.split():
        while cell_len(word) > width:
            if line:
                rows.append(((ink, line),))
                line = ""
            head = set_cell_size(word, width).rstrip() or word[:1]
            rows.append(((ink, head),))
            word = word[len(head) :]
        if line and cell_len(line) + 1 + cell_len(word) > width:
            rows.append(((ink, line),))
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        rows.append(((ink, line),))
    return rows


def clipped(rows: Sequence[Row], most: int, width: int) -> list[Row]:
    """At most so many rows; where some are left out, the last one ends with an ellipsis."""
    if len(rows) <= most:
        return list(rows)
    if most < 1:
        return []
    *whole, last = rows[:most]
    joined = (*last, (Ink.TEXT, " "), *rows[most])
    return [*whole, cut(joined, width) if width_of(joined) > width else (*cut(joined, width - 2), (Ink.MUTED, " …"))]


def highlighted(text: str, positions: Iterable[int]) -> Row:
    """The text with the matched characters marked; positions behind its end are ignored."""
    runs: list[Run] = []
    start = 0
    for at in positions:
        if not start <= at < len(text):
            continue
        if at > start:
            runs.append((Ink.TEXT, text[start:at]))
        if runs and runs[-1][0] is Ink.MATCH:
            runs[-1] = (Ink.MATCH, runs[-1][1] + text[at])
        else:
            runs.append((Ink.MATCH, text[at]))
        start = at + 1
    if start < len(text):
        runs.append((Ink.TEXT, text[start:]))
    return tuple(runs)
