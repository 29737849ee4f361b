"""What the compositor that paints changed rows only leaves on a screen is what Textual's own would."""

from collections.abc import Iterable
from pathlib import Path

import pyte
import pytest
from textual._compositor import Compositor
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.driver.compositing import RowCompositor, paint_at_once
from tui_chat.ui.transcript.extraction import last_answer_text

ANSWER = "# Title\n\n- one\n- two 文字\n\n```py\nprint(1)\n```\n\nlast words"


def compositor_of(chat: ChatScreen) -> RowCompositor:
    assert isinstance(chat._compositor, RowCompositor)
    return chat._compositor


def painted(chat: ChatScreen, regions: Iterable[Region], text: str = "") -> list[str]:
    """The rows of a terminal that showed `text` once these regions were painted."""
    compositor = compositor_of(chat)
    compositor._dirty_regions = set(regions)
    screen = pyte.Screen(*chat.size)
    stream = pyte.Stream(screen)
    stream.feed(text)
    update = compositor.render_partial_update()
    stream.feed(update.render_segments(chat.app.console) if update else "")
    return list(screen.display)


def expected(chat: ChatScreen) -> list[str]:
    """The rows as Textual's own compositor makes them."""
    theirs = Compositor()
    theirs.reflow(chat, chat.size)
    screen = pyte.Screen(*chat.size)
    pyte.Stream(screen).feed("\r\n".join(strip.text for strip in theirs.render_strips()))
    return list(screen.display)


async def asked(pilot: Pilot[None], chat: ChatScreen) -> None:
    await send(pilot, chat, "Go on")
    await until(pilot, lambda: "last words" in last_answer_text(chat.transcript.whole))
    await pilot.pause()


@pytest.mark.parametrize("keys", [[], ["ctrl+o"], ["slash", "m"], ["f3"]])
async def test_a_screen_painted_in_parts_is_the_same_whoever_composes_it(keys: list[str], tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer(ANSWER))
    async with running(app, (120, 24)) as (chat, pilot):
        await asked(pilot, chat)
        await pilot.press(*keys)
        await pilot.pause()

        halves = (Region(0, 0, 50, 24), Region(50, 0, 70, 24), Region(30, 5, 40, 3))

        assert painted(chat, halves) == expected(chat)


async def test_only_rows_that_changed_are_painted(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer(ANSWER))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat)
        filler = "\r\n".join(["x" * 80] * 24)

        rows = painted(chat, [chat.status.region], filler)

        assert rows[chat.status.region.y] == expected(chat)[chat.status.region.y]
        assert rows[: chat.status.region.y] == ["x" * 80] * chat.status.region.y


async def test_a_widget_painted_at_once_shows_before_the_call_returns(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, _):
        frames: list[int] = []
        app.post_display_hook = lambda: frames.append(1)  # type: ignore[method-assign]  # made to be

        paint_at_once(chat.status, [Region(0, 0, 5, 1)])

        assert frames == [1]


async def test_a_widget_is_told_its_new_size_though_somebody_asked_for_a_region_before_the_layout(
    tmp_path: Path,
) -> None:
    words = "\n\n".join(f"Line {number}: " + "words " * 12 for number in range(60))
    async with running(chat_app(tmp_path, answer(words)), (120, 30)) as (chat, pilot):
        await send(pilot, chat, "Tell me lines.")
        await until(pilot, lambda: not chat.conversation.is_answering)
        await chat.side.open(Static("beside"))
        chat.side.display = False
        await until(pilot, lambda: chat.transcript.region.width == 120)
        compositor = compositor_of(chat)
        chat.side.display = True
        compositor._full_map_invalidated = True  # as Textual does when something scrolled
        assert chat.transcript.region.width == 60  # the layout that is due is in the map now
        assert chat.transcript in compositor.reflow(chat, chat.size).resized


class Asking(Static):
    """Has the layout made anew while it is asked for its rows, as whoever asks for a region after a scroll does."""

    def render_lines(self, crop: Region) -> list[Strip]:
        compositor = self.screen._compositor
        compositor._full_map_invalidated = True
        compositor._visible_map = compositor._visible_widgets = None
        assert self.region
        return super().render_lines(crop)


async def test_what_was_taken_away_while_a_frame_is_made_does_not_break_the_frame(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path), (120, 24)) as (chat, pilot):
        await chat.side.open(Asking("beside"))
        await pilot.pause()
        compositor = compositor_of(chat)
        compositor._dirty_regions = {Region(0, 0, 120, 24)}
        chat.status.display = False  # the layout without it is due
        assert compositor.render_partial_update() is not None
