"""An app that paints at random: frames as the screen's painter makes them, and what happens to a terminal between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st
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
    "🇩🇪",
    "🇫",
    "😀",
    "\u00ad",
    "\ue0b0",
    "क्षि",
    "กำ",
    "ᄀ",
    "가",
    "⚡",
)
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


@st.composite
def styles(draw: st.DrawFn) -> Style:
    """A style, often a plain one."""
    parts = [draw(st.sampled_from(each)) for each in (COLOURS, BACKGROUNDS, ATTRIBUTES, LINKS)]
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

    def frame(self, pieces: Sequence[tuple[int, int, Strip]], *, is_synchronised: bool, draw: st.DrawFn) -> Frame:
        """A frame of pieces (column, row, strip), with the cursor somewhere."""
        text = "".join(f"\x1b[{y + 1};{x + 1}H{strip.render(CONSOLE)}" for x, y, strip in pieces)
        x, y = draw(st.integers(0, self.columns - 1)), draw(st.integers(0, self.rows - 1))
        return Frame(
            f"{text}\x1b[{y + 1};{x + 1}H",
            self.columns,
            self.rows,
            draw(st.booleans()),
            is_synchronised=is_synchronised,
        )

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
    """Draws what an app does next."""

    draw: st.DrawFn
    words: Sequence[str]
    cuts: bool
    """Pieces may begin and end within a wide character."""
    app: App = field(default_factory=App)
    palette: list[Style] = field(default_factory=list)

    def begin(self) -> None:
        """Lay out a screen of a new size."""
        draw, app = self.draw, self.app
        app.columns, app.rows = draw(st.integers(8, 40)), draw(st.integers(4, 12))
        app.splits = (0, *sorted(draw(st.sets(st.integers(4, app.columns - 1), max_size=2))))
        self.palette = draw(st.lists(styles(), min_size=1, max_size=4))
        app.content = [[self.strip(app.width(at)) for _ in range(app.rows)] for at in range(len(app.splits))]

    def strip(self, width: int) -> Strip:
        """A row of a widget: some words, then blanks."""
        segments, used = [], 0
        for words, style in self.draw(
            st.lists(
                st.tuples(st.lists(st.sampled_from(self.words), max_size=4), st.sampled_from(self.palette)), max_size=4
            )
        ):
            text = "".join(words)
            if not used and text[:1] and not cell_len(text[0]):
                text = "a" + text
            if (size := cell_len(text)) and used + size <= width:
                segments.append(Segment(text, style))
                used += size
        segments.append(Segment(" " * (width - used), self.draw(st.sampled_from(self.palette))))
        return Strip(segments)

    def step(self) -> Frame:
        """One frame: all, some rows, or rows that moved."""
        draw, app = self.draw, self.app
        pieces = draw(st.sampled_from((self._all, self._some, self._moved, self._moved)))()
        return app.frame(pieces, is_synchronised=draw(st.booleans()), draw=draw)

    def whole(self) -> Frame:
        """All of the screen."""
        return self.app.frame(self.app.whole(), is_synchronised=self.draw(st.booleans()), draw=self.draw)

    def _all(self) -> list[tuple[int, int, Strip]]:
        return self.app.whole()

    def _some(self) -> list[tuple[int, int, Strip]]:
        draw, app = self.draw, self.app
        pieces = []
        for _ in range(draw(st.integers(1, 3))):
            at, y = draw(st.integers(0, len(app.splits) - 1)), draw(st.integers(0, app.rows - 1))
            width = app.width(at)
            app.content[at][y] = self.strip(width)
            pieces.append((app.splits[at], y, app.content[at][y]))
            if self.cuts:
                size = draw(st.integers(1, width))
                pieces.append((app.splits[at] + draw(st.integers(0, width - size)), y, self.strip(size)))
        return pieces

    def _moved(self) -> list[tuple[int, int, Strip]]:
        """The rows of one widget move, all or some, and others come in."""
        draw, app = self.draw, self.app
        at = draw(st.integers(0, len(app.splits) - 1))
        top = draw(st.integers(0, app.rows - 2))
        below = draw(st.integers(top + 2, app.rows))
        count = draw(st.integers(1, below - top))
        new = [self.strip(app.width(at)) for _ in range(count)]
        rows, moved = app.content[at], app.content[at][top:below]
        rows[top:below] = moved[count:] + new if draw(st.booleans()) else new + moved[:-count]
        pieces = [(app.splits[at], y, rows[y]) for y in range(top, below)]
        if draw(st.booleans()):  # a scrollbar goes along
            other = draw(st.integers(0, len(app.splits) - 1))
            y = draw(st.integers(0, app.rows - 1))
            app.content[other][y] = self.strip(app.width(other))
            pieces.append((app.splits[other], y, app.content[other][y]))
        return pieces
