"""The palette's order: the one in which every other list puts the same words."""

from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Static

from tests.fakes import opening
from tests.listed import RowStore, conversations, listed
from tests.ui.dialogs.chat_behind import ChatBehind
from tests.ui.pane_app import PaneApp
from tests.ui.support import chat_app, running, send, until
from tui_chat.chat.ports import ConversationSummary
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.dialogs.history_picker import HistoryPicker
from tui_chat.ui.dialogs.palette import NOT_NOW, Palette, offered, ranked, searched
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.filtered_list import FilteredList
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import plain

OFFERED = offered(COMMANDS)
QUERIES = ["mo", "que", "ex", "copy", "a m", "/re", "usage"]


async def listed_by_title(query: str) -> list[str]:
    """The ids of the commands in the order in which the history picker lists conversations with the same words."""
    rows = [ConversationSummary(command.id, searched(command), "", 0.0, 0.0, 1) for command in OFFERED]
    app = PaneApp(Static())
    async with app.run_test(size=(100, 40)) as pilot:
        store = RowStore(rows)
        host = ChatBehind()
        await app.push_screen(HistoryPicker(await listed(store), conversations(store), host, now=lambda: 0.0))
        await pilot.press(*("space" if character == " " else character for character in query))
        await pilot.pause()
        return [hit.entry.id for hit in app.screen.query_one(FilteredList).items]


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


def shown(app: App[None]) -> list[str]:
    """The titles that the open palette lists."""
    return [entry.command.title for entry in app.screen.query_one(FilteredList).items]


async def test_the_palette_lists_in_that_order(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.press(*"mo")
        await until(pilot, lambda: len(shown(app)) == len(ranked("mo", OFFERED)))
        entries = app.screen.query_one(FilteredList).items
        for is_hindered in (False, True):
            listed = [entry.command for entry in entries if (entry.heading == NOT_NOW) is is_hindered]
            assert listed == [command for command in ranked("mo", OFFERED) if command in listed]


async def test_the_palette_finds_and_runs_a_command_and_lists_it_first_the_next_time(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.press(*"usage")
        await until(pilot, lambda: shown(app)[:1] == ["Usage"])
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat and chat.side.pane is not None)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat and shown(app)[:1] == ["Usage"])


async def test_what_cannot_be_done_now_stands_last_and_says_why(tmp_path: Path) -> None:
    app = chat_app(tmp_path, [*opening(), TextDelta("one")])
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: chat.conversation.is_answering)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.press(*"/retry")
        await until(pilot, lambda: shown(app) == ["Ask again"])
        entry = app.screen.query_one(FilteredList).items[-1]
        assert entry.heading == "Not now"
        help_ = app.screen.query_one("#commands-help", RowsLabel)
        await until(pilot, lambda: "An answer is being written" in plain(help_.line_at(0)))
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is not chat


async def test_what_has_nothing_to_act_on_stands_under_not_now_and_says_why(tmp_path: Path) -> None:
    app = chat_app(tmp_path, [*opening(), TextDelta("one"), Stopped(Outcome.COMPLETE, "stop")])
    async with running(app, size=(50, 24)) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        entries = app.screen.query_one(FilteredList).items
        hindered = {entry.command.id: entry for entry in entries if entry.heading == NOT_NOW}
        assert {"stop", "continue", "queue", "detach", "variant", "undo-deed"} <= set(hindered)
        assert not {"retry", "edit", "copy", "save"} & set(hindered)
        await pilot.press(*"/stop")
        palette = app.screen
        await until(pilot, lambda: shown(app)[:1] == ["Stop the answer"])
        assert "run" not in palette.query_one(Frame).bottom_edge.words
        row = app.screen.query_one("#commands-list").render_line(1).text
        assert "No answer is being written." in row


async def test_tab_writes_the_command_out_for_words_behind_it(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.press(*"/save")
        await until(pilot, lambda: shown(app)[:1] == ["Save"])
        assert "Tab write it out" in app.screen.query_one(Frame).bottom_edge.words
        await pilot.press("tab")
        await until(pilot, lambda: app.screen is chat)
        assert chat.composer.text == "/save "
        assert chat.composer.has_focus


def test_whatever_can_be_typed_is_in_the_palette_too_but_the_palette() -> None:
    assert {command.slash for command in COMMANDS if command.slash} == {each.slash for each in OFFERED if each.slash}


def test_the_palette_leaves_out_what_only_begins_a_pair_of_keys() -> None:
    assert "leader" not in {command.id for command in OFFERED}


async def test_commands_that_cannot_be_run_now_come_last_and_the_best_of_them_first() -> None:
    app = PaneApp(Static())
    async with app.run_test() as pilot:
        await app.push_screen(Palette(COMMANDS, {}, (), lambda command: "not now" if command.needs_idle else ""))
        await pilot.press(*"co")
        entries = app.screen.query_one(FilteredList).items
    hindered = [entry.command for entry in entries if entry.heading == NOT_NOW]
    assert hindered == ranked("co", [command for command in OFFERED if command.needs_idle])
    assert [entry.command for entry in entries[-len(hindered) :]] == hindered
