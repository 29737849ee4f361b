"""A recording as an animated SVG that needs nothing else: no script, no font from elsewhere.

All frames lie side by side on a strip, which is moved behind a window, one frame at a time. A row that several frames
show is drawn once and used by each. Where nothing may move, the strip stays at the frame that tells most.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, zip_longest

from pyte.screens import Char

from tests.pty.emulator import Emulator
from tests.ui.recording.cast import Cast

CELL_WIDTH, CELL_HEIGHT = 8.4, 16
FONT_PX = 14
BASELINE_PX = 12
MARGIN_PX = 10
FRAME_S = 0.1
"""There is at most one frame in so much time."""
REST_S = 1.5
"""The last frame stays as long before it all begins anew."""
FOREGROUND, BACKGROUND = "#d5dae6", "#14171f"
"""What the terminal would show where the program sets no colour."""
_FONT = f"font:{FONT_PX}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_STYLES = "b{font-weight:bold} .i{font-style:italic} .u{text-decoration:underline} .s{text-decoration:line-through}"


@dataclass(frozen=True)
class _Frame:
    """One picture."""

    at_s: float
    rows: tuple[str, ...]
    """The name of each row; empty where nothing is on it."""


@dataclass
class _Drawn:
    """Rows and colours that are written once, each with the name under which frames use it."""

    rows: dict[str, str] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)

    def frame(self, at_s: float, emulator: Emulator) -> _Frame:
        """Draw the rows that are new in a picture."""
        screen = emulator.screen
        cells = ([screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines))
        return _Frame(at_s, tuple(self._row(row) for row in cells))

    def _row(self, cells: list[Char]) -> str:
        drawn = "".join((*self._grounds(cells), *self._texts(cells)))
        return self.rows.setdefault(drawn, f"r{len(self.rows)}") if drawn else ""

    def _grounds(self, cells: list[Char]) -> Iterator[str]:
        for colour, group in groupby(range(len(cells)), key=lambda x: _colours(cells[x])[1]):
            columns = list(group)
            if colour != BACKGROUND:
                place = f'x="{_px(columns[0])}" width="{_px(len(columns))}" height="{CELL_HEIGHT}"'
                yield f'<rect class="{self._named(colour)}" {place}/>'

    def _texts(self, cells: list[Char]) -> Iterator[str]:
        for classes, group in groupby(range(len(cells)), key=lambda x: self._classes(cells[x])):
            columns = list(group)
            while columns and cells[columns[0]].data == " ":
                columns.pop(0)
            while columns and cells[columns[-1]].data == " ":
                columns.pop()
            if columns:
                words = html.escape("".join(cells[x].data for x in columns), quote=False)
                place = f'x="{_px(columns[0])}" y="{BASELINE_PX}" textLength="{_px(len(columns))}"'
                yield f'<text class="{classes}" {place}>{words}</text>'

    def _classes(self, cell: Char) -> str:
        looks = (("b", cell.bold), ("i", cell.italics), ("u", cell.underscore), ("s", cell.strikethrough))
        return " ".join((self._named(_colours(cell)[0]), *(name for name, is_so in looks if is_so)))

    def _named(self, colour: str) -> str:
        return self.colours.setdefault(colour, f"c{len(self.colours)}")


def draw(cast: Cast, still: str) -> str:
    """Draw a recording; the last frame before the end of the part marked `still` stands for the whole."""
    drawn = _Drawn()
    frames = list(_frames(cast, drawn))
    width, height = round(cast.header.width * CELL_WIDTH, 1), cast.header.height * CELL_HEIGHT
    full_width, full_height = width + 2 * MARGIN_PX, height + 2 * MARGIN_PX
    duration_s = cast.duration_s + REST_S
    places = [f"transform:translateX(-{number * width:g}px)" for number in range(len(frames))]
    moves = "".join(f"{frame.at_s / duration_s:.3%}{{{place}}}" for frame, place in zip(frames, places, strict=True))
    resting = max(number for number, frame in enumerate(frames) if frame.at_s < cast.part(still)[1])
    style = "\n".join(
        (
            f"text{{{_FONT};white-space:pre}} .{_STYLES}",
            "".join(f".{name}{{fill:{colour}}}" for colour, name in drawn.colours.items()),
            f"#strip{{{places[resting]};animation:play {duration_s:g}s step-end infinite}}",
            f"@keyframes play{{{moves}}}",
            "@media (prefers-reduced-motion:reduce){#strip{animation:none}}",
        )
    )
    rows = "\n".join(f'<g id="{name}">{row}</g>' for row, name in drawn.rows.items())
    strip = "\n".join(
        f'<g transform="translate({number * width:g})">{_used(frame)}</g>' for number, frame in enumerate(frames)
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full_width:g} {full_height:g}" width="{full_width:g}">
<title>{html.escape(cast.header.title)}</title>
<style>
{style}
</style>
<defs>
{rows}
</defs>
<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>
<svg x="{MARGIN_PX}" y="{MARGIN_PX}" width="{width:g}" height="{height}"><g id="strip">
{strip}
</g></svg>
</svg>
"""


def _frames(cast: Cast, drawn: _Drawn) -> Iterator[_Frame]:
    """Yield what is on the screen at the end of each span of `FRAME_S`, where it is something else than before."""
    before: tuple[str, ...] | None = None
    for (event, emulator), following in zip_longest(cast.screens(), cast.events[1:]):
        if following is None or int(following.at_s / FRAME_S) > int(event.at_s / FRAME_S):
            frame = drawn.frame(event.at_s, emulator)
            if frame.rows != before:
                yield frame if before is not None else _Frame(0, frame.rows)
            before = frame.rows


def _used(frame: _Frame) -> str:
    return "".join(f'<use href="#{row}" y="{y * CELL_HEIGHT}"/>' for y, row in enumerate(frame.rows) if row)


def _colours(cell: Char) -> tuple[str, str]:
    """The colours of a cell's text and ground."""
    front = FOREGROUND if cell.fg == "default" else f"#{cell.fg}"
    back = BACKGROUND if cell.bg == "default" else f"#{cell.bg}"
    return (back, front) if cell.reverse else (front, back)


def _px(columns: int) -> str:
    return f"{columns * CELL_WIDTH:g}"
