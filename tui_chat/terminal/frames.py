"""A frame as the screen's painter gives it: cells that come to stand at places.

It is read back from the text that would be written to a terminal. That takes little, since the painter keeps the text
of what did not change, and so the cells of a text that came before are known.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from tui_chat.terminal.cells import Cell, CellTable, Pen

_MOVE: Final = re.compile(r"\x1b\[([0-9]{1,4}+);([0-9]{1,4}+)H")
_CHANGE: Final = re.compile(r"(?:\x1b\[([0-9;]*+)m|\x1b\]8;([^\x00-\x1f\x7f-\x9f]*+)\x1b\\)")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_JOINS_NOTHING: Final = re.compile("\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])")
"""A joiner that may have been the end of a text: the painter counts it so, but where no looks part them it cannot be
seen that another text began."""
MOST_KEPT: Final = 2048
"""Texts whose cells are kept."""


class Frame(msgspec.Struct, frozen=True):
    """What is painted at once."""

    text: str
    """Begins with a move, as each piece in it does; if the last one has no text, the cursor stays there."""
    columns: int
    rows: int
    shows_cursor: bool = False
    is_synchronised: bool = False
    """The terminal shows it once it is whole."""


class Piece(NamedTuple):
    """Cells beside each other; counted from 0."""

    x: int
    y: int
    cells: list[Cell]


class UnknownFormError(ValueError):
    """A frame is not in the form that the painter uses."""


class FrameReader:
    """Reads the pieces of frames."""

    def __init__(self, table: CellTable) -> None:
        self._table = table
        self._known: dict[str, list[Cell]] = {}

    def read(self, frame: Frame) -> tuple[list[Piece], tuple[int, int] | None]:
        """The pieces, and where the cursor is left (column and row); None where that is behind the last piece. Raises
        `UnknownFormError`."""
        parts = _MOVE.split(frame.text)
        if parts[0]:
            raise UnknownFormError
        pieces: list[Piece] = []
        place: tuple[int, int] | None = None
        for at in range(1, len(parts), 3):
            y, x, text = int(parts[at]) - 1, int(parts[at + 1]) - 1, parts[at + 2].removesuffix("\n")
            place = None if text else (x, y)
            if not text:
                continue
            if (cells := self._known.get(text)) is None:
                cells = self._keep(text)
            if not (0 <= y < frame.rows and x >= 0 and x + len(cells) <= frame.columns):
                raise UnknownFormError
            pieces.append(Piece(x, y, cells))
        if place and not (0 <= place[0] < frame.columns and 0 <= place[1] < frame.rows):
            raise UnknownFormError
        return pieces, place

    def _keep(self, text: str) -> list[Cell]:
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        cells = self._known[text] = self._cells(text)
        return cells

    def _cells(self, text: str) -> list[Cell]:
        cells: list[Cell] = []
        for words, pen in self._written(text):
            if _CONTROL.search(words) or (pen is self._table.plain and _JOINS_NOTHING.search(words)):
                raise UnknownFormError
            self._table.cells_of(words, pen, cells)
        return cells

    def _written(self, text: str) -> Iterator[tuple[str, Pen]]:
        """The texts, each with what it is written with. The painter switches all off before it switches on."""
        link = parameters = ""
        pen: Pen | None = self._table.plain
        parts = _CHANGE.split(text)
        for at in range(0, len(parts), 3):
            if words := parts[at]:
                if pen is None:
                    raise UnknownFormError
                yield words, pen
            if at + 1 < len(parts):
                looks, target = parts[at + 1], parts[at + 2]
                if target is not None:
                    link = "" if target == ";" else target
                elif parameters and looks not in {"", "0"}:
                    raise UnknownFormError
                else:
                    parameters = "" if looks in {"", "0"} else looks
                pen = self._table.pen_of(parameters, link)
        if link or parameters:
            raise UnknownFormError
