"""Pictures of a state: one for each size, as SVG."""

import io
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from textual.app import App

from tests.ui.gallery_states.stage import Stage, State, staged

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((40, 10), (80, 24), (120, 40), (200, 50))
THEMES = ("dusk", "paper", "high-contrast", "terminal")
MOST_LOOKS = 20
"""Looks at a screen that does not come to rest."""
LOOK_EVERY_S = 0.04

XTERM = TerminalTheme(
    (0, 0, 0),
    (229, 229, 229),
    [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)],
    [
        (127, 127, 127),
        (255, 0, 0),
        (0, 255, 0),
        (255, 255, 0),
        (92, 92, 255),
        (255, 0, 255),
        (0, 255, 255),
        (255, 255, 255),
    ],
)
"""xterm's own sixteen colours, for themes that leave the colours to the terminal."""


def picture(app: App[None], title: str) -> str:
    """The screen as SVG, as `App.export_screenshot` draws it, but in a terminal's palette and without the fonts that a
    browser would fetch from elsewhere."""
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    # Names that are private to Textual 8.2, which its own export gives no other palette: the gallery's test fails if
    # they go.
    console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    svg = console.export_svg(title=title, theme=XTERM, unique_id="gallery")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def file_name(state: str, theme: str, size: Size) -> str:
    """The name of a picture's file, without its ending."""
    return f"{state}-{theme}-{size[0]}x{size[1]}"


async def pictures(name: str, state: State, theme: str, sizes: Iterable[Size]) -> AsyncIterator[tuple[Size, str]]:
    """A state in one theme, size by size: resized where that shows the same as a start at that size."""
    for run in _runs(state, tuple(sizes)):
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # a draft may be written while it goes
            async with staged(state, Path(folder), theme, run[0]) as stage:
                for size in run:
                    yield size, await _resized(stage, size, file_name(name, theme, size))


def _runs(state: State, sizes: tuple[Size, ...]) -> Iterator[tuple[Size, ...]]:
    if state.world.at_each_size:
        yield from ((size,) for size in sizes)
    elif sizes:
        yield sizes


async def _resized(stage: Stage, size: Size, title: str) -> str:
    """The picture at a size, once two looks in a row show the same."""
    if stage.app.size != size:
        await stage.pilot.resize_terminal(*size)
    seen = ""
    for _ in range(MOST_LOOKS):
        await stage.pilot.pause(LOOK_EVERY_S)
        before, seen = seen, picture(stage.app, title)
        if seen == before:
            break
    return seen
