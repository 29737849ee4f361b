"""Pairs of keys: the leader, then what it begins."""

from pathlib import Path

import pytest

from tests.ui.support import chat_app, notes, running, until
from tui_chat.ui.commands.table import BY_ID, COMMANDS
from tui_chat.ui.dialogs.help import HelpScreen
from tui_chat.ui.dialogs.key_trial import KeyTrial
from tui_chat.ui.dialogs.leader import LeaderScreen, followers_text
from tui_chat.ui.keys.command import leader_keys
from tui_chat.ui.rows.frame import Frame

TAKEN = "[keys]\nleave = ['f9', 'ctrl+g']\nusage = '<leader>f9'\n"
"""Settings that give a key which leaves dialogs to a pair, too."""


def test_every_pair_is_a_command_that_can_run() -> None:
    assert set(leader_keys(COMMANDS, {})) >= set("mnrtyw")
    assert leader_keys(COMMANDS, {"usage": ("leader m", "f9"), "models": ()})["m"] is BY_ID["usage"]


async def test_a_pair_runs_its_command_though_both_keys_come_at_once(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press(*"draft", "ctrl+x", "u")
        await until(pilot, lambda: chat.side.pane is not None)
        assert app.screen is chat
        assert chat.composer.text == "draft"


async def test_the_leader_lists_what_can_follow_to_whoever_waits(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+x")
        await until(pilot, lambda: isinstance(app.screen, LeaderScreen))
        popup = app.screen
        assert not popup.query_one(Frame).display
        await until(pilot, lambda: popup.query_one(Frame).display)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)


async def test_a_letter_that_begins_nothing_is_said_and_not_typed(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+x", "j")
        await until(pilot, lambda: "Ctrl+X j does nothing" in notes(app))
        assert app.screen is chat
        assert chat.composer.text == ""


async def test_with_text_selected_the_key_cuts(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.composer.put("some words")
        chat.composer.select_all()
        await pilot.press("ctrl+x")
        await pilot.press("ctrl+v", "ctrl+v")
        await until(pilot, lambda: chat.composer.text == "some words" * 2)
        assert app.screen is chat


async def test_another_leader_or_none_can_be_chosen(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="leader = 'f7'\n[keys]\nusage = '<leader>c'\n")
    async with running(app) as (chat, pilot):
        await pilot.press("f7", "c")
        await until(pilot, lambda: chat.side.pane is not None)
    app = chat_app(tmp_path, settings="leader = ''\n")
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+x", "u")
        await until(pilot, lambda: chat.composer.text == "u")


def test_the_list_fits_any_size() -> None:
    followers = leader_keys(COMMANDS, {})
    for width, height in ((38, 8), (20, 3), (78, 22), (198, 58)):
        lines = [row.plain for row in followers_text(followers, width, height).rows]
        assert len(lines) <= height
        assert max(len(line.rstrip()) for line in lines) <= width


@pytest.mark.parametrize("width", [44, 60, 76, 78, 116])
def test_no_title_is_cut_where_there_is_room_for_it_in_fewer_columns(width: int) -> None:
    followers = leader_keys(COMMANDS, {})
    listed = followers_text(followers, width, 22)
    assert not any("…" in row.plain for row in listed.rows)
    assert listed.left_out == 0


@pytest.mark.parametrize(
    ("settings", "words"), [("", "Esc close"), ("[keys]\nleave = 'f9'\n", "F9 close"), (TAKEN, "Ctrl+G close")]
)
async def test_the_list_names_the_key_that_leaves_it(settings: str, words: str, tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings=settings)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+x")
        await until(pilot, lambda: isinstance(app.screen, LeaderScreen) and app.screen.query_one(Frame).display)
        assert app.screen.query_one(Frame).top_edge.words == f"Ctrl+X … · {words}"
        await pilot.press(words.split()[0].lower().replace("esc", "escape"))
        await until(pilot, lambda: app.screen is chat)
        assert not notes(app)


async def test_the_trial_of_keys_names_the_one_that_leaves_it(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="[keys]\nleave = 'f9'\n")
    async with running(app) as (_, pilot):
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        below = app.screen
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, KeyTrial))
        assert app.screen.query_one(Frame).top_edge.words.endswith("F9 F9 close")
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, KeyTrial)
        await pilot.press("f9", "f9")
        await until(pilot, lambda: app.screen is below)


async def test_a_key_that_leaves_dialogs_can_end_a_pair(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="[keys]\nleave = 'f9'\nusage = '<leader>f9'\n")
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+x", "f9")
        await until(pilot, lambda: chat.side.pane is not None)
