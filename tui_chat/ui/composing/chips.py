"""Long pastes that stand in the composer as one marker each, like `[Pasted 1,204 lines · 58 KB #1]`.

In the document a marker's brackets are lone surrogates, of which the first says whose marker it is. Nobody can type or
paste one, so a text that looks like a marker never is one; they are drawn as brackets and never leave the composer.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tui_chat.core import figures
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.ui.composing.editable import Location
from tui_chat.workspace.pieces import is_long, line_count

_FIRST, _MOST = 0xD800, 0x400
_END: Final = "\udfff"
_MARKER: Final = lazy_pattern(f"([\ud800-\udbff])[^\ud800-\udfff\n]*{_END}")
_DRAWN: Final = {**dict.fromkeys(range(_FIRST, _FIRST + _MOST), "["), ord(_END): "]"}
LONGEST_MARKER: Final = 80
EDITED_IN_PLACE: Final = 1024 * 1024
"""Longest paste, in characters, that is edited in place; a longer one is shown apart."""
KEPT_CHARACTERS: Final = 32 * 1024 * 1024
"""Characters of sent pastes that are remembered, so that they are chips again when they come back."""


def drawn(text: str) -> str:
    """Text of the document as it is drawn."""
    return text if text.isascii() else text.translate(_DRAWN)


def size_words(text: str) -> str:
    """Size of a text, for people."""
    size = len(text.encode("utf-8", "replace"))
    lines = line_count(text)
    return f"{lines:,} line{'s' if lines > 1 else ''} · {figures.size(size)}"


class Chip(msgspec.Struct, frozen=True):
    """A chip at its place."""

    start: Location
    end: Location
    contents: str


class Chips:
    """The chips of one text."""

    def __init__(self) -> None:
        self._contents: dict[str, str] = {}
        """Pasted texts by the character that their markers begin with, the latest last."""
        self._markers: dict[str, str] = {}
        self._count = 0

    @property
    def is_empty(self) -> bool:
        """There is no chip."""
        return not self._contents

    def add(self, text: str) -> str:
        """Keep a text and give its marker."""
        self._count += 1
        code = chr(_FIRST + self._count % _MOST)
        self._contents.pop(code, None)
        self._contents[code] = text
        self._markers[code] = f"{code}Pasted {size_words(text)} #{self._count}{_END}"
        return self._markers[code]

    def expand(self, text: str) -> str:
        """Text of the document with its markers expanded."""
        return "".join(self.split(text))

    def split(self, text: str) -> tuple[str, ...]:
        """The pieces of a draft."""
        if _END not in text:
            return (text,)
        pieces = _MARKER.split(text)
        pieces[1::2] = [self._contents.get(code, "") for code in pieces[1::2]]
        return tuple(pieces)

    def join(self, pieces: tuple[str, ...]) -> str:
        """The text of the document for the pieces of a draft."""
        return "".join(self.add(piece) if place % 2 else piece for place, piece in enumerate(pieces))

    def fold(self, text: str) -> str:
        """Put a marker in the place of every known paste in a text."""
        for code, contents in reversed(self._contents.items()):
            if len(contents) <= len(text) and contents in text:
                text = text.replace(contents, self._markers[code])
        return text

    def shorten(self, text: str) -> str:
        """Pasted text for the document: a marker where it is long."""
        folded = self.fold(text)
        return self.add(text) if is_long(folded) else folded

    def take_back(self, text: str) -> str:
        """Text for the document from a text that comes back: folded, and one marker where even then it is too long to
        edit."""
        folded = self.fold(text)
        return folded if len(folded) <= EDITED_IN_PLACE else self.add(text)

    def has_any(self, text: str) -> bool:
        """Say whether a text has a marker."""
        return _END in text

    def between(self, line: str, start: int, end: int) -> list[tuple[int, int, str]]:
        """Markers that reach into these columns of a line: start, end, and the paste."""
        first = max(0, start - LONGEST_MARKER)
        found = _MARKER.finditer(line[first : end + LONGEST_MARKER])
        return [
            (first + marker.start(), first + marker.end(), self._contents.get(marker[1], ""))
            for marker in found
            if first + marker.start() < end and first + marker.end() > start
        ]

    def under(self, lines: Sequence[str], place: Location) -> Chip | None:
        """The chip that is drawn at a place."""
        row, column = place
        found = self.between(lines[row], column, column + 1)
        return next((Chip((row, start), (row, end), contents) for start, end, contents in found), None)

    def nearest(self, lines: Sequence[str], caret: Location) -> Chip | None:
        """The chip at the caret, else the last one before it, else the first after it."""
        chips = [
            Chip((row, start), (row, end), contents)
            for row, line in enumerate(lines)
            if not line.isascii()
            for start, end, contents in self.between(line, 0, len(line))
        ]
        at = [chip for chip in chips if chip.start <= caret <= chip.end]
        behind = [chip for chip in chips if chip.end < caret]
        return next(iter(at or behind[-1:] or chips), None)

    def around(self, line: str, column: int) -> tuple[int, int] | None:
        """The marker that a column is inside of, its edges not counted."""
        return next(
            ((begin, end) for begin, end, _ in self.between(line, column, column) if begin < column < end), None
        )

    def forget_old(self) -> None:
        """Forget the oldest pastes beyond the limit. Nothing may refer to them: neither text nor undo."""
        kept = 0
        for code, contents in reversed(list(self._contents.items())):
            kept += len(contents)
            if kept > KEPT_CHARACTERS:
                del self._contents[code]
