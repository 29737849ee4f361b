"""A row of the text as it is drawn, made from the few characters that are in it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_chat.ui.composing.chips import drawn
from tui_chat.ui.composing.clusters import TAB, cells_of, seen


class Shade(NamedTuple):
    """A style for columns of a line; where shades meet, the later one is on top."""

    start: int
    end: int
    style: Style


class LineRow(NamedTuple):
    """The columns of a line that are one row."""

    line: str
    start: int
    end: int


def draw(row: LineRow, shades: Sequence[Shade], base: Style, width: int) -> Strip:
    """The row on so many cells. A shade that reaches past the end of the line is drawn on one cell behind it."""
    segments: list[Segment] = []
    used = 0
    for text, style in _runs(row, shades):
        cells = cells_of(text, used)
        if "\t" in text:
            text = _without_tabs(text, used)
        segments.append(Segment(drawn(seen(text)), base + style))
        used += cells
    return Strip(segments, used).adjust_cell_length(width, base)


def _runs(row: LineRow, shades: Sequence[Shade]) -> Iterator[tuple[str, Style]]:
    """The row's text in pieces of one style each."""
    line, start, end = row
    limit = end + 1 if end == len(line) else end
    cuts = {start, limit, *(cut for begin, stop, _ in shades for cut in (begin, stop) if start < cut < limit)}
    for left, right in pairwise(sorted(cuts)):
        style = sum((shade for begin, stop, shade in shades if begin <= left < stop), Style.null())
        yield line[left:right] if right <= len(line) else line[left:] + " ", style


def _without_tabs(text: str, used: int) -> str:
    parts = text.split("\t")
    row = parts[0]
    at = used + cells_of(parts[0])
    for part in parts[1:]:
        gap = TAB - at % TAB
        row += " " * gap + part
        at += gap + cells_of(part)
    return row
