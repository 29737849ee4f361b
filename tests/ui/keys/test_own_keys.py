"""What is wrong with keys of one's own is said, with what is allowed."""

from pathlib import Path

import pytest

from tests.ui.support import chat_app, notes, running, send, until
from tui_chat.ui.commands.key_faults import faults_of_keys
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.dialogs.settings_page import SettingsPage
from tui_chat.ui.dialogs.theme_picker import ThemePicker
from tui_chat.ui.keys.own_keys import key_problems, read_own_keys
from tui_chat.ui.rows.pick_list import PickList


def test_the_keys_as_shipped_have_one_action_each() -> None:
    own_keys = {command.id: tuple(command.keys.split(",")) for command in COMMANDS if command.keys}
    assert key_problems(COMMANDS, own_keys) == ()


def test_a_name_that_is_no_action_is_said_with_the_one_that_was_meant() -> None:
    (problem,) = key_problems(COMMANDS, {"modles": ("ctrl+y",)})
    assert "modles" in problem
    assert "models" in problem


def test_a_name_like_no_other_is_said_with_where_the_names_are() -> None:
    (problem,) = key_problems(COMMANDS, {"zzz": ("ctrl+y",)})
    assert "/keys" in problem


def test_a_key_with_two_actions_is_said() -> None:
    (problem,) = key_problems(COMMANDS, {"models": ("f3",)})
    assert "F3" in problem
    assert "models" in problem
    assert "usage" in problem


def test_a_key_that_was_taken_from_one_action_may_be_given_to_another() -> None:
    assert key_problems(COMMANDS, {"models": ("f3",), "usage": ()}) == ()


def test_the_same_key_may_do_another_thing_in_another_place() -> None:
    assert key_problems(COMMANDS, {"tools-copy": ("y",)}) == ()
    (problem,) = key_problems(COMMANDS, {"tools-copy": ("r",)})
    assert "tools-raw" in problem


def test_a_key_that_the_composer_takes_first_is_said() -> None:
    (problem,) = key_problems(COMMANDS, {"models": ("ctrl+k",), "leader": ("ctrl+x",)})
    assert "kill-to-end" in problem
    assert "models" in problem


def test_a_key_that_does_not_exist_is_said_with_the_one_that_was_meant() -> None:
    own, problems = read_own_keys({"models": ("ctlr+k",), "usage": ("f3", "pgeup")}, "ctrl+x")
    assert "models" not in own
    assert own["usage"] == ("f3",)
    assert "did you mean ctrl+k?" in problems[0]
    assert "did you mean pageup?" in problems[1]


def test_a_pair_that_cannot_work_is_said() -> None:
    own, _ = read_own_keys({"send": ("leader j",), "models": ("leader m",)}, "")
    first, second = key_problems(COMMANDS, own)
    assert "the composer" in first
    assert "needs a leader" in second


def test_dialogs_can_always_be_left() -> None:
    own, (problem,) = read_own_keys({"leave": ()}, "ctrl+x")
    assert "leave" not in own
    assert "Esc" in problem


async def test_the_keys_of_panes_and_lists_can_be_ones_own(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="[keys]\nlist-down = 'f8'\nleave = 'f7'\n")
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/theme")
        await until(pilot, lambda: isinstance(app.screen, ThemePicker))
        themes = app.screen.query_one(PickList)
        themes.cursor = 0
        await pilot.press("f8")
        await until(pilot, lambda: themes.cursor == 1)
        await pilot.press("f7")
        await until(pilot, lambda: app.screen is chat)


async def test_problems_of_the_settings_and_the_keys_are_one_note_at_the_start(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="retries = 'many'\n[keys]\nmodles = 'ctrl+y'\n")
    async with running(app) as (_, pilot):
        await until(pilot, lambda: "retries" in notes(app) and "did you mean models?" in notes(app))


async def test_saved_keys_that_cannot_be_read_are_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "credentials.toml").write_text("not toml")
    app = chat_app(tmp_path)
    async with running(app) as (_, pilot):
        await until(pilot, lambda: "credentials.toml" in notes(app))


async def test_what_is_too_much_for_the_note_is_on_the_settings_page(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="retries = 'many'\nseed = 'x'\nmodel = 3\n[keys]\nmodles = 'ctrl+y'\n")
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: " problems, see /settings: " in notes(app))
        assert "modles" in str(app.faults)
        await send(pilot, chat, "/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))


@pytest.mark.parametrize(
    ("given", "leader", "said"),
    [
        ({"usage": ("nokey",)}, "ctrl+x", "there is no key nokey"),
        ({"{usage": ("f4",)}, "ctrl+x", "there is no such action"),
        ({}, "ctrl+zz", "there is no key ctrl+zz"),
    ],
)
def test_faults_of_keys_are_told_before_they_are_saved(
    given: dict[str, tuple[str, ...]], leader: str, said: str
) -> None:
    (fault,) = faults_of_keys(given, leader)
    assert said in fault
