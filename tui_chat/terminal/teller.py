"""Writes cells to a terminal in few bytes: knows its pen and its cursor, and changes them as little as it must."""

from typing import Final

from tui_chat.terminal.cells import Cell, CellTable, Pen, Row
from tui_chat.terminal.scrolling import Scroll

_FEWEST_TO_END: Final = 4
"""Blanks up to the end of a row that are erased rather than written."""
_FEWEST_ERASED: Final = 11
"""Blanks between other cells that are: they take a move besides."""


class Teller:
    """Collects what is to be written. All places are counted from 0."""

    def __init__(self, table: CellTable, *, erases: bool) -> None:
        """`erases` says that erased cells get the pen's background."""
        self._table = table
        self._erases = erases
        self._out: list[str] = []
        self._pen: Pen | None = None
        self._cursor: tuple[int, int] | None = None
        """Column and row; None where that is not known, as after the last column was written."""

    def forget(self) -> None:
        """Take the pen and the cursor for unknown."""
        self._out = []
        self._pen = self._cursor = None

    def finish(self, cursor: tuple[int, int] | None) -> str:
        """Leave the cursor at its place and no link open; all that is to be written."""
        if self._pen is not None and self._pen.link:
            pen = self._pen
            self._change(self._table.pen(pen.colour, pen.background, pen.attributes, ""))
        if cursor is not None:
            self._move(*cursor)
        told, self._out = "".join(self._out), []
        return told

    def scroll(self, scroll: Scroll) -> None:
        """Move rows; nothing may be known of those that come in."""
        way = "S" if scroll.count > 0 else "T"
        self._out.append(f"\x1b[{scroll.top + 1};{scroll.bottom + 1}r\x1b[{abs(scroll.count)}{way}\x1b[r")
        self._cursor = None

    def tell(self, y: int, start: int, end: int, row: Row) -> None:
        """Tell a part of a row, which begins and ends with whole characters; as far as its cells are known."""
        columns = len(row)
        last = min(end, columns - self._tail(row)) if row[end - 1] is row[-1] else end
        x = start
        while x < last:
            cell = row[x]
            if cell is None or not cell.width:
                x += 1
            elif cell is cell.pen.blank:
                x = self._tell_blanks(y, x, last, cell, row)
            else:
                stop = _stop(row, x, last)
                self._write("".join([each.text for each in row[x:stop] if each]), cell.pen, x, y, stop - x, columns)
                x = stop
        if last < end:
            blank = row[-1]
            first = max(start, last)
            if blank is not None and columns - first >= _FEWEST_TO_END and self._can_erase(blank):
                self._change(self._table.for_blanks(self._pen, blank))
                self._move(first, y)
                self._out.append("\x1b[K")
            elif blank is not None:
                self._tell_blanks(y, first, end, blank, row)

    def tell_whole(self, y: int, row: Row) -> None:
        """Tell a row in which terminals do not agree where a character ends: each such one is told on blanks, and what
        follows it is put at its own place."""
        columns = len(row)
        for x, cell in enumerate(row):
            if cell is None or not cell.width:
                continue
            if cell.is_unsure:
                self._write(" " * cell.width, cell.pen, x, y, cell.width, columns)
                self._cursor = None
            self._write(cell.text, cell.pen, x, y, cell.width, columns)
            if cell.is_unsure:
                self._cursor = None

    def _tell_blanks(self, y: int, start: int, end: int, blank: Cell, row: Row) -> int:
        """Tell the blanks that are alike from one on; where they end."""
        stop = start + 1
        while stop < end and row[stop] is blank:
            stop += 1
        pen = self._table.for_blanks(self._pen, blank)
        count = stop - start
        if count >= _FEWEST_ERASED and self._can_erase(blank):
            self._change(pen)
            self._move(start, y)
            self._out.append(f"\x1b[{count}X")
        else:
            self._write(" " * count, pen, start, y, count, len(row))
        return stop

    def _can_erase(self, blank: Cell) -> bool:
        return blank.pen.leaves_blank and (self._erases or not blank.pen.background)

    @staticmethod
    def _tail(row: Row) -> int:
        """Number of cells at the end of a row that are one blank."""
        last = row[-1]
        if last is None or last is not last.pen.blank:
            return 0
        count = 1
        while count < len(row) and row[-1 - count] is last:
            count += 1
        return count

    def _write(self, text: str, pen: Pen, x: int, y: int, width: int, columns: int) -> None:
        self._move(x, y)
        self._change(pen)
        self._out.append(text)
        self._cursor = (x + width, y) if x + width < columns else None

    def _change(self, pen: Pen) -> None:
        if pen is not self._pen:
            self._out.append(self._table.way(self._pen, pen))
            self._pen = pen

    def _move(self, x: int, y: int) -> None:
        if self._cursor == (x, y):
            return
        absolute = f"\x1b[{y + 1}H" if not x else f"\x1b[{y + 1};{x + 1}H"
        if self._cursor is not None and self._cursor[1] == y and self._cursor[0] < x:
            by = x - self._cursor[0]
            absolute = min(f"\x1b[{by}C" if by > 1 else "\x1b[C", absolute, key=len)
        self._out.append(absolute)
        self._cursor = (x, y)


def _stop(row: Row, start: int, end: int) -> int:
    """Where the cells end that are written with the pen of the first, single blanks between them included."""
    first = row[start]
    if first is None:
        return start + 1
    pen = first.pen
    for x in range(start + 1, end):
        cell = row[x]
        if cell is None or (cell is pen.blank and x + 1 < end and row[x + 1] is cell):
            return x
        if cell.pen is not pen and cell is not pen.blank:
            return x
    return end
