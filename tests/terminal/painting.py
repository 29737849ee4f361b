"""An app that paints at random: frames as the screen's painter makes them, and what happens to a terminal between."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_chat.terminal.frames import Frame

CONSOLE: Final = Console(color_system="truecolor", force_terminal=True)
NARROW: Final = ("a", "b", "c ", " ", "   ", "          ", "               ", "─", "│", "é", "word", "…")
SURE: Final = (*NARROW, "漢", "字 ", "、", "ｗ")
"""Characters of whose width nobody is in doubt."""
AWKWARD: Final = (
    "👍🏽",
    "👩‍💻",
    "❤️",
    "e\u0301",
    "\u0301",
    "😀",
    "\u00ad",
    "\ue0b0",
    "क्षि",
    "กำ",
    "ᄀ",
    "\u1100\u1161",
    "⚡",
)
FLAGS: Final = ("🇩🇪", "🇫")
"""Of two halves, each of which is a character where the other is written over."""
COLOURS: Final = ("", "red", "#102030", "color(200)")
BACKGROUNDS: Final = ("", "on #000000", "on #202020", "on blue")
ATTRIBUTES: Final = (
    "",
    "bold",
    "dim",
    "bold dim",
    "italic",
    "underline",
    "reverse",
    "strike",
    "overline",
    "blink",
    "underline2",
)
LINKS: Final = ("", "", "", "link https://a.example/x")


def style(chance: Random) -> Style:
    """A style, often a plain one."""
    parts = [chance.choice(each) for each in (COLOURS, BACKGROUNDS, ATTRIBUTES, LINKS)]
    return Style.parse(" ".join(filter(None, parts)) or "none")


@dataclass
class App:
    """Widgets beside each other, each with rows of its own; makes frames."""

    columns: int = 0
    rows: int = 0
    splits: tuple[int, ...] = ()
    """First column of each widget."""
    content: list[list[Strip]] = field(default_factory=list)
    """Rows of each widget."""

    def frame(self, pieces: Sequence[tuple[int, int, Strip]], chance: Random) -> Frame:
        """A frame of pieces (column, row, strip), with the cursor somewhere."""
        text = "".join(f"\x1b[{y + 1};{x + 1}H{strip.render(CONSOLE)}" for x, y, strip in pieces)
        cursor = f"\x1b[{chance.randint(1, self.rows)};{chance.randint(1, self.columns)}H"
        is_synchronised = chance.random() < 0.7
        return Frame(text + cursor, self.columns, self.rows, chance.random() < 0.5, is_synchronised=is_synchronised)

    def width(self, at: int) -> int:
        """Columns of a widget."""
        ends = (*self.splits[1:], self.columns)
        return ends[at] - self.splits[at]

    def whole(self) -> list[tuple[int, int, Strip]]:
        """All there is to paint."""
        return [
            (x, y, strip) for x, rows in zip(self.splits, self.content, strict=True) for y, strip in enumerate(rows)
        ]


@dataclass
class Painter:
    """Decides what an app does next."""

    chance: Random
    words: Sequence[str]
    cuts: bool
    """Pieces may begin and end within a wide character."""
    app: App = field(default_factory=App)
    palette: list[Style] = field(default_factory=list)

    def begin(self) -> None:
        """Lay out a screen of a new size."""
        chance, app = self.chance, self.app
        app.columns, app.rows = chance.randint(8, 40), chance.randint(4, 12)
        app.splits = (0, *sorted(chance.sample(range(4, app.columns), chance.randint(0, 2))))
        self.palette = [style(chance) for _ in range(chance.randint(1, 4))]
        app.content = [[self.strip(app.width(at)) for _ in range(app.rows)] for at in range(len(app.splits))]

    def strip(self, width: int) -> Strip:
        """A row of a widget: some words, then blanks."""
        segments, used = [], 0
        for _ in range(self.chance.randint(0, 4)):
            text = "".join(self.chance.choices(self.words, k=self.chance.randint(1, 4)))
            if not cell_len(text[0]):
                text = "a" + text
            if (size := cell_len(text)) and used + size <= width:
                segments.append(Segment(text, self.chance.choice(self.palette)))
                used += size
        segments.append(Segment(" " * (width - used), self.chance.choice(self.palette)))
        return Strip(segments)

    def step(self) -> Frame:
        """One frame: all, some rows, or rows that moved."""
        pieces = self.chance.choice((self.app.whole, self._some, self._moved, self._moved))()
        return self.app.frame(pieces, self.chance)

    def whole(self) -> Frame:
        """All of the screen."""
        return self.app.frame(self.app.whole(), self.chance)

    def _some(self) -> list[tuple[int, int, Strip]]:
        chance, app = self.chance, self.app
        pieces = []
        for _ in range(chance.randint(1, 3)):
            at, y = chance.randrange(len(app.splits)), chance.randrange(app.rows)
            width = app.width(at)
            app.content[at][y] = self.strip(width)
            pieces.append((app.splits[at], y, app.content[at][y]))
            if self.cuts:
                size = chance.randint(1, width)
                pieces.append((app.splits[at] + chance.randint(0, width - size), y, self.strip(size)))
        return pieces

    def _moved(self) -> list[tuple[int, int, Strip]]:
        """The rows of one widget move, all or some, and others come in."""
        chance, app = self.chance, self.app
        at = chance.randrange(len(app.splits))
        top = chance.randint(0, app.rows - 2)
        below = chance.randint(top + 2, app.rows)
        count = chance.randint(1, min(3, below - top))
        new = [self.strip(app.width(at)) for _ in range(count)]
        rows, moved = app.content[at], app.content[at][top:below]
        rows[top:below] = moved[count:] + new if chance.random() < 0.7 else new + moved[:-count]
        pieces = [(app.splits[at], y, rows[y]) for y in range(top, below)]
        if chance.random() < 0.5:  # a scrollbar goes along
            other, y = chance.randrange(len(app.splits)), chance.randrange(app.rows)
            app.content[other][y] = self.strip(app.width(other))
            pieces.append((app.splits[other], y, app.content[other][y]))
        return pieces
