"""Layout of a leaf's text on its painted rows: from a place on the screen to a place in the text, and back.

The text is what is read (without marks of emphasis), its soft wraps joined, the same at every width; so a place in it
outlives wrapping, scrolling and a new size. Selection by mouse and marking what was found work on it.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from rich.cells import cell_len

from tui_chat.ui.transcript import code_rows
from tui_chat.ui.transcript.inline import spans
from tui_chat.ui.transcript.leaves import Kind, Leaf
from tui_chat.ui.transcript.rendering import GUTTER, TAB, Renderer
from tui_chat.ui.transcript.section import Section
from tui_chat.ui.transcript.tables import SEPARATOR_CELLS
from tui_chat.ui.transcript.wrapping import fold, wrap


class TextRun(NamedTuple):
    """A run of a leaf's text on a painted row."""

    column: int
    """Cells before it."""
    start: int
    end: int


class Layout(NamedTuple):
    """The text of a leaf, and the pieces of it on each of its rows, the gap above not counted."""

    text: str
    rows: list[tuple[TextRun, ...]]

    def row_of(self, place: int) -> int:
        """The row of a character."""
        for number, pieces in enumerate(self.rows):
            if any(piece.start <= place < piece.end for piece in pieces):
                return number
        return 0


def layout(renderer: Renderer, section: Section, number: int) -> Layout:
    """Lay out a leaf."""
    leaf = section.leaves[number]
    indent = renderer.indent(leaf)
    match leaf.kind:
        case Kind.PARAGRAPH | Kind.HEADING:
            prose = spans(leaf.text, section.references, joins_lines=renderer.joins_lines)
            text = "".join(span.text for span in prose)
            return Layout(text, _rows(wrap(text, renderer.room(leaf)), indent))
        case Kind.PLAIN:
            room = renderer.plain_room(section)
            return _lines(leaf.text, indent, lambda line: wrap(line, room))
        case Kind.CODE:
            room = renderer.room(leaf) - 2
            found = _lines(leaf.text, indent + code_rows.inset(renderer.palette), lambda line: fold(line, room))
            if leaf.level > 0:
                return found
            return Layout(found.text, [(), *(found.rows if leaf.text else [])])
        case Kind.ROW:
            return _table_row(renderer, section, number, indent)
        case Kind.RULE:
            return Layout("", [()])
        case Kind.LABEL:
            text = renderer.label_text(leaf)
            words = wrap(text[GUTTER - 1 :], renderer.words_room)
            shifted = [(start + GUTTER - 1, end + GUTTER - 1) for start, end in words]
            return Layout(text, _rows(shifted, GUTTER))


def _rows(places: list[tuple[int, int]], column: int) -> list[tuple[TextRun, ...]]:
    return [(TextRun(column, start, end),) for start, end in places]


def _lines(text: str, column: int, rows_of: Callable[[str], list[tuple[int, int]]]) -> Layout:
    """Lines with their tabs widened, each broken into rows on its own."""
    lines = [line.expandtabs(TAB) for line in text.split("\n")]
    rows: list[tuple[TextRun, ...]] = []
    at = 0
    for line in lines:
        rows += [(TextRun(column, at + start, at + end),) for start, end in rows_of(line)]
        at += len(line) + 1
    return Layout("\n".join(lines), rows)


def _table_row(renderer: Renderer, section: Section, number: int, indent: int) -> Layout:
    leaf = section.leaves[number]
    widths = renderer.table_widths(section, number)
    painted = len(renderer.rows(section, number)) - section.has_gap(number)
    rows: list[tuple[TextRun, ...]] = [()] * painted
    text = ""
    row = 1
    column = indent
    lines_above = renderer.has_line_above(section, number)
    for at, source in enumerate(leaf.cells):
        cell = "".join(span.text for span in spans(source, section.references))
        text += " | " * bool(at)
        if widths and at < len(widths):
            for level, (start, end) in enumerate(wrap(cell, widths[at]), lines_above):
                if level < painted:
                    room = max(0, widths[at] - cell_len(cell[start:end]))
                    left = column + {"r": room, "c": room // 2}.get(leaf.info[at : at + 1], 0)
                    rows[level] = (*rows[level], TextRun(left, len(text) + start, len(text) + end))
            column += widths[at] + SEPARATOR_CELLS
        elif not widths and leaf.level == 0:
            name = renderer.column_name(section, number, at)
            for start, end in wrap(name + cell, renderer.room(leaf)):
                low, high = max(start, len(name)), max(end, len(name))
                if low < high and row < painted:
                    shift = len(text) - len(name)
                    rows[row] = (TextRun(indent + max(0, len(name) - start), low + shift, high + shift),)
                row += 1
        text += cell
    return Layout(text, rows)


def as_written(leaf: Leaf, low: int, high: int) -> str:
    """A part of a leaf of lines with its tabs restored: places count widened ones."""
    if "\t" not in leaf.text:
        return leaf.text[low:high]
    places: list[int] = []
    for line in leaf.text.split("\n"):
        base = places[-1] + 1 if places else 0
        column = 0
        for character in line:
            places.append(base + column)
            column += TAB - column % TAB if character == "\t" else 1
        places.append(base + column)
    return leaf.text[bisect_left(places, low) : bisect_left(places, high)]
