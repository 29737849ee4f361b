"""A list to pick from: its headings, and the gaps above them."""

from textual.geometry import Offset, Region

from tests.ui.pane_app import alone
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row


def draw(index: int, width: int) -> tuple[Row, ...]:
    del width
    return (((Ink.TEXT, f"item {index}"),),)


async def test_a_gap_stands_above_each_heading_but_one_at_the_top() -> None:
    async with alone(picks := PickList()) as (app, pilot):
        picks.show_items(4, draw, headings={0: "Begin", 2: "Recent"}, gap=1)
        await pilot.pause()
        assert app.lines("PickList") == [" Begin", "▌item 0", " item 1", "", " Recent", " item 2", " item 3"]
        await pilot.click(PickList, offset=Offset(2, 5))
        assert picks.cursor == 2
        await pilot.click(PickList, offset=Offset(2, 3))
        assert picks.cursor == 2
        assert app.lines("PickList")[5] == "▌item 2"


async def test_a_view_that_is_gone_when_its_change_is_painted_breaks_nothing() -> None:
    async with alone(picks := PickList()):
        picks.show_items(1, draw)
        size = picks.size
        await picks.remove()
        assert len(picks.render_lines(Region(0, 0, size.width, 1))) == 1
