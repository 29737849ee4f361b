"""Spots: characters of the log, by the cells of the painted rows that they stand on, and back.

A spot is a section, a leaf of it and a character of the leaf's text, packed into the offset that Textual keeps: so a
selection stays on its words while the log grows, scrolls and takes another width.
"""

from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.strip import Strip

from tui_chat.ui.transcript.layouts import TextRun

_LEAVES: Final = 1 << 24
"""More than a section will ever have."""


class Spot(NamedTuple):
    """A character of the log."""

    section: int
    leaf: int
    character: int

    def offset(self) -> Offset:
        """The spot as an offset that Textual keeps."""
        return Offset(self.character, self.section * _LEAVES + self.leaf)

    @classmethod
    def of(cls, offset: Offset) -> "Spot":
        """The spot of an offset that Textual kept."""
        return cls(*divmod(offset.y, _LEAVES), offset.x)


def row_with_spots(row: Strip, pieces: tuple[TextRun, ...], first: Spot) -> Strip:
    """A painted row with the characters of the leaf for the mouse; cells beside the text have the nearest character."""
    segments: list[Segment] = []
    text_cuts = _cuts(row, pieces)
    parts = list(row.divide(text_cuts))
    at = pieces[0].start if pieces else first.character
    for number, part in enumerate(parts):
        is_text = number % 2 == 1
        if is_text:
            at = pieces[number // 2].start
        for text, style, control in part:
            base = style or Style()
            if is_text:
                segments.append(Segment(text, base + _meta(first, at), control))
                at += len(text)
            else:
                here = base + _meta(first, at)
                segments += [Segment(character, here, control) for character in text]
    return Strip(segments, row.cell_length)


def _meta(spot: Spot, character: int) -> Style:
    return Style.from_meta({"offset": tuple(spot._replace(character=character).offset())})


def _cuts(row: Strip, pieces: tuple[TextRun, ...]) -> list[int]:
    """Cells at which pieces begin and end, and the row's end."""
    text = row.text
    cuts: list[int] = []
    for piece in pieces:
        character = _character_at(text, piece.column)
        cuts += [piece.column, piece.column + cell_len(text[character : character + piece.end - piece.start])]
    return [*cuts, row.cell_length]


def _character_at(text: str, cell: int) -> int:
    """The character at a cell."""
    if text.isascii():
        return cell
    used = 0
    for number, character in enumerate(text):
        if used >= cell:
            return number
        used += cell_len(character)
    return len(text)


def character_at(row: Strip, pieces: tuple[TextRun, ...], cell: int) -> int:
    """The character of a leaf's text that stands at a cell of a painted row, or nearest to it."""
    for piece in pieces:
        if cell < piece.column:
            return piece.start
        first = _character_at(row.text, piece.column)
        place = piece.start + _character_at(row.text, cell + 1) - 1 - first
        if place < piece.end:
            return place
    return pieces[-1].end


def painted_spans(row: Strip, pieces: tuple[TextRun, ...], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Parts of a leaf's text on a painted row, in characters of the row."""
    found: list[tuple[int, int]] = []
    for piece in pieces:
        base: int | None = None
        for start, end in spans:
            low, high = max(start, piece.start), min(end, piece.end)
            if low < high:
                if base is None:
                    base = _character_at(row.text, piece.column) - piece.start
                found.append((base + low, base + high))
    return found


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
