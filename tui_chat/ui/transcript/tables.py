"""How wide the columns of a table are: natural where there is room, fairly shrunk where not, stacked where hopeless."""

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
    longest_words: list[int] = field(default_factory=list)
    """Cells of the longest word in each column."""

    def widths(self, room: int) -> tuple[int, ...]:
        """Cells for each column; empty where the table is to be stacked."""
        return column_widths(self.natural, self.longest_words, room)

    def take(self, row: Leaf, section: Section) -> bool:
        """Measure one more row; whether a column became wider."""
        grew = False
        for column, cell in enumerate(row.cells):
            text = "".join(span.text for span in spans(cell, section.references))
            if column >= len(self.natural):
                self.natural.append(0)
                self.longest_words.append(0)
            cells = cell_len(text)
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
