"""Where files live."""

from pathlib import Path

from tui_chat.settings.paths import find_paths


def test_a_home_that_is_set_holds_everything(tmp_path: Path) -> None:
    paths = find_paths({"TUI_CHAT_HOME": str(tmp_path)})

    assert {paths.config, paths.data, paths.state, paths.cache} == {tmp_path}
    assert paths.config_file == tmp_path / "config.toml"


def test_a_relative_home_does_not_move_when_the_program_changes_folder() -> None:
    paths = find_paths({"TUI_CHAT_HOME": "somewhere"})

    assert paths.config.is_absolute()


def test_without_a_home_the_platform_decides() -> None:
    paths = find_paths({})

    assert paths.config.name == "tui-chat"
    assert find_paths({"TUI_CHAT_HOME": ""}) == paths


def test_looking_for_the_folders_creates_none(tmp_path: Path) -> None:
    home = tmp_path / "home"

    find_paths({"TUI_CHAT_HOME": str(home)})

    assert not home.exists()
