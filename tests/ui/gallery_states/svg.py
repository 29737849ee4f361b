"""The screen of a running app as SVG."""

import io
import re

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from textual.app import App

from tests.ui.cells import drawn

DESCENDER_PX = 6
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
    console.print(drawn(app))
    svg = console.export_svg(title=title, theme=XTERM, unique_id="gallery")
    return _with_whole_last_row(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL))


def _with_whole_last_row(svg: str) -> str:
    """The picture without Rich's cut through the last row's descenders."""
    height = r'(<clipPath id="gallery-clip-terminal">\s*<rect [^>]*height=")([\d.]+)'
    return re.sub(height, lambda found: f"{found[1]}{float(found[2]) + DESCENDER_PX:g}", svg)
