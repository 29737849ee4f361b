"""The theme follows the terminal's background where that was left to it, and the commands say what they keep."""

from pathlib import Path

import pytest

from tests.ui.support import chat_app, notes, running, send
from tui_chat.settings.command_line import Override
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import load_settings
from tui_chat.terminal.background import Background
from tui_chat.ui.app import ChatApp
from tui_chat.ui.driver.driver import BackgroundTold
from tui_chat.workspace.opening import Opening


@pytest.fixture(autouse=True)
def colourful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of many colours that said nothing yet."""
    for name in ("NO_COLOR", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


def flagged(app: ChatApp, theme: str) -> ChatApp:
    """The app as `--theme` starts it."""
    loaded = load_settings(app.loaded.file, {}, {"theme": Override("--theme", theme)})
    app.keeping = SettingsKeeper(loaded, {}, is_temporary=False)
    return app


async def test_the_theme_follows_the_terminal(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        worn = [pilot.app.theme]
        for background in (Background.LIGHT, Background.LIGHT, Background.DARK):
            chat.app.post_message(BackgroundTold(background))
            await pilot.pause()
            worn.append(pilot.app.theme)

        assert worn == ["dusk", "paper", "paper", "dusk"]


@pytest.mark.parametrize(("value", "theme"), [("0;15", "paper"), ("15;0", "dusk"), ("junk", "dusk")])
def test_the_first_frame_takes_what_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, theme: str
) -> None:
    monkeypatch.setenv("COLORFGBG", value)

    assert chat_app(tmp_path).theme == theme


@pytest.mark.parametrize("setting", ["fjord", "paper", "terminal"])
async def test_a_theme_in_the_settings_stays(tmp_path: Path, setting: str) -> None:
    app = chat_app(tmp_path, settings=f'theme = "{setting}"\n')
    async with running(app) as (_, pilot):
        for background in Background:
            app.post_message(BackgroundTold(background))
            await pilot.pause()

        assert app.theme == setting
        assert not app.follows_background


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}, {"TERM": "linux"}])
async def test_few_colours_stay_the_terminals_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.delenv("COLORTERM")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    app = chat_app(tmp_path)
    async with running(app) as (_, pilot):
        app.post_message(BackgroundTold(Background.LIGHT))
        await pilot.pause()

        assert app.theme == "terminal"
        assert not app.follows_background


async def test_a_chosen_theme_stays_until_it_is_left_to_the_terminal_again(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/theme fjord")
        app.post_message(BackgroundTold(Background.LIGHT))
        await pilot.pause()

        assert app.theme == "fjord"
        assert "theme is fjord from now on, also next time." in notes(app)
        assert app.loaded.file.read_text() == 'theme = "fjord"\n'

        await send(pilot, chat, "/theme auto")

        assert app.theme == "paper"
        assert "theme is auto from now on, also next time." in notes(app)
        assert app.loaded.file.read_text() == 'theme = "auto"\n'


async def test_what_a_flag_chose_stays_in_this_run(tmp_path: Path) -> None:
    app = flagged(chat_app(tmp_path, settings='theme = "ember"\n'), "ember")
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/theme fjord")

        assert app.theme == "ember"
        assert "theme is fjord, kept for later: --theme rules this run." in notes(app)
        assert app.loaded.file.read_text() == 'theme = "fjord"\n'


async def test_a_terminal_that_changes_behind_the_list_of_themes_is_followed_once_it_closes(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/theme")
        app.post_message(BackgroundTold(Background.LIGHT))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()

        assert app.screen is chat
        assert app.theme == "paper"
        assert not app.loaded.file.exists()


@pytest.mark.parametrize(
    ("command", "said", "written"),
    [
        ("/vim", "vim is on from now on, also next time.", "vim = true\n"),
        ("/mouse scroll", "mouse is scroll from now on, also next time.", 'mouse = "scroll"\n'),
        ("/theme linen", "theme is linen from now on, also next time.", 'theme = "linen"\n'),
    ],
)
async def test_a_command_says_once_that_it_is_kept(tmp_path: Path, command: str, said: str, written: str) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, command)

        assert notes(app).startswith(said)  # so that no narrow screen cuts it
        assert notes(app).count(said) == 1
        assert app.loaded.file.read_text() == written


@pytest.mark.parametrize("command", ["/vim", "/mouse off", "/theme linen"])
async def test_a_temporary_run_keeps_no_setting_and_says_so(tmp_path: Path, command: str) -> None:
    app = chat_app(tmp_path, opens_with=Opening(is_temporary=True))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, command)

        assert "for this run: --temporary keeps nothing." in notes(app)
        assert "also next time" not in notes(app)
        assert not app.loaded.file.exists()


async def test_what_cannot_be_written_is_not_said_to_be_kept(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        app.loaded.file.mkdir()
        await send(pilot, chat, "/theme fjord")

        assert app.theme == "fjord"
        assert "also next time" not in notes(app)
        assert str(app.loaded.file.name) in notes(app)


async def test_a_terminal_that_says_the_same_again_leaves_the_theme_that_is_tried(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        app.post_message(BackgroundTold(Background.LIGHT))
        await pilot.pause()
        await send(pilot, chat, "/theme")
        await pilot.press("down")
        await pilot.pause()
        tried = app.theme
        assert tried != "paper"
        app.post_message(BackgroundTold(Background.LIGHT))
        await pilot.pause()
        assert app.theme == tried
