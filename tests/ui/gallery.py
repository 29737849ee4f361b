"""Every main state of the screen as pictures in a folder, to be looked at before and after a change of looks.

`python -m tests.ui.gallery FOLDER` draws them at four sizes in four themes, and where a Chromium is found a sheet for
each state. `--state`, `--theme` and `--size` choose some, and `--list` names the states.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.ui.gallery_states.pictures import SIZES, THEMES, Size, file_name, pictures
from tests.ui.gallery_states.sheets import find_browser, write_index, write_sheets
from tests.ui.gallery_states.table import STATES
from tests.ui.gallery_states.words import NOW


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text} is no size like 80x24")
    return int(width), int(height)


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.ui.gallery", description="Draw the states of the screen.")
    parser.add_argument("folder", nargs="?", default="gallery", type=Path, help="where the pictures go")
    parser.add_argument("--state", action="append", choices=STATES, metavar="NAME", help="this state; several may be")
    parser.add_argument("--theme", action="append", metavar="NAME", help=f"this theme instead of {', '.join(THEMES)}")
    parser.add_argument("--size", action="append", type=_size, metavar="WxH", help="this size instead of all four")
    parser.add_argument("--list", action="store_true", help="name the states, and draw nothing")
    return parser.parse_args(given)


async def _draw(folder: Path, states: Sequence[str], themes: Sequence[str], sizes: Sequence[Size]) -> list[str]:
    """Draw the states, and return a line for each that could not be reached."""
    failed = []
    for name in states:
        began_at = time.monotonic()
        for theme in themes:
            try:
                async for size, svg in pictures(name, STATES[name], theme, sizes):
                    (folder / f"{file_name(name, theme, size)}.svg").write_text(svg, encoding="utf-8")
            except Exception as error:  # noqa: BLE001 - one state that changed must not hide the others
                failed.append(f"{name}-{theme}: {type(error).__name__}: {error}")
        print(f"{name} {time.monotonic() - began_at:.1f} s", flush=True)
    return failed


def _stop_the_clock() -> None:
    """Let it be the same moment in every picture, also for what asks the system for the time and not the services: it
    is imported later, when the first app starts."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    vars(time)["time"] = lambda: NOW


def main(given: Sequence[str] | None = None) -> int:
    """Draw what was asked for; the exit status is 1 where a state could not be reached."""
    arguments = _arguments(given)
    if arguments.list:
        print("\n".join(STATES))
        return 0
    _stop_the_clock()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    states, themes = arguments.state or list(STATES), arguments.theme or list(THEMES)
    sizes = arguments.size or list(SIZES)
    failed = asyncio.run(_draw(folder, states, themes, sizes))
    write_index(folder, states, themes, sizes)
    browser = find_browser()
    if browser is None:
        print("No Chromium was found: there are no sheets, but index.html shows the same.")
    else:
        failed += write_sheets(browser, folder, states, themes, sizes)
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
