"""Text under a selection by mouse: soft wraps joined, without gutter, bars and padding.

A selection is two places (character within the painted row, row of the log). What a row is made of is asked of the
renderer, so wide characters and wrapping are its business alone.
"""

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_chat.ui.transcript.leaves import Leaf, MarkRole
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.rendering import Renderer


class Spot(NamedTuple):
    """A place in the log."""

    x: int
    """Characters from the left edge of the painted row."""
    y: int
    """Rows from the beginning of the log."""


def selected_text(transcript: Transcript, renderer: Renderer, start: Spot, end: Spot) -> str:
    """The text from `start` up to `end`. Only rows that were painted can be selected, so all of them are measured."""
    text = ""
    at, _ = transcript.index.find(start.y)
    for number_at in range(at, len(transcript.sections)):
        section = transcript.sections[number_at]
        row = transcript.index.start(number_at) + section.gap
        if row > end.y:
            break
        section.read(transcript.width)
        head = len(section.labels)
        for number, leaf in enumerate(section.leaves):
            hidden = section.row_offset if number >= head else 0
            first = row + section.rows.start(number) + section.has_gap(number) - hidden
            if first > end.y:
                break
            if row + section.rows.start(number + 1) - hidden <= start.y:
                continue
            layout = renderer.layout(section, number)
            piece = _piece(leaf, layout.text, layout.rows, layout.indent, start, end, first)
            if piece is not None:
                is_apart = section.has_gap(number) or (number == 0 and section.gap > 0)
                text += ("\n\n" if is_apart else "\n") * bool(text) + piece
    return text


def _piece(
    leaf: Leaf, text: str, rows: list[tuple[int, int]], indent: int, start: Spot, end: Spot, first: int
) -> str | None:
    if not rows:
        return None
    low, high = 0, len(text)
    if start.y >= first:
        begin, stop = rows[min(start.y - first, len(rows) - 1)]
        low = min(stop, begin + max(0, start.x - indent))
    if end.y < first + len(rows):
        begin, stop = rows[end.y - first]
        high = min(stop, begin + max(0, end.x - indent))
    piece = text[low:high]
    return _marks(leaf) + piece if low == 0 and piece else piece


def _marks(leaf: Leaf) -> str:
    """The marks of a list or quote, in Markdown."""
    written = ""
    for mark in leaf.marks:
        if mark.role is MarkRole.QUOTE:
            written += "> "
        elif not mark.opens:
            written += "  "
        elif mark.role is MarkRole.NUMBER:
            written += mark.text
        else:
            written += {MarkRole.BULLET: "- ", MarkRole.TODO: "- [ ] ", MarkRole.DONE: "- [x] "}[mark.role]
    return written


def restyled(strip: Strip, spans: list[tuple[int, int]], style: Style) -> Strip:
    """A row with some of its characters (start and end of each) in another style."""
    text = strip.text
    cuts: list[int] = []
    for start, end in spans:
        cuts += [cell_len(text[:start]), cell_len(text[:end])]
    pieces = list(strip.divide([*cuts, strip.cell_length]))
    segments: list[Segment] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            segments += [Segment(part.text, (part.style or Style()) + style) for part in piece]
        else:
            segments += piece
    return Strip(segments, strip.cell_length)
