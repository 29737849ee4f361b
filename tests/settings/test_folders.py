"""Whether anything can be kept, found out before anything is written, and said once."""

from pathlib import Path

import pytest

from tui_chat.settings.folders import look_at_folders
from tui_chat.settings.paths import Paths, find_paths


def home(folder: Path) -> Paths:
    return find_paths({"TUI_CHAT_HOME": str(folder)})


def test_a_folder_that_can_be_made_is_nothing_to_tell_of_and_is_not_made(tmp_path: Path) -> None:
    keeping = look_at_folders(home(tmp_path / "a" / "b"))
    assert keeping.is_possible
    assert keeping.problems == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file", "file/below", "nowhere", "circle", "circle/below", "n" * 300])
def test_a_home_that_can_be_no_folder_keeps_nothing_and_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "nowhere").symlink_to("none")
    (tmp_path / "circle").symlink_to("circle")
    keeping = look_at_folders(home(tmp_path / name))
    assert not keeping.is_possible
    (problem,) = keeping.problems
    assert not problem.is_setting
    assert "nothing will be kept" in str(problem)
    assert str(tmp_path) in str(problem)


def test_a_state_folder_that_cannot_be_used_keeps_conversations_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    paths = Paths(config=tmp_path, data=tmp_path / "data", state=tmp_path / "file" / "state", cache=tmp_path)
    keeping = look_at_folders(paths)
    assert keeping.is_possible
    assert "drafts and prompts are not kept" in str(keeping.problems[0])


def test_a_folder_that_others_can_look_into_is_told_of_until_something_is_kept_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    folder.chmod(0o755)
    paths = home(folder)
    assert "chmod 700" in str(look_at_folders(paths).problems[0])
    paths.database.touch()
    assert look_at_folders(paths).problems == ()
    assert folder.stat().st_mode & 0o777 == 0o755
