"""Reading of files: plain ones only, without waiting, within a bound, and every refusal in words."""

import os
from pathlib import Path

import pytest

from tests.irregular import IRREGULAR, sparse
from tui_chat.core.errors import ChatError, FileError
from tui_chat.regular_files import (
    file_error,
    names_in,
    open_regular,
    read_end,
    read_start,
    read_whole,
    refuse_irregular,
)

LIMIT = 1024


@pytest.mark.parametrize("kind", IRREGULAR)
@pytest.mark.parametrize("through_links", [True, False])
def test_what_is_no_plain_file_is_refused_at_once_and_named(tmp_path: Path, kind: str, through_links: bool) -> None:
    file = tmp_path / "file"
    IRREGULAR[kind](file)
    with pytest.raises(FileError) as refused:
        read_whole(file, LIMIT, through_links=through_links)
    failure = refused.value.failure
    assert str(file) in failure.message
    assert failure.advice
    assert isinstance(refused.value, ChatError)
    assert not refused.value.is_missing


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("a folder", "It is a folder"),
        ("a named pipe", "It is a named pipe"),
        ("a socket", "It is a socket"),
        ("a device", "It is a device"),
        ("a link that leads nowhere", "It is a link that leads nowhere"),
        ("a link to itself", "Its links lead in a circle"),
        ("100 MB", "It is larger than 1 KB"),
    ],
)
def test_the_reason_says_what_stands_there(tmp_path: Path, kind: str, words: str) -> None:
    file = tmp_path / "file"
    IRREGULAR[kind](file)
    with pytest.raises(FileError) as refused:
        read_whole(file, LIMIT)
    assert refused.value.strerror == words


@pytest.mark.parametrize("kind", [kind for kind in IRREGULAR if kind != "100 MB"])
def test_no_part_of_an_irregular_file_is_read(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file"
    IRREGULAR[kind](file)
    for read in (read_start, read_end):
        with pytest.raises(FileError):
            read(file, LIMIT)


def test_a_link_is_followed_only_where_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"words")
    link = tmp_path / "link"
    link.symlink_to("file")
    assert read_whole(link, LIMIT) == b"words"
    for refuse in (lambda: read_whole(link, LIMIT, through_links=False), lambda: refuse_irregular(link)):
        with pytest.raises(FileError, match="It is a link"):
            refuse()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none", "No such file"),
        ("file/inside", "A part of its path is no folder"),
        ("n" * 300, "Its name is too long"),
        ("a\0b", "No file can have this name"),
        ("\ud800", "No file can have this name"),
    ],
)
def test_a_name_that_cannot_be_opened_is_said_in_words(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError) as refused:
        read_whole(tmp_path / name, LIMIT)
    assert refused.value.strerror == words
    assert refused.value.is_missing == (name in ("none", "file/inside"))
    assert "\0" not in str(refused.value)


def test_a_file_of_size_0_that_holds_words_is_read_within_the_bound() -> None:
    file = Path("/proc/self/status")
    if not file.exists():
        pytest.skip("this system has no /proc")
    assert b"Pid:" in read_whole(file, 1024 * 1024)
    with pytest.raises(FileError, match="larger"):
        read_whole(file, 16)


def test_a_file_is_read_up_to_its_bound_and_no_further(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * LIMIT)
    assert len(read_whole(file, LIMIT)) == LIMIT
    sparse(file, 3 * 1024**3)
    with pytest.raises(FileError, match="larger"):
        read_whole(file, LIMIT)
    assert len(read_end(file, LIMIT)[0]) == len(read_start(file, LIMIT)[0]) == LIMIT


def test_no_descriptor_is_left_open_by_a_refusal(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(os.listdir("/dev/fd"))
    for name in ("pipe", ".", "none"):
        with pytest.raises(FileError):
            open_regular(tmp_path / name)
    assert len(os.listdir("/dev/fd")) == before


def test_a_folder_that_cannot_be_listed_has_no_names(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    (tmp_path / "a").touch()
    assert names_in(tmp_path) == ["a", "b"]
    assert names_in(tmp_path / "a") == names_in(tmp_path / "none") == names_in(tmp_path / "\0") == []


def test_a_file_that_another_program_makes_at_that_moment_was_missing_and_is_no_link(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(FileNotFoundError) as missing:
        os.open(path, os.O_RDONLY)
    path.touch()
    assert file_error(path, missing.value).is_missing
