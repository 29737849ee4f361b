"""Files of ours: closed to others, and whole or as they were."""

import os
import stat
from pathlib import Path

import pytest

from tui_chat import private_files
from tui_chat.private_files import make_private_folder, replacing, write_durably


def test_a_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    make_private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_of_ours_is_closed_to_others_also_where_an_open_one_stood(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    for content in (b"one", b"two"):
        with replacing(file) as opened:
            opened.write(content)
        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)


def test_what_was_there_stays_where_the_block_raises(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")
    with pytest.raises(UnicodeEncodeError), replacing(file) as opened:
        opened.writelines(text.encode() for text in ("half", "\ud800"))
    assert file.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_durable_file_is_closed_to_others_and_alone(tmp_path: Path, overwrite: bool) -> None:
    file = tmp_path / "file"
    write_durably(file, b"words", overwrite=overwrite)
    assert file.read_bytes() == b"words"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["file"]


def test_a_file_is_replaced_durably_only_where_it_may_be(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")
    with pytest.raises(FileExistsError):
        write_durably(file, b"words", overwrite=False)
    assert file.read_bytes() == b"before"
    write_durably(file, b"words", overwrite=True)
    assert file.read_bytes() == b"words"
    assert os.listdir(tmp_path) == ["file"]


def test_the_steps_to_a_file_of_ours_stand_in_one_place() -> None:
    package = Path(private_files.__file__).parent
    takers = {
        source.relative_to(package).as_posix()
        for source in package.rglob("*.py")
        if "os.link(" in (text := source.read_text()) or "os.replace(" in text
    }
    assert takers == {"private_files.py"}
