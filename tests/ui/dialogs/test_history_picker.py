"""The dialog of earlier conversations: filter, open, close, and any number of rows."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.pane_app import PaneApp
from tests.work import counted
from tui_chat.chat.ports import ConversationSummary
from tui_chat.ui.dialogs.history_picker import HistoryPicker
from tui_chat.ui.rows.frame import Frame
from tui_chat.workspace.followed import Standing
from tui_chat.workspace.open_conversations import AtWork

NOW = 1_000_000.0
ROWS = (
    ConversationSummary("id-sky", "Why is the sky blue", "openai/gpt-4o", 0.0, NOW - 30, 2),
    ConversationSummary("id-bad", "[bold]Parser[/nope]\x1b[2J", "a/b", 0.0, NOW - 7_200, 1),
    ConversationSummary("id-none", "", "demo/guide", 0.0, NOW - 86_400, 8),
)


AT_WORK = (
    AtWork("id-rfc", "Summary of the RFC", "openai/gpt-4o", Standing.BUSY, "writing 12 s", 6),
    AtWork("id-disk", "Disk usage helper", "a/b", Standing.ASKS, "waits for you", 9),
    AtWork("id-sky", "Why is the sky blue", "openai/gpt-4o", Standing.UNREAD, "done, unread", 2),
    AtWork("id-cat", "Names for a cat", "a/b", Standing.FAILED, "failed", 2),
)


@asynccontextmanager
async def opened(
    rows: tuple[ConversationSummary, ...] = ROWS,
    width: int = 80,
    height: int = 24,
    at_work: Callable[[], Sequence[AtWork]] = tuple,
) -> AsyncIterator[tuple[PaneApp, HistoryPicker, Pilot[None], list[str | None]]]:
    app = PaneApp(Static())
    results: list[str | None] = []
    async with app.run_test(size=(width, height)) as pilot:
        picker = HistoryPicker(rows, now=lambda: NOW, at_work=at_work)
        await app.push_screen(picker, results.append)
        await pilot.pause()
        yield app, picker, pilot, results


async def test_a_row_shows_title_model_age_and_number_of_messages() -> None:
    async with opened() as (app, _, _, _):
        line = app.lines("#history-list")[0]
        assert line[1:].split() == [*["Why", "is", "the", "sky", "blue"], "openai/gpt-4o", "just", "now", "2"]


async def test_typing_filters_and_enter_gives_the_id() -> None:
    async with opened() as (_, _, pilot, results):
        await pilot.press(*"pars", "enter")
        await pilot.pause()
        assert results == ["id-bad"]


async def test_arrows_choose_while_typing() -> None:
    async with opened() as (_, _, pilot, results):
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert results == ["id-none"]


async def test_escape_gives_nothing() -> None:
    async with opened() as (_, _, pilot, results):
        await pilot.press("escape")
        await pilot.pause()
        assert results == [None]


async def test_enter_on_an_empty_list_keeps_the_dialog_open() -> None:
    async with opened() as (app, picker, pilot, results):
        await pilot.press(*"zzzz", "enter")
        await pilot.pause()
        assert results == []
        assert app.screen is picker


async def test_titles_from_outside_are_shown_as_text_and_none_is_said_in_words() -> None:
    async with opened() as (app, _, _, _):
        shown = "\n".join(app.lines("#history-list"))
        assert "[bold]Parser[/nope]␛[2J" in shown
        assert "(no title)" in shown


async def test_an_empty_history_is_said() -> None:
    async with opened(()) as (app, _, _, _):
        assert "No conversation yet: what you send is kept here." in app.lines("#history-status")[0]


@pytest.mark.parametrize("width", range(58, 76))
async def test_a_conversation_is_shown_whole_at_every_width(width: int) -> None:
    async with opened(ROWS[:1], width) as (app, _, _, _):
        shown = " ".join(app.lines("#history-list"))
        assert "Why is the sky blue" in shown
        assert "just now" in shown


@pytest.mark.parametrize(("width", "height"), [(40, 10), (80, 24), (200, 60)])
async def test_every_size_shows_the_list(width: int, height: int) -> None:
    async with opened(ROWS, width, height) as (app, _, _, _):
        region = app.screen.query_one("#history-list").region
        assert region.height >= 3
        assert region.right <= width


async def test_ten_thousand_conversations_filter_at_once() -> None:
    rows = tuple(ConversationSummary(f"id{n}", f"Talk number {n}", "a/b", 0.0, NOW, 1) for n in range(10_000))
    async with opened(rows) as (app, _, pilot, _):
        with counted() as work:
            await pilot.press(*"9999")
            await pilot.pause()
        assert work.calls < 100 * len(rows)
        assert app.lines("#history-list")[0].startswith("▌Talk number 9999")


async def test_those_at_work_stand_on_top_with_their_states_and_nowhere_else() -> None:
    async with opened(at_work=lambda: AT_WORK) as (app, picker, _, _):
        lines = [line.lstrip("▌ ").rstrip() for line in app.lines("#history-list")]
        shown = [line.split("  ")[0] for line in lines if line]
        assert shown[:6] == ["At work", "● writing 12 s", "▲ waits for you", "✓ done, unread", "✗ failed", "Saved"]
        assert sum("sky blue" in line for line in lines) == 1
        assert "6 · 4 at work" in picker.query_one(Frame).top_edge.words


@pytest.mark.parametrize("width", [40, 58, 64, 80, 120])
async def test_one_at_work_shows_state_and_title_at_every_width(width: int) -> None:
    async with opened((), width, at_work=lambda: AT_WORK[:1]) as (app, _, _, _):
        shown = " ".join(app.lines("#history-list"))
        assert "● writing 12 s" in shown
        assert "Summary of the RFC" in shown


async def test_typing_filters_those_at_work_too() -> None:
    async with opened(at_work=lambda: AT_WORK) as (_, _, pilot, results):
        await pilot.press(*"disk", "enter")
        await pilot.pause()
        assert results == ["id-disk"]


async def test_states_are_followed_and_the_cursor_stays_on_its_conversation() -> None:
    rows = list(AT_WORK)
    async with opened(at_work=lambda: tuple(rows)) as (app, picker, pilot, results):
        await pilot.press("down")
        rows[:2] = [AtWork("id-rfc", "Summary of the RFC", "a/b", Standing.UNREAD, "done, unread", 6), rows[1]]
        rows.insert(0, AtWork("id-new", "Another", "a/b", Standing.BUSY, "waiting", 1))
        picker._follow()
        await pilot.pause()
        assert "● waiting" in " ".join(app.lines("#history-list"))
        await pilot.press("enter")
        await pilot.pause()
        assert results == ["id-disk"]
