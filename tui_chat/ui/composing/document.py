"""The composer's document: lines, and those lines as rows, for Textual's TextArea.

Textual 8.2.8's own document breaks lines at U+2028 and its kin and forgets which it was; its wrapped view does work in
proportion to the whole text for each key, and for each row drawn in proportion to the line. Here a key costs what it
changes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from textual.document._document import Document, EditResult, Location  # private: what TextArea's documents are made of
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, clamp

from tui_chat.ui.composing.breaking import Edited, breaks, rebroken, row_of
from tui_chat.ui.composing.clusters import after, before, cells_of, column_at


class Lines(Document):
    """Lines that end at newlines only."""

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._lines = text.split("\n")
        self._text: str | None = text
        self.edits = 0
        """Number of edits."""

    @property
    def text(self) -> str:
        """The whole text; put together once after each edit."""
        if self._text is None:
            self._text = "\n".join(self._lines)
        return self._text

    @property
    def is_blank(self) -> bool:
        """The text is empty."""
        return len(self._lines) == 1 and not self._lines[0]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace the text between two locations, and return what it was."""
        (top, left), (bottom, right) = sorted((start, end))
        lines = self._lines
        replaced = self.get_text_range(start, end)
        tail = lines[bottom][right:] if bottom < len(lines) else ""
        fresh = text.split("\n")
        fresh[0] = (lines[top][:left] if top < len(lines) else "") + fresh[0]
        column = len(fresh[-1])
        fresh[-1] += tail
        lines[top : bottom + 1] = fresh
        self._text = None
        self.edits += 1
        return EditResult((top + len(fresh) - 1, column), replaced)

    def get_text_range(self, start: Location, end: Location) -> str:
        """Text between two locations."""
        (top, left), (bottom, right) = sorted((start, end))
        if top == bottom:
            return self._lines[top][left:right]
        last = self._lines[bottom][:right] if bottom < len(self._lines) else ""
        return "\n".join((self._lines[top][left:], *self._lines[top + 1 : bottom], last))


class Rows(WrappedDocument):
    """The lines broken into rows."""

    def __init__(self, document: Lines, width: int = 0) -> None:
        self._breaks: list[list[int]] = []
        self._lengths: list[int] = []
        self._tops: list[int] = []
        """Number of rows above each line, and last the number of all rows."""
        super().__init__(document, width)

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Break every line again, where the width has changed: edits keep the rows of theirs."""
        del tab_width
        if width == self._width and len(self._breaks) == self.document.line_count:
            return
        self._width = width
        self._breaks = [breaks(line, width) for line in self.document.lines]
        self._lengths = [len(line) for line in self.document.lines]
        self._tops = [0]
        self._count_rows(0)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Break the edited lines again."""
        lines = self.document.lines
        old_last = len(self._breaks) - 1
        top, old_bottom = sorted((clamp(start[0], 0, old_last), clamp(old_end[0], 0, old_last)))
        new_bottom = clamp(max(top, new_end[0]), 0, len(lines) - 1)
        stayed = self._breaks[old_bottom], self._lengths[old_bottom]
        fresh: list[list[int]] = []
        for place, line in enumerate(lines[top : new_bottom + 1], top):
            head, first = (self._breaks[top], start[1]) if place == top else ([], 0)
            tail, old_length = stayed if place == new_bottom else ([], 0)
            edited = Edited(first, head, old_end[1], tail, len(line) - old_length)
            fresh.append(rebroken(line, self._width, edited))
        rows_differ = top != old_bottom or top != new_bottom or len(fresh[0]) != len(self._breaks[top])
        self._breaks[top : old_bottom + 1] = fresh
        self._lengths[top : old_bottom + 1] = [len(line) for line in lines[top : new_bottom + 1]]
        if rows_differ:
            self._count_rows(top)

    def _count_rows(self, first: int) -> None:
        heights = (len(line_breaks) + 1 for line_breaks in self._breaks[first:])
        self._tops[first:] = accumulate(heights, initial=self._tops[first])

    @property
    def height(self) -> int:
        """Number of rows."""
        return self._tops[-1]

    def get_offsets(self, line_index: int) -> list[int]:
        """Columns at which the rows of a line after its first begin."""
        if not 0 <= line_index < len(self._breaks):
            raise ValueError(f"line {line_index} of {len(self._breaks)}")
        return self._breaks[line_index]

    def row_at(self, y: int) -> tuple[int, int, int]:
        """The line of a row, and the row's columns; the last row beyond the end."""
        y = clamp(y, 0, self.height - 1)
        index = bisect_right(self._tops, y) - 1
        line_breaks, place = self._breaks[index], y - self._tops[index]
        start = line_breaks[place - 1] if place else 0
        return index, start, line_breaks[place] if place < len(line_breaks) else self._lengths[index]

    def location_to_offset(self, location: Location) -> Offset:
        """Offset at which a location is drawn: cells, and rows from the top of the text."""
        index = clamp(location[0], 0, len(self._breaks) - 1)
        line_breaks = self._breaks[index]
        place = row_of(line_breaks, location[1])
        start = line_breaks[place - 1] if place else 0
        return Offset(cells_of(self.document[index][start : location[1]]), self._tops[index] + place)

    def offset_to_location(self, offset: Offset) -> Location:
        """The location at an offset; the nearest where there is none."""
        index, start, end = self.row_at(max(0, offset.y))
        line = self.document[index]
        column = start + column_at(line[start:end], max(0, offset.x))
        # The end of a row that is not its line's last is where the next row begins.
        return index, column if column < end or end == len(line) else before(line, end)

    def get_sections(self, line_index: int) -> list[str]:
        """The rows of a line as text."""
        line, line_breaks = self.document[line_index], self._breaks[line_index]
        return [line[a:b] for a, b in zip([0, *line_breaks], [*line_breaks, len(line)], strict=True)]


class Steps(DocumentNavigator):
    """Locations that the caret goes to from a place."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._rows = rows
        self._lines: Sequence[str] = rows.document.lines

    def get_location_left(self, location: Location) -> Location:
        """One cluster back, or to the end of the line above."""
        row, column = location
        if column:
            return row, before(self._lines[row], column)
        return (row - 1, len(self._lines[row - 1])) if row else (0, 0)

    def get_location_right(self, location: Location) -> Location:
        """One cluster on, or to the beginning of the line below."""
        row, column = location
        if column < len(self._lines[row]):
            return row, after(self._lines[row], column)
        return (row + 1, 0) if row + 1 < len(self._lines) else location

    def get_location_above(self, location: Location) -> Location:
        """One row up; the beginning from the first."""
        x, y = self._rows.location_to_offset(location)
        return self._rows.offset_to_location(Offset(max(x, self.last_x_offset), y - 1)) if y else (0, 0)

    def get_location_below(self, location: Location) -> Location:
        """One row down; the end from the last."""
        x, y = self._rows.location_to_offset(location)
        if y + 1 >= self._rows.height:
            return len(self._lines) - 1, len(self._lines[-1])
        return self._rows.offset_to_location(Offset(max(x, self.last_x_offset), y + 1))
