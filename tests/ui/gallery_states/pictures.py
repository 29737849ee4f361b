"""Pictures of a state: one for each size, as SVG."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.ui.gallery_states.stage import Stage, State, staged

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((40, 10), (80, 24), (120, 40), (200, 50))
THEMES = ("dusk", "paper", "high-contrast", "terminal")
LIVE_S = 0.35
"""Time after which what counts seconds has begun to."""
FOLDER = "some-folder"
"""Stands for the name of a folder in a picture; it is as long, so that no line breaks elsewhere."""


def file_name(state: str, theme: str, size: Size) -> str:
    """The name of a picture's file, without its ending."""
    return f"{state}-{theme}-{size[0]}x{size[1]}"


async def pictures(name: str, state: State, theme: str, sizes: Iterable[Size]) -> AsyncIterator[tuple[Size, str]]:
    """A state in one theme, size by size: resized where that shows the same as a start at that size."""
    for run in _runs(state, tuple(sizes)):
        with _own_folder() as folder:
            async with staged(state, folder / "home", theme, run[0], f"{name} · {theme}") as stage:
                if state.world.at_each_size:
                    await stage.pilot.pause(LIVE_S)
                for size in run:
                    svg = await _resized(stage, size)
                    yield size, svg.replace(folder.name, FOLDER[: len(folder.name)])


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Work in a new folder that holds an empty one, `home`, for the app's own files."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name, chdir(name):  # a draft may be written meanwhile
        folder = Path(name)
        (folder / "home").mkdir()
        yield folder


def _runs(state: State, sizes: tuple[Size, ...]) -> Iterator[tuple[Size, ...]]:
    if state.world.at_each_size:
        yield from ((size,) for size in sizes)
    elif sizes:
        yield sizes


async def _resized(stage: Stage, size: Size) -> str:
    """The picture at a size."""
    if stage.app.size != size:
        await stage.pilot.resize_terminal(*size)
    return await stage.settles()
