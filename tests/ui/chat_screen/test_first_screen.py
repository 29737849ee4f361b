"""The first screen: what it offers, and what gives way where there is little room."""

import pytest

from tests.ui.pane_app import PaneApp
from tui_chat.chat.services import Gateway
from tui_chat.ui.chat_screen.first_screen import RECENT, FirstScreen, Line
from tui_chat.ui.rows.pick_list import PickList

GATEWAY = Gateway("http://gateway.invalid/ai", is_demo=True, has_key=False)


def nothing() -> None:
    """Do nothing."""


def line(words: str, heading: str) -> Line:
    return Line(words, "", nothing, heading)


@pytest.mark.parametrize(
    ("height", "begin", "recent"), [(10, 4, 0), (13, 4, 0), (14, 4, 4), (14, 7, 1), (14, 8, 0), (40, 4, 5)]
)
async def test_recent_conversations_give_way_with_their_heading(height: int, begin: int, recent: int) -> None:
    first = FirstScreen(GATEWAY)
    app = PaneApp(first)
    async with app.run_test(size=(80, height)) as pilot:
        offered = [("begin", "Begin", begin), ("recent", RECENT, 5)]
        first.offer([line(f"{word} {n}", heading) for word, heading, count in offered for n in range(count)])
        await pilot.pause()
        lines = [line.strip("▌ ") for line in app.lines("PickList")]
        assert [line for line in lines if line.startswith("begin")] == [f"begin {n}" for n in range(begin)]
        assert [line for line in lines if line.startswith("recent")] == [f"recent {n}" for n in range(recent)]
        assert (RECENT in lines) is bool(recent)
        assert not app.query_one(PickList).max_scroll_y
