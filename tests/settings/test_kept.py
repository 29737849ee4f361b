"""What is kept of a setting that was changed in the chat, and what is said of it."""

from pathlib import Path

import pytest

from tui_chat.core.errors import SettingsError
from tui_chat.settings.command_line import Override
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import load_settings


def keeper(
    folder: Path, flag: str = "", *, environ: dict[str, str] | None = None, temporary: bool = False
) -> SettingsKeeper:
    """Of a chat that was started with this theme for a flag."""
    flags = {"theme": Override("--theme", flag)} if flag else {}
    return SettingsKeeper(load_settings(folder / "config.toml", {}, flags), environ or {}, is_temporary=temporary)


@pytest.mark.parametrize("file", ["", 'theme = "paper"\nvim = true\n'])
def test_what_was_written_holds_also_next_time(tmp_path: Path, file: str) -> None:
    (tmp_path / "config.toml").write_text(file)
    settings = keeper(tmp_path)
    assert settings.keep("theme", "fjord") == "theme is fjord from now on, also next time."
    assert settings.keep("vim", True) == "vim is on from now on, also next time."
    assert settings.keep("vim", False) == "vim is off from now on, also next time."
    again = load_settings(tmp_path / "config.toml", {}).settings
    assert (again.theme, again.vim) == ("fjord", False)


def test_what_a_flag_overrides_holds_later(tmp_path: Path) -> None:
    settings = keeper(tmp_path, "ember")
    assert settings.rules_this_run("theme")
    assert not settings.rules_this_run("vim")
    assert settings.keep("theme", "fjord") == "theme is fjord, kept for later: --theme rules this run."
    assert load_settings(tmp_path / "config.toml", {}).settings.theme == "fjord"


def test_no_color_rules_the_theme_as_a_flag_does(tmp_path: Path) -> None:
    settings = keeper(tmp_path, environ={"NO_COLOR": "1"})
    assert settings.rules_this_run("theme")
    assert settings.keep("theme", "fjord") == "theme is fjord, kept for later: NO_COLOR rules this run."


def test_what_was_not_written_is_not_said_to_be_kept(tmp_path: Path) -> None:
    assert keeper(tmp_path, temporary=True).keep("vim", True) == "vim is on for this run: --temporary keeps nothing."
    words = "--theme rules this run, and --temporary keeps nothing for later."
    assert keeper(tmp_path, "ember", temporary=True).keep("theme", "x") == words
    assert not (tmp_path / "config.toml").exists()


def test_a_name_from_outside_stays_on_its_line(tmp_path: Path) -> None:
    assert "\x1b" not in keeper(tmp_path, temporary=True).keep("theme", "a\x1b[31m\nb")


def test_what_a_front_end_knows_to_be_wrong_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such key"):
        keeper(tmp_path).keep_typed(
            "leader", "ctrl+zz", at_once=False, themes=(), judge=lambda *_: "There is no such key."
        )
    assert not (tmp_path / "config.toml").exists()
