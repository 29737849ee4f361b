"""Draws every main state of the screen, at four sizes in four themes: `python -m tests.ui.gallery FOLDER`.

An SVG each, and where Chromium is found a sheet for each state, so that a whole round is looked at in a minute.
"""

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.ui.gallery_states import STATES, State
from tests.ui.stage import stage

SIZES = ((40, 10), (80, 24), (120, 40), (200, 50))
THEMES = ("dusk", "paper", "high-contrast", "terminal")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SHEET_WIDTH = 2_000
PICTURE_HEIGHT = {10: 240, 24: 400, 40: 560, 50: 620}


def size_name(size: tuple[int, int]) -> str:
    """`80x24`."""
    return f"{size[0]}x{size[1]}"


async def draw(state: State, theme: str, size: tuple[int, int]) -> str:
    """One picture as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        async with stage(
            Path(folder), *state.scripts, size=size, theme=theme, settings=state.settings, is_demo=state.is_demo
        ) as on:
            await state.reach(on)
            return on.picture()


async def draw_all(
    folder: Path, states: Sequence[State], themes: Sequence[str], sizes: Sequence[tuple[int, int]]
) -> list[str]:
    """Draw into the folder; the states that could not be reached, in words."""
    failed = []
    for state in states:
        for theme in themes:
            for size in sizes:
                name = f"{state.name}-{theme}-{size_name(size)}"
                try:
                    (folder / f"{name}.svg").write_text(await draw(state, theme, size))
                except TimeoutError:
                    failed.append(f"{name} was not reached")
        print(state.name, flush=True)
    return failed


def make_sheet(folder: Path, browser: str, name: str, pictures: Sequence[str]) -> None:
    """Put pictures on one sheet."""
    tags = []
    for picture in pictures:
        rows = int(picture.rpartition("x")[2])
        tags.append(f'<img src="{picture}.svg" style="height:{PICTURE_HEIGHT.get(rows, 400)}px;margin:4px">')
    page = folder / f"{name}.html"
    page.write_text(f'<body style="margin:0;background:#777">{"".join(tags)}')
    height = sum(PICTURE_HEIGHT.get(int(picture.rpartition("x")[2]), 400) + 10 for picture in pictures)
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            f"--screenshot={folder / f'{name}.png'}",
            f"--window-size={SHEET_WIDTH},{min(4_000, height)}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def main() -> int:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--state", action="append", help="one of them; may be repeated")
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--size", action="append", choices=[size_name(size) for size in SIZES])
    parser.add_argument("--list", action="store_true", help="name the states")
    given = parser.parse_args()
    if given.list:
        print("\n".join(state.name for state in STATES))
        return 0
    given.folder.mkdir(parents=True, exist_ok=True)
    states = [state for state in STATES if not given.state or any(re.fullmatch(one, state.name) for one in given.state)]
    themes = given.theme or THEMES
    sizes = [size for size in SIZES if not given.size or size_name(size) in given.size]
    failed = asyncio.run(draw_all(given.folder, states, themes, sizes))
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    for state in states if browser else ():
        names = [f"{state.name}-{theme}-{size_name(size)}" for theme in themes for size in sizes]
        assert browser is not None
        make_sheet(
            given.folder, browser, state.name, [name for name in names if (given.folder / f"{name}.svg").exists()]
        )
    print("\n".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
