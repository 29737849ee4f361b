"""The palette's order: the one in which every other list puts the same words."""

from pathlib import Path

import pytest
from textual.app import App
from textual.command import Command as Listed
from textual.command import CommandList
from textual.widgets import Static

from tests.ui.pane_app import PaneApp
from tests.ui.support import chat_app, running, until
from tui_chat.chat.ports import ConversationSummary
from tui_chat.ui.commands.palette import offered, ranked, searched
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.dialogs.history_picker import HistoryPicker
from tui_chat.ui.rows.filtered_list import FilteredList

OFFERED = offered(COMMANDS)
QUERIES = ["mo", "que", "ex", "copy", "a m", "/re", "usage"]


async def listed_by_title(query: str) -> list[str]:
    """The ids of the commands in the order in which the history picker lists conversations with the same words."""
    rows = [ConversationSummary(command.id, searched(command), "", 0.0, 0.0, 1) for command in OFFERED]
    app = PaneApp(Static())
    async with app.run_test(size=(100, 40)) as pilot:
        await app.push_screen(HistoryPicker(rows, now=lambda: 0.0))
        await pilot.press(*("space" if character == " " else character for character in query))
        await pilot.pause()
        return [summary.id for summary, *_ in app.screen.query_one(FilteredList).items]


@pytest.mark.parametrize("query", QUERIES)
async def test_the_same_words_stand_in_the_same_order_as_in_another_list(query: str) -> None:
    listed = await listed_by_title(query)
    assert listed
    assert [command.id for command in ranked(query, OFFERED)][: len(listed)] == listed


def test_a_command_that_only_its_help_speaks_for_comes_last_and_none_comes_twice() -> None:
    found = ranked("answer", OFFERED)
    named = ["answer" in searched(command).lower() for command in found]
    assert named == sorted(named, reverse=True)
    assert not all(named)
    assert len(set(found)) == len(found)


def shown(app: App[None]) -> list[str | None]:
    """The titles that the open palette lists."""
    options = app.screen.query_one(CommandList).options
    return [option.hit.text for option in options if isinstance(option, Listed)]


async def test_the_palette_lists_in_that_order(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.press(*"mo")
        await until(pilot, lambda: shown(app) == [command.title for command in ranked("mo", OFFERED)])


async def test_the_palette_finds_and_runs_a_command(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.press(*"usage")
        await until(pilot, lambda: shown(app)[:1] == ["Usage"])
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat and chat.side.pane is not None)
