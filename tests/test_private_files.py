"""Files of ours: closed to others, and whole or as they were."""

import os
import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.irregular import IRREGULAR
from tui_chat import private_files
from tui_chat.core.errors import FileError
from tui_chat.private_files import append_whole, make_private_folder, replacing, write_durably


def test_a_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    before = os.umask(0o077 ^ 0o700)
    try:
        make_private_folder(folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


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


@pytest.mark.parametrize("kind", [kind for kind in IRREGULAR if kind != "100 MB"])
def test_what_is_no_plain_file_is_never_replaced_or_written_to(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file"
    IRREGULAR[kind](file)
    before = os.lstat(file), sorted(os.listdir(tmp_path))
    with pytest.raises(FileError), replacing(file) as opened:
        opened.write(b"words")
    with pytest.raises(FileError):
        write_durably(file, b"words", overwrite=True)
    with pytest.raises(FileError):
        append_whole(file, b"words")
    after = os.lstat(file), sorted(os.listdir(tmp_path))
    assert (before[0].st_ino, before[0].st_mode, before[1]) == (after[0].st_ino, after[0].st_mode, after[1])


def test_nothing_is_appended_through_a_link(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"theirs")
    foreign.chmod(0o644)
    (tmp_path / "file").symlink_to(foreign)
    with pytest.raises(FileError, match="It is a link"):
        append_whole(tmp_path / "file", b"words")
    assert foreign.read_bytes() == b"theirs"
    assert stat.S_IMODE(foreign.stat().st_mode) == 0o644


def test_what_is_appended_is_closed_to_others_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    append_whole(file, b"one\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    append_whole(file, b"two\n")
    assert file.read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_full_disk_leaves_no_half_line_and_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    append_whole(file, b"one\n")
    with limited_files(1024):
        with pytest.raises(FileError):
            append_whole(file, b"x" * 5000)
        with pytest.raises(FileError), replacing(tmp_path / "other") as opened:
            opened.write(b"x" * 5000)
    assert file.read_bytes() == b"one\n"
    assert os.listdir(tmp_path) == ["file"]


@contextmanager
def limited_files(size: int) -> Iterator[None]:
    """No file may grow larger, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize(("name", "words"), [("file/a", "no folder"), ("n" * 300 + "/a", "too long"), ("\0/a", "name")])
def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=words), replacing(tmp_path / name) as opened:
        opened.write(b"words")
    assert os.listdir(tmp_path) == ["file"]


DATABASES = {"store/aside.py", "store/backup.py"}
"""SQLite writes its files itself; they are renamed, whole, with what stands beside them."""


def test_the_steps_to_a_file_of_ours_stand_in_one_place() -> None:
    package = Path(private_files.__file__).parent
    takers = {
        source.relative_to(package).as_posix()
        for source in package.rglob("*.py")
        if "os.link(" in (text := source.read_text()) or "os.replace(" in text
    }
    assert takers == {"private_files.py"} | DATABASES
