"""How wide the columns of a table are: natural where there is room, fairly shrunk where not, stacked where hopeless."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len

from tui_chat.ui.transcript.inline import spans
from tui_chat.ui.transcript.leaves import Kind, Leaf
from tui_chat.ui.transcript.section import Section

SEPARATOR_CELLS: Final = 3
NARROWEST: Final = 6
"""A column that is narrower than this cannot be read: the table is stacked."""


@dataclass(slots=True)
class TableShape:
    """What is known of a table's columns."""

    first: int
    """The leaf of its header."""
    end: int
    """The leaf after the last one that was measured and will not change."""
    header: tuple[str, ...]
    natural: list[int] = field(default_factory=list)
    """Cells of the widest text in each column."""

    def take(self, row: Leaf, section: Section) -> bool:
        """Measure one more row; whether a column became wider."""
        grew = False
        for column, cell in enumerate(row.cells):
            cells = sum(cell_len(span.text) for span in spans(cell, section.references)) if cell else 0
            if column >= len(self.natural):
                self.natural.append(0)
            if cells > self.natural[column]:
                self.natural[column] = cells
                grew = True
        return grew


class TableShapes:
    """The shapes of all tables that were seen."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[int, int, bool], TableShape] = {}

    def clear(self) -> None:
        """Forget all."""
        self._shapes.clear()

    def of(self, section: Section, number: int) -> TableShape:
        """The shape of the table that a row belongs to, all rows that are there counted. Rows whose table became
        wider are to be measured again, and the section is told so."""
        anchor = section.leaves[number].anchor
        key = section.uid, anchor, section.is_growing
        shape = self._shapes.get(key)
        if shape is None or shape.first >= len(section.leaves) or shape.end > len(section.leaves):
            first = number
            while first and _belongs(section.leaves[first - 1], anchor):
                first -= 1
            shape = TableShape(first, first, section.leaves[first].cells)
            self._shapes[key] = shape
        grew = False
        at = shape.end
        while at < len(section.leaves) and _belongs(section.leaves[at], anchor):
            grew |= shape.take(section.leaves[at], section)
            at += 1
            if at <= section.final_count:
                shape.end = at
        if grew:
            section.forget_heights(range(shape.first, at))
        return shape


def _belongs(leaf: Leaf, anchor: int) -> bool:
    return leaf.kind is Kind.ROW and leaf.anchor == anchor


def column_widths(natural: Sequence[int], width: int) -> tuple[int, ...]:
    """Cells for each column so that all fit into `width`; empty where that would be unreadable."""
    room = width - SEPARATOR_CELLS * (len(natural) - 1)
    widths = [max(1, cells) for cells in natural]
    if sum(widths) <= room:
        return tuple(widths)
    open_columns = sorted(range(len(widths)), key=widths.__getitem__)
    left = room
    while open_columns:
        share = left // len(open_columns)
        narrowest = open_columns[0]
        if widths[narrowest] > share:
            break
        left -= widths[narrowest]
        open_columns.pop(0)
    for place, column in enumerate(sorted(open_columns)):
        share, extra = divmod(left, len(open_columns))
        widths[column] = share + (place < extra)
        if widths[column] < NARROWEST:
            return ()
    return tuple(widths)
