"""Widths of a table's columns: natural where there is room, shrunk evenly where not, stacked where even that fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len

from tui_chat.ui.transcript.inline import spans
from tui_chat.ui.transcript.leaves import Kind, Leaf
from tui_chat.ui.transcript.section import Section

SEPARATOR_CELLS: Final = 3
WORD_CELLS: Final = 16
"""A column is no narrower than its longest word; longer words than this may be broken."""
MEASURED_ROWS: Final = 1_000
"""Rows that are measured before the first one is drawn."""


@dataclass(slots=True)
class TableShape:
    """Measures of a table's columns."""

    first: int
    """The leaf of its header."""
    end: int
    """The leaf after the last one of those from the first on that were measured and will not change."""
    header: tuple[str, ...]
    natural: list[int] = field(default_factory=list)
    """Cells of the widest text in each column."""
    longest_words: list[int] = field(default_factory=list)
    """Cells of the longest word in each column."""
    seen: set[int] = field(default_factory=set)
    """Leaves that were measured beyond those."""

    def widths(self, room: int) -> tuple[int, ...]:
        """Cells for each column; empty where the table is to be stacked."""
        return column_widths(self.natural, self.longest_words, room)

    def has_line_above(self, number: int, room: int) -> bool:
        """Say whether a line parts a row from the one above it: where rows wrap, one cannot be told from the next."""
        is_wrapped = sum(self.widths(room)) < sum(self.natural)
        return is_wrapped and number > self.first + 1

    def take(self, row: Leaf, section: Section) -> bool:
        """Measure one more row; return whether a column became wider."""
        grew = False
        for column, cell in enumerate(row.cells):
            text = "".join(span.text for span in spans(cell, section.references))
            if column >= len(self.natural):
                self.natural.append(0)
                self.longest_words.append(0)
            cells = max(map(cell_len, text.split("\n")))
            if cells > self.natural[column]:
                self.natural[column] = cells
                grew = True
            longest = max(map(cell_len, text.split()), default=0)
            if longest > self.longest_words[column]:
                self.longest_words[column] = longest
                grew = True
        return grew


class TableShapes:
    """The shapes of all tables that were seen."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[int, int], TableShape] = {}

    def clear(self) -> None:
        """Forget all tables."""
        self._shapes.clear()

    def of(self, section: Section, number: int) -> TableShape:
        """The shape of a row's table: its first thousand rows count, and of more those that are drawn. Rows whose table
        became wider are to be measured again, and the section is told so."""
        anchor = section.leaves[number].anchor
        key = section.uid, anchor
        shape = self._shapes.get(key)
        if shape is None or not _is_header(section.leaves, shape.first, anchor) or shape.end > len(section.leaves):
            first = section.leaf_at(anchor)
            shape = self._shapes[key] = TableShape(first, first, tuple(section.leaves[first].cells))
        grew = False
        at = shape.end
        limit = min(len(section.leaves), shape.first + MEASURED_ROWS)
        while at < limit and _belongs(section.leaves[at], anchor):
            grew |= shape.take(section.leaves[at], section)
            at += 1
            if at <= section.final_count:
                shape.end = at
        if number >= at and number not in shape.seen:
            grew |= shape.take(section.leaves[number], section)
            if number < section.final_count:
                shape.seen.add(number)
        if grew:
            section.forget_heights(range(shape.first, min(len(section.leaves), max([at, number, *shape.seen]) + 1)))
        return shape


def _is_header(leaves: Sequence[Leaf], number: int, anchor: int) -> bool:
    return number < len(leaves) and _belongs(leaves[number], anchor) and leaves[number].level == 1


def _belongs(leaf: Leaf, anchor: int) -> bool:
    return leaf.kind is Kind.ROW and leaf.anchor == anchor


def column_widths(natural: Sequence[int], longest_words: Sequence[int], width: int) -> tuple[int, ...]:
    """Cells for each column so that all fit into `width` and words stay whole; empty where that cannot be."""
    room = width - SEPARATOR_CELLS * (len(natural) - 1)
    if sum(max(1, cells) for cells in natural) <= room:
        return tuple(max(1, cells) for cells in natural)
    widths = [max(1, min(word, WORD_CELLS)) for word in longest_words]
    left = room - sum(widths)
    if left < 0:
        return ()
    wanting = sorted(range(len(widths)), key=lambda column: natural[column] - widths[column])
    while wanting:
        column = wanting.pop(0)
        given = min(max(0, natural[column] - widths[column]), left // (len(wanting) + 1))
        widths[column] += given
        left -= given
    return tuple(widths)
