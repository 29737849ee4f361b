"""A long text broken into rows of one width while it grows: each piece is looked at once."""

from typing import Final

from rich.cells import cell_len, chop_cells

from tui_chat.core.json_layout import Mark, Piece
from tui_chat.core.json_levels import Place
from tui_chat.core.sanitize import sanitize
from tui_chat.ui.rows.rows import Ink, Row, Run

TAB = "    "
INKS: dict[Mark, Ink] = {mark: Ink(mark) for mark in Mark if mark not in (Mark.BREAK, Mark.FOLD)}


KEPT: Final = 200
"""Rows that are kept of a text that is too long."""
LONGEST: Final = 1_000
"""Rows up to which all are kept, where not all must be."""


class Flow:
    """Rows of a text that grows at its end."""

    def __init__(self, width: int, *, indent: str = "", keeps_all: bool = True, start: Place = (0, 0)) -> None:
        """`indent` stands before each row; `start` is the place in a layout where `follow` begins. Where not all is
        kept, only the last rows are of a text that is too long."""
        self._width = max(1, width)
        self._margin = indent
        self._indent = indent
        self._open: list[Run] = [(Ink.TEXT, indent)] if indent else []
        self._used = len(indent)
        self._piece, self._offset = start
        self._keeps_all = keeps_all
        self.dropped = 0
        """Rows that are not kept any more, before the first of `rows`."""
        self.rows: list[Row] = [tuple(self._open)]
        """The rows laid out so far; the last one may still grow."""

    @property
    def is_whole(self) -> bool:
        """Every row is kept."""
        return not self.dropped

    def follow(self, pieces: list[Piece], until: Place | None = None) -> None:
        """Lay out the part of a layout that came since the last call, up to the place `until`."""
        end, part = until or (len(pieces), 0)
        while self._piece < end or (self._piece == end and part > self._offset):
            mark, text = pieces[self._piece]
            stop = part if self._piece == end else len(text)
            if mark in (Mark.BREAK, Mark.FOLD):
                if self._offset == 0:
                    self.begin_row(text)
                self._offset = 1
            elif stop > self._offset:
                self.put(INKS[mark], text[self._offset : stop])
                self._offset = stop
            if self._piece >= min(end, len(pieces) - 1):
                break
            self._piece += 1
            self._offset = 0

    def put(self, ink: Ink, text: str) -> None:
        """Append text, which may hold newlines and anything else from outside."""
        for number, line in enumerate(sanitize(text).replace("\t", TAB).split("\n")):
            if number:
                self.begin_row("")
            self._run(ink, line)
        self.rows[-1] = tuple(self._open)

    def begin_row(self, indent: str) -> None:
        """Begin a new row."""
        self._indent = self._margin + indent[: self._width // 2]
        self._next_row()
        self.rows[-1] = tuple(self._open)

    def _next_row(self) -> None:
        self.rows[-1] = tuple(self._open)
        self.rows.append(())
        self._open = [(Ink.TEXT, self._indent)] if self._indent else []
        self._used = len(self._indent)
        if not self._keeps_all and len(self.rows) > (LONGEST if not self.dropped else 2 * KEPT):
            self.dropped += len(self.rows) - KEPT
            del self.rows[:-KEPT]

    def _run(self, ink: Ink, text: str) -> None:
        at = 0
        while at < len(text):
            room = self._width - self._used
            if room < 1:
                self._next_row()
                continue
            head = text[at : at + room]
            size = len(head)
            if not head.isascii():
                # A letter may take several characters, and a character two cells: look a little further than the row.
                head = (chop_cells(text[at : at + 4 * room + 16], room) or [""])[0]
                if not head and self._used > len(self._indent):
                    self._next_row()
                    continue
                head = head or text[at]
                size = cell_len(head)
            self._add(ink, head)
            self._used += size
            at += len(head)

    def _add(self, ink: Ink, text: str) -> None:
        if self._open and self._open[-1][0] is ink:
            self._open[-1] = (ink, self._open[-1][1] + text)
        else:
            self._open.append((ink, text))
