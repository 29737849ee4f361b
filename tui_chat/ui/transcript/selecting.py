"""Selection by mouse: words as they were written, whatever their wrapping."""

import re
from collections.abc import Sequence
from typing import Final

from textual.geometry import Offset
from textual.selection import Selection
from textual.strip import Strip

from tui_chat.ui.transcript.block_text import Block
from tui_chat.ui.transcript.layouts import Layout, TextRun, as_written, layout
from tui_chat.ui.transcript.leaves import Kind, Leaf, MarkRole
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section
from tui_chat.ui.transcript.spots import Spot, character_at, row_with_spots
from tui_chat.ui.transcript.window import RowPlace

_WORD: Final = re.compile(r"\w+(?:[-'’.]\w+)*|\s+|.", re.DOTALL)


class SelectableText:
    """Gives the mouse the characters under it, and the text between two of them."""

    def __init__(self, transcript: Transcript, renderer: Renderer) -> None:
        self._transcript = transcript
        self._renderer = renderer

    def row_with_spots(self, row: Strip, at: int, place: RowPlace) -> Strip:
        """The painted row of a place in section number `at`, with its characters for the mouse."""
        section, number, _ = place
        number = max(0, number)
        if not section.leaves:
            return row
        found = layout(self._renderer, section, number)
        pieces = _pieces(found, place)
        # A row without text is before all of it or, below a heading, after it.
        is_below = place.row > section.has_gap(number) and not pieces
        return row_with_spots(row, pieces, Spot(at, number, len(found.text) if is_below else 0))

    def word(self, at: int, place: RowPlace, x: int) -> Selection | None:
        """The word, white space or sign at a cell of a place's row; None where the row has no text."""
        section, number, row = place
        found = layout(self._renderer, section, number)
        pieces = _pieces(found, place)
        if not pieces:
            return None
        start, end = word_at(found.text, character_at(self._renderer.rows(section, number)[row], pieces, x))
        return _between(Spot(at, number, start), Spot(at, number, end))

    def block(self, at: int, block: Block) -> Selection:
        """The selection of a whole block."""
        last = block.end - 1
        end = len(layout(self._renderer, block.section, last).text)
        return _between(Spot(at, block.first, 0), Spot(at, last, end))

    def text(self, selection: Selection) -> str:
        """The text under a selection; its open ends are those of the log."""
        start = _spot(selection.start, Spot(0, 0, 0))
        end = _spot(selection.end, Spot(len(self._transcript.sections), 0, 0))
        text = ""
        for at in range(max(0, start.section), min(end.section + 1, len(self._transcript.sections))):
            section = self._transcript.sections[at]
            section.read(self._transcript.width)
            low = start.leaf if at == start.section else 0
            high = end.leaf + 1 if at == end.section else len(section.leaves)
            for number in range(low, min(high, len(section.leaves))):
                here = at, number
                first = start.character if here == start[:2] else 0
                last = end.character if here == end[:2] else None
                piece = _piece(section, number, layout(self._renderer, section, number), first, last)
                if piece is not None:
                    is_apart = section.has_gap(number) or (number == 0 and section.gap > 0)
                    text += ("\n\n" if is_apart else "\n") * bool(text) + piece
        return text


def selected_messages(sections: Sequence[Section], selection: Selection | None) -> tuple[str, ...]:
    """Ids of the messages that a selection touches."""
    if selection is None:
        return ()
    start = _spot(selection.start, Spot(0, 0, 0))
    end = _spot(selection.end, Spot(len(sections), 0, 0))
    touched = sections[max(0, start.section) : end.section + 1]
    return tuple(dict.fromkeys(section.node_id for section in touched if section.node_id))


def _pieces(found: Layout, place: RowPlace) -> tuple[TextRun, ...]:
    """Pieces of the leaf's text on the row of a place."""
    inner = place.row - place.section.has_gap(max(0, place.number))
    return found.rows[inner] if 0 <= inner < len(found.rows) else ()


def _spot(offset: Offset | None, otherwise: Spot) -> Spot:
    return otherwise if offset is None else Spot.of(offset)


def _between(start: Spot, end: Spot) -> Selection:
    return Selection(start.offset(), end.offset())


def word_at(text: str, character: int) -> tuple[int, int]:
    """Start and end of the word, the white space or the sign at a character."""
    for match in _WORD.finditer(text):
        if match.start() <= character < match.end():
            return match.span()
    return len(text), len(text)


def _piece(section: Section, number: int, found: Layout, low: int, high: int | None) -> str | None:
    leaf = section.leaves[number]
    if leaf.kind is Kind.RULE:
        return "---" if not low else None
    if leaf.kind is Kind.LABEL and section.is_folded and number >= len(section.labels):
        return None
    is_whole = low == 0 and (high is None or high >= len(found.text))
    if leaf.kind is Kind.ROW and is_whole:
        return _table_row(leaf)
    high = len(found.text) if high is None else high
    piece = as_written(leaf, low, high) if leaf.kind in (Kind.CODE, Kind.PLAIN) else found.text[low:high]
    return _marks(leaf) + piece if low == 0 and piece else piece


def _table_row(leaf: Leaf) -> str:
    row = "| " + " | ".join(leaf.cells) + " |"
    rules = {"l": "---", "c": ":-:", "r": "--:"}
    return row + "\n| " + " | ".join(rules.get(each, "---") for each in leaf.info) + " |" if leaf.level else row


def _marks(leaf: Leaf) -> str:
    """The marks of a list or quote, in Markdown."""
    written = ""
    for mark in leaf.marks:
        if mark.role is MarkRole.QUOTE:
            written += "> "
        elif not mark.opens:
            written += "  "
        elif mark.role is MarkRole.NUMBER:
            written += mark.text
        else:
            written += {MarkRole.BULLET: "- ", MarkRole.TODO: "- [ ] ", MarkRole.DONE: "- [x] "}[mark.role]
    return written
