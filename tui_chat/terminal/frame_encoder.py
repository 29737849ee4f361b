"""Frames as a terminal needs to be told them: only what differs from what it holds.

What it holds is known from what it was told, so an encoder sees every write in the order in which they go out, and a
frame is encoded when it is written and not before: one that is dropped then changes nothing here. Whatever may have
changed the screen otherwise has to be said with `forget`; what is not known is told again. The rules for terminals
that differ are in `abilities`.
"""

import re
from collections.abc import Callable, Iterable
from operator import is_not
from typing import Final

from tui_chat.terminal.abilities import Abilities
from tui_chat.terminal.cells import ALL_OFF, Cell, CellTable, Row
from tui_chat.terminal.frames import Frame, FrameReader, Piece, UnknownFormError
from tui_chat.terminal.scrolling import Scroll, find_scroll
from tui_chat.terminal.teller import Teller

FRAME_BEGINS: Final = "\x1b[?2026h"
FRAME_ENDS: Final = "\x1b[?2026l"
HIDE_CURSOR: Final = "\x1b[?25l"
SHOW_CURSOR: Final = "\x1b[?25h"
_LEAVES_SCREEN: Final = re.compile(
    r"(?:\x07|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[\?(?:1000|1002|1003|1004|1006|1015|1016|2004|2031|2026|2048)[hl]"
    r"|\x1b\[\?[\d;]+\$p|\x1b\[\?996n|\x1b\[c|\x1b\[[<>=?][\d;]*[um]|\x1b\[\d* q|\x1b\[2[23];\d+t)*"
)
"""Writes that leave the cells, the pen and the cursor: bells, strings, the mouse, keys, questions, the title."""
MOST_CELLS: Final = 20_000
"""Different pens, and cells beyond ASCII, that are kept; beyond that all begins anew."""
_SAID_AGAIN: Final = 4
"""Cells that did not change and are told rather than jumped over."""
_NARROW: Final = 2
"""A run of so few cells is told after all wider ones: a scrollbar's are in one pen, and so are told in a row."""


class FrameEncoder:
    """Knows what one terminal holds."""

    def __init__(self, abilities: Abilities, width: Callable[[str], int]) -> None:
        """`width` counts the cells of a text as those do who lay out the screen."""
        self._abilities = abilities
        self._width = width
        self._rows: list[Row] = []
        self._knows_all = False
        """No cell is unknown."""
        self._begin()

    def _begin(self) -> None:
        self._table = CellTable(self._width, doubts_ambiguous=self._abilities.doubts_ambiguous)
        self._reader = FrameReader(self._table)
        self._teller = Teller(self._table, erases=self._abilities.erases_with_background)
        self._shows_cursor: bool | None = None
        self.forget()

    def forget(self) -> None:
        """Take it that the terminal may hold anything, in any state."""
        self._rows, self._knows_all = [], False
        self._teller.forget()
        self._shows_cursor = None

    def hear(self, text: str) -> None:
        """Take note of a write that is no frame."""
        if not _LEAVES_SCREEN.fullmatch(text):
            self.forget()

    def encode(self, frame: Frame) -> str:
        """What tells the terminal of a frame; empty where it shows it already."""
        if self._table.size > MOST_CELLS:
            self._begin()
        try:
            return self._in_marks(self._told(frame), frame)
        except UnknownFormError:
            return self.as_it_came(frame)

    def as_it_came(self, frame: Frame) -> str:
        """All of a frame, after which nothing is known."""
        self.forget()
        return self._in_marks(ALL_OFF + frame.text, frame)

    def _in_marks(self, body: str, frame: Frame) -> str:
        """The frame with what shows or hides the cursor, which is hidden while it moves in sight."""
        was_shown, self._shows_cursor = self._shows_cursor, frame.shows_cursor
        hides = was_shown is None or (was_shown and not (frame.shows_cursor and (frame.is_synchronised or not body)))
        hide = HIDE_CURSOR if hides else ""
        show = SHOW_CURSOR if frame.shows_cursor and (hides or not was_shown) else ""
        told = hide + body + show
        return FRAME_BEGINS + told + FRAME_ENDS if told and frame.is_synchronised else told

    def _told(self, frame: Frame) -> str:
        pieces, cursor = self._reader.read(frame)
        if len(self._rows) != frame.rows or len(self._rows[0]) != frame.columns:
            self._rows, self._knows_all = [[None] * frame.columns for _ in range(frame.rows)], False
        wanted, columns = self._wanted(pieces)
        teller = self._teller
        moves = frame.is_synchronised and self._abilities.scrolls and self._knows_all
        if moves and (scroll := find_scroll(self._rows, wanted, columns)):
            for y in range(scroll.top, scroll.bottom + 1):
                wanted.setdefault(y, self._rows[y])
            self._scroll(scroll)
        wide: list[tuple[int, int, int, Row]] = []
        narrow: list[tuple[int, int, int, Row]] = []
        for y, row in wanted.items():
            held = self._rows[y]
            if held == row:
                pass
            elif self._has_any(self._table.unsure, row, held):
                teller.tell_whole(y, row)
            else:
                has_wide = self._has_any(self._table.behind, row)
                for start, end in _runs(held, row, has_wide=has_wide):
                    (narrow if end - start <= _NARROW else wide).append((y, start, end, row))
            self._rows[y] = row
        for run in wide + narrow:
            teller.tell(*run)
        self._knows_all = self._knows_all or not any(None in row for row in self._rows)
        return teller.finish(cursor)

    def _wanted(self, pieces: Iterable[Piece]) -> tuple[dict[int, Row], tuple[int, int]]:
        """The rows that differ, as they are to be, and the columns (from, to) of the widest piece that does."""
        wanted: dict[int, Row] = {}
        columns = (0, 0)
        for piece in pieces:
            start, end = piece.x, piece.x + len(piece.cells)
            row = wanted.get(piece.y) or self._rows[piece.y]
            if row[start:end] == piece.cells:
                continue
            if piece.y not in wanted:
                row = wanted[piece.y] = row.copy()
            if self._table.behind:
                _blank_halves(row, start, end)
            row[start:end] = piece.cells
            if end - start > columns[1] - columns[0]:
                columns = (start, end)
        return wanted, columns

    def _scroll(self, scroll: Scroll) -> None:
        self._teller.scroll(scroll)
        top, below, count = scroll.top, scroll.bottom + 1, scroll.count
        new: list[Row] = [[None] * len(self._rows[0]) for _ in range(abs(count))]
        moved = self._rows[top:below]
        self._rows[top:below] = moved[count:] + new if count > 0 else new + moved[:count]

    @staticmethod
    def _has_any(cells: set[Cell], *rows: Row) -> bool:
        return bool(cells) and not all(map(cells.isdisjoint, rows))


def _blank_halves(row: Row, start: int, end: int) -> None:
    """Blank what is left of a wide character where others are put over a part of it."""
    first, _ = _whole(row, start, start)
    _, last = _whole(row, end, end)
    _blank(row, first, start)
    _blank(row, end, last)


def _is_behind(row: Row, x: int) -> bool:
    """The cell is covered by a wide one before it."""
    cell = row[x] if 0 <= x < len(row) else None
    return cell is not None and not cell.width


def _blank(row: Row, start: int, end: int) -> None:
    for x in range(start, end):
        cell = row[x]
        row[x] = None if cell is None else cell.pen.blank


def _runs(held: Row, wanted: Row, *, has_wide: bool) -> list[tuple[int, int]]:
    """Where the cells differ, from and to; a few alike between them that are written with the same pen are told too."""
    differing = bytes(map(is_not, held, wanted))
    runs: list[tuple[int, int]] = []
    start = end = -1
    first = differing.find(1)
    while first >= 0:
        last = differing.find(0, first)
        if last < 0:
            last = len(wanted)
        if has_wide:
            first, last = _whole(wanted, first, last)
        if end < 0 or first - end > _SAID_AGAIN or not _is_in_one_pen(wanted[end - 1 : first]):
            if end >= 0:
                runs.append((start, end))
            start = first
        end = last
        first = differing.find(1, last)
    if end >= 0:
        runs.append((start, end))
    return runs


def _whole(row: Row, start: int, end: int) -> tuple[int, int]:
    """The part of a row that has no half of a wide character."""
    while start > 0 and _is_behind(row, start):
        start -= 1
    while _is_behind(row, end):
        end += 1
    return start, end


def _is_in_one_pen(cells: list[Cell | None]) -> bool:
    """All of them are known and can be written with the pen of the first."""
    before = cells[0]
    if before is None:
        return False
    pen = before.pen
    return all(each is not None and (each.pen is pen or each is pen.blank) for each in cells)
