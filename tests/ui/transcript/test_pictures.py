"""What one conversation with everything in it looks like, in each shipped theme, wide and narrow.

`python -m tests.ui.transcript.test_pictures` draws them anew after a change of looks that was looked at.
"""

import asyncio
import re
from pathlib import Path

import pytest
from textual.app import ComposeResult

from tests.ui.transcript.samples import BEGAN, rich_path
from tui_chat.core.timestamps import Timestamps
from tui_chat.settings.theme_files import Themes
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.ui.transcript.view import TranscriptView

PICTURES = Path(__file__).parent / "pictures"
SIZES = {"wide": (120, 94), "narrow": (48, 112)}
THEMES = Themes().names()


class Page(ThemedApp[None]):
    def compose(self) -> ComposeResult:
        yield TranscriptView(fold_hint="Ctrl+T", timestamps=Timestamps.RELATIVE, now=lambda: BEGAN + 600)


async def draw(theme: str, size: tuple[int, int]) -> str:
    """The picture as SVG, without the fonts that a browser would fetch from elsewhere."""
    app = Page(theme_name=theme)
    async with app.run_test(size=size) as pilot:
        view = app.query_one(TranscriptView)
        view.show(rich_path())
        view.focus()
        await pilot.pause()
        view.action_end_block(False)
        view.action_block(1)
        view.action_fold()
        for _ in range(7):
            view.action_block(1)
        await pilot.pause()
        svg = app.export_screenshot(title=theme)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def words(svg: str) -> str:
    return re.sub(r"terminal-\d+", "terminal", svg)


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("theme", THEMES)
async def test_the_transcript_looks_as_it_did(theme: str, shape: str) -> None:
    expected = (PICTURES / f"{theme}-{shape}.svg").read_text()
    assert words(await draw(theme, SIZES[shape])) == words(expected)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name in THEMES:
        for shape_name, size_of in SIZES.items():
            (PICTURES / f"{name}-{shape_name}.svg").write_text(asyncio.run(draw(name, size_of)))
