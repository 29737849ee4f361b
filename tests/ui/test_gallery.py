"""The gallery's states can be reached, all of them, and their pictures are those of a terminal."""

from pathlib import Path

import pytest

from tests.ui.gallery_states.pictures import pictures
from tests.ui.gallery_states.stage import staged
from tests.ui.gallery_states.svg import XTERM, picture
from tests.ui.gallery_states.table import STATES

SIZE = (80, 24)


async def test_a_picture_needs_no_network_and_shows_the_terminals_own_colours(tmp_path: Path) -> None:
    async with staged(STATES["first-demo"], tmp_path, "terminal", SIZE) as stage:
        svg = picture(stage.app, "first")
    assert "@font-face" not in svg
    assert XTERM.background_color.hex in svg


@pytest.mark.slow
@pytest.mark.parametrize("name", STATES)
async def test_a_state_can_be_reached(name: str) -> None:
    assert [size async for size, _ in pictures(name, STATES[name], "dusk", [SIZE])] == [SIZE]
