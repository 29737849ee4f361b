"""The rows of a code block: the line above it, and its lines, folded, on a ground of their own or beside a rail."""

from collections.abc import Iterable
from typing import Final

from rich.segment import Segment

from tui_chat.ui.transcript.lexing import Token
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.wrapping import SegmentRow, divided, fold

COPY_MARK: Final = "copy "
"""Mark on the line above a code block; a click on it copies the code."""
_MOST_NAMED: Final = 40
"""Characters of a language's name."""


def inset(palette: Palette) -> int:
    """Cells before a line of code: its ground's edge, or a rail and a space where it has no ground."""
    return 1 if palette.has_code_ground else 2


def head(language: str, room: int, palette: Palette) -> SegmentRow:
    """The line above a block."""
    name = language[:_MOST_NAMED]
    beside = room - inset(palette)
    mark = COPY_MARK if len(name) + len(COPY_MARK) < beside else ""
    words = name[:beside].ljust(beside - len(mark)) + mark
    return [_edge("┌ ", palette), Segment(words, palette.on("muted", "code-background"))]


def line(tokens: Iterable[Token], room: int, palette: Palette) -> list[SegmentRow]:
    """A line of code as one row or more."""
    ground = palette.on("code", "code-background")
    cells = [Segment(token, palette.on(name, "code-background") if name else ground) for token, name in tokens]
    text = "".join(segment.text for segment in cells)
    rows: list[SegmentRow] = []
    for row in divided(cells, fold(text, room - 2)):
        used = sum(segment.cell_length for segment in row)
        end = Segment(" " * max(0, room - inset(palette) - used), ground)
        rows.append([_edge("│ ", palette), *row, end])
    return rows


def _edge(rail: str, palette: Palette) -> Segment:
    if palette.has_code_ground:
        return Segment(" ", palette.on("code", "code-background"))
    return Segment(rail, palette.on("border-blurred"))
