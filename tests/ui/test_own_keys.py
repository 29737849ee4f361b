"""What is wrong with keys of one's own is said, with what is allowed."""

from pathlib import Path

from tests.ui.support import chat_app, running, send, toasts, until
from tui_chat.ui.commands import COMMANDS
from tui_chat.ui.own_keys import key_problems
from tui_chat.ui.screens.settings_page import SettingsPage, settings_text


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


async def test_problems_of_the_settings_and_the_keys_are_one_note_at_the_start(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="retries = 'many'\n[keys]\nmodles = 'ctrl+y'\n")
    async with running(app) as (_, pilot):
        await until(pilot, lambda: "retries" in toasts(app) and "did you mean models?" in toasts(app))


async def test_what_is_too_much_for_the_note_is_on_the_settings_page(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="retries = 'many'\nseed = 'x'\nmodel = 3\n[keys]\nmodles = 'ctrl+y'\n")
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: "and 1 more: see /settings" in toasts(app))
        assert "modles" in settings_text(app.loaded, app.more_problems).plain
        await send(pilot, chat, "/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
