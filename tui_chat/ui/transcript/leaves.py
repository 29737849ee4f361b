"""Leaves: the small immutable pieces that a message is cut into for measuring and painting.

A leaf never grows beyond a screen or so, whatever the message does, so that the price of a frame does not depend on
the size of a message. It keeps its source text; inline Markdown, wrapping and colours come when it is drawn.
"""

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

CODE_LINES = 32
"""Most lines of a code block in one leaf."""
CODE_CHARACTERS = 24_000
"""Most characters of code in one leaf: longer lines are cut to what is left of them."""
LINE_CHARACTERS = 750
"""Most characters of a line of code that are shown."""
CUT_LINE: Final = " … (too long a line: its rest is in the raw view, and in what is copied)"
PLAIN_LINES = 32
"""Most lines of verbatim text in one leaf."""
PARAGRAPH_CHARACTERS = 3_000
"""Characters after which a giant paragraph is cut, at the next space between two letters."""
_SPACE_BETWEEN_LETTERS: Final = re.compile(r"(?<=[^\W\d_])[ \n](?=[^\W\d_])")


class Kind(IntEnum):
    """Kind of a leaf."""

    PARAGRAPH = 0
    HEADING = 1
    CODE = 2
    ROW = 3
    RULE = 4
    PLAIN = 5
    """Verbatim text: what a person typed, what a tool returned."""
    LABEL = 6
    """A line of ours about the message: who speaks, folded reasoning, a tool call, how it ended."""


class MarkRole(IntEnum):
    """Kind of a mark in the margin before a leaf."""

    BULLET = 0
    NUMBER = 1
    TODO = 2
    DONE = 3
    QUOTE = 4


class Mark(NamedTuple):
    """A container that a leaf stands in."""

    role: MarkRole
    text: str
    """Text drawn where the container opens; elsewhere as many spaces, save for quotes."""
    opens: bool
    """The leaf is the first one of the container."""


JOINT: Final = " · "
"""Between facts of a line. What begins with it follows its words as one more."""


class Leaf(NamedTuple):
    """One piece. Equal leaves look the same in the same section."""

    kind: Kind
    text: str = ""
    """Source: inline Markdown of a paragraph or heading, lines of code, verbatim text; of a row one cell a line."""
    marks: tuple[Mark, ...] = ()
    gap: bool = True
    """An empty row stands before it, unless it is the first of its section."""
    level: int = 0
    """Heading: 1 to 6. Code: the number of this piece in its block. Row: 1 for a table's header. Label: its tone."""
    info: str = ""
    """Code: the language as written. Row: one of `l`, `c`, `r` for each column. Label: what follows, dimmed."""
    shorter: str = ""
    """Label: what takes the place of `info` where that does not fit on one row."""
    end: str = ""
    """Label: what stands at the right edge where there is room; no part of the text."""
    anchor: int = -1
    """Code and rows: the line that their block begins at, which is its name within the message; else -1."""

    @property
    def cells(self) -> list[str]:
        """Row: inline Markdown of each cell."""
        return self.text.split("\n")


class Placed(NamedTuple):
    """A leaf and the line, within what was parsed or, outside the block stream, within the message, that it begins
    at."""

    line: int
    leaf: Leaf


class PlainStream:
    """Text that arrives in pieces as verbatim leaves, as a block stream makes leaves of Markdown."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open = ""
        self._line = 0

    @property
    def references(self) -> dict[str, dict[str, object]]:
        """None: nothing of it is parsed."""
        return {}

    def feed(self, text: str) -> None:
        """Add text; it costs nothing until `advance`."""
        self._pieces.append(text)

    def advance(self) -> tuple[list[Placed], list[Placed]]:
        """Leaves that will not change any more, and those that follow them for now."""
        lines = "".join((self._open, *self._pieces)).split("\n")
        self._pieces.clear()
        final: list[Placed] = []
        whole = (len(lines) - 1) // PLAIN_LINES * PLAIN_LINES
        for at in range(0, whole, PLAIN_LINES):
            final += plain_leaves("\n".join(lines[at : at + PLAIN_LINES]), self._line + at)
        self._line += whole
        self._open = "\n".join(lines[whole:])
        return final, plain_leaves(self._open.rstrip("\n"), self._line) if self._open.strip("\n") else []

    def finish(self) -> list[Placed]:
        """The remaining leaves."""
        final, rest = self.advance()
        return [*final, *rest]


def plain_leaves(text: str, first_line: int = 0) -> list[Placed]:
    """Verbatim text in pieces."""
    lines = text.split("\n")
    return [
        Placed(first_line + at, Leaf(Kind.PLAIN, part, gap=False))
        for at in range(0, len(lines), PLAIN_LINES)
        for part in _slices("\n".join(lines[at : at + PLAIN_LINES]))
    ]


def _slices(piece: str) -> list[str]:
    """Slices of a text of a few screens at most, even without a line end."""
    limit = PARAGRAPH_CHARACTERS * 2
    return [piece[at : at + limit] for at in range(0, len(piece), limit)] or [""]


def shown_code(lines: Sequence[str]) -> str:
    """Lines of one leaf of code, giant ones cut."""
    if sum(map(len, lines)) <= CODE_CHARACTERS:
        return "\n".join(lines)
    left = CODE_CHARACTERS
    shown: list[str] = []
    for line in lines:
        room = max(LINE_CHARACTERS, left)
        left -= min(len(line), room)
        shown.append(line if len(line) <= room else line[:room] + CUT_LINE)
    return "\n".join(shown)


def paragraph_cuts(text: str) -> list[tuple[int, int]]:
    """Start and end of each piece of a paragraph: cut at a space between two letters past every `PARAGRAPH_CHARACTERS`,
    and without one anywhere after twice as many. All but the last piece stay when the paragraph grows."""
    cuts: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > PARAGRAPH_CHARACTERS:
        middle, end = start + PARAGRAPH_CHARACTERS, start + 2 * PARAGRAPH_CHARACTERS
        space = _SPACE_BETWEEN_LETTERS.search(text, middle, end + 1)
        if space is None and end >= len(text):
            break
        cuts.append((start, space.start() if space else end))
        start = space.end() if space else end
    return [*cuts, (start, len(text))]
