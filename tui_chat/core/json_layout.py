"""A JSON text laid out for reading while it arrives: runs of one kind, line breaks, and folds.

The layout only grows at its end, so a view can go on from where it was. A fold is a line break for the eye only, set
after a newline that is escaped in a string: code in an argument can be read so, and without its folds
the layout is still the JSON that was sent.
"""

from enum import StrEnum
from typing import Final, NamedTuple

PIECE: Final = 512
"""Characters up to which neighbouring pieces of one kind are joined."""
INDENT: Final = "  "


class Mark(StrEnum):
    """What a piece of the layout is."""

    PUNCTUATION = "punctuation"
    KEY = "key"
    STRING = "string"
    ESCAPE = "escape"
    NUMBER = "number"
    LITERAL = "literal"
    INVALID = "invalid"
    """Everything from the problem on, as it came."""
    BREAK = "break"
    """A new line; the text is its indentation."""
    FOLD = "fold"
    """A new line for the eye only; the text is its indentation."""


class Piece(NamedTuple):
    """A run of the layout."""

    mark: Mark
    text: str


class JsonLayout:
    """The pieces so far."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        """Grows at the end: new pieces, and the last one by more text."""

    @property
    def end(self) -> tuple[int, int]:
        """Where the next run begins: a piece, and the characters before it in that piece."""
        pieces = self.pieces
        if pieces and pieces[-1].mark not in (Mark.BREAK, Mark.FOLD):
            return len(pieces) - 1, len(pieces[-1].text)
        return len(pieces), 0

    def put(self, mark: Mark, text: str) -> None:
        """Add a run to the line."""
        pieces = self.pieces
        if pieces and pieces[-1].mark is mark and len(pieces[-1].text) < PIECE:
            pieces[-1] = Piece(mark, pieces[-1].text + text)
        else:
            pieces.append(Piece(mark, text))

    def break_line(self, depth: int) -> None:
        """Begin a line."""
        self.pieces.append(Piece(Mark.BREAK, INDENT * depth))

    def fold_line(self, depth: int) -> None:
        """Begin a line for the eye only."""
        self.pieces.append(Piece(Mark.FOLD, INDENT * depth))

    def text(self) -> str:
        """The lines, without the folds."""
        return "".join(
            "\n" + text if mark is Mark.BREAK else "" if mark is Mark.FOLD else text for mark, text in self.pieces
        )
