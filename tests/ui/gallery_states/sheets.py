"""Contact sheets: a state in all its sizes, two themes on a sheet, as PNG; and a page with everything on it."""

import html
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.ui.gallery_states.pictures import Size, file_name

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSERS_AT_ONCE = 2
BROWSER_TIMEOUT_S = 60
CELL = (6.8, 13.6)
"""Pixels of a character on a sheet: a bit more than half of what the SVG has."""
FRAME = (14, 40)
"""Pixels that the window's frame and the gap around it take."""
SMALL = 80
"""Pictures up to this width stand in one column."""
_STYLE = "body{margin:8px;background:#808080;font:13px sans-serif}tr{vertical-align:top}img{display:block;margin:2px}"


def find_browser() -> str | None:
    """The path of a browser that can draw a page without a screen; None where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def write_index(folder: Path, states: Sequence[str], themes: Sequence[str], sizes: Sequence[Size]) -> None:
    """Write `index.html`: a row of pictures for each state and theme."""
    links = " ".join(f'<a href="#{html.escape(state)}">{html.escape(state)}</a>' for state in states)
    tables = (
        f'<h2 id="{html.escape(state)}">{html.escape(state)}</h2>{_table(state, themes, sizes)}' for state in states
    )
    (folder / "index.html").write_text(_page(f"<p>{links}</p>{''.join(tables)}"), encoding="utf-8")


def write_sheets(
    browser: str, folder: Path, states: Sequence[str], themes: Sequence[str], sizes: Sequence[Size]
) -> list[str]:
    """Write `sheet-STATE-THEME+THEME.png` for each state and pair of themes; return a line for each that failed."""
    pairs = [themes[start : start + 2] for start in range(0, len(themes), 2)]
    wanted = [(state, pair) for state in states for pair in pairs]
    with ThreadPoolExecutor(BROWSERS_AT_ONCE) as pool:
        faults = pool.map(lambda sheet: _write_sheet(browser, folder, sheet[0], sheet[1], sizes), wanted)
        return [fault for fault in faults if fault]


def _write_sheet(browser: str, folder: Path, state: str, themes: Sequence[str], sizes: Sequence[Size]) -> str:
    target = folder / f"sheet-{state}-{'+'.join(themes)}.png"
    target.unlink(missing_ok=True)
    width, height = _extent(sizes)
    with TemporaryDirectory() as profile:
        page = Path(profile) / "sheet.html"
        page.write_text(_page(_table(state, themes, sizes, folder.as_uri() + "/")), encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height * len(themes) + 16}",
            f"--screenshot={target}",
            page.as_uri(),
        ]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=BROWSER_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            return f"{target.name}: the browser took more than {BROWSER_TIMEOUT_S} s"
    return "" if target.exists() else f"{target.name}: {ended.stderr.strip()[-300:]}"


def _page(body: str) -> str:
    return f"<!doctype html><meta charset=utf-8><title>Gallery</title><style>{_STYLE}</style>{body}"


def _table(state: str, themes: Sequence[str], sizes: Sequence[Size], base: str = "") -> str:
    rows = (
        "".join(
            f"<td>{''.join(_image(base + file_name(state, theme, size), size) for size in column)}</td>"
            for column in _columns(sizes)
        )
        for theme in themes
    )
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _image(name: str, size: Size) -> str:
    width, height = _pixels(size)
    return f'<img src="{html.escape(name)}.svg" width="{width}" height="{height}" alt="{html.escape(name)}">'


def _columns(sizes: Sequence[Size]) -> Iterator[list[Size]]:
    """The small sizes below each other, each other one by itself."""
    if small := [size for size in sizes if size[0] <= SMALL]:
        yield small
    yield from ([size] for size in sizes if size[0] > SMALL)


def _pixels(size: Size) -> Size:
    return round(size[0] * CELL[0]) + FRAME[0], round(size[1] * CELL[1]) + FRAME[1]


def _extent(sizes: Sequence[Size]) -> Size:
    """Pixels of one theme's row."""
    columns = [[_pixels(size) for size in column] for column in _columns(sizes)]
    width = sum(max(width for width, _ in column) + 10 for column in columns)
    return width + 20, max(sum(height + 4 for _, height in column) for column in columns) + 8
