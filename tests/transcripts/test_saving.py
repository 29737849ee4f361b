"""Files that hold transcripts: named safely, written wholly or not at all."""

import os
import resource
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.errors import TranscriptError
from tui_chat.transcripts.filename import suggested_name
from tui_chat.transcripts.saving import FileExists, file_at, save_export


def test_an_export_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = save_export(tmp_path / "a.md", "words 🎉\n")
    finally:
        os.umask(old)
    assert path == tmp_path / "a.md"
    assert path.read_bytes() == "words 🎉\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.md"]


def test_a_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    path = save_export(tmp_path / "a.md", "old")
    with pytest.raises(FileExists, match="exists already"):
        save_export(path, "new")
    assert path.read_text() == "old"
    save_export(path, "new", overwrite=True)
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["a.md"]


def test_a_symbolic_link_is_never_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("keep")
    link = tmp_path / "a.md"
    link.symlink_to(target)
    dangling = tmp_path / "b.md"
    dangling.symlink_to(tmp_path / "nowhere")
    for path in (link, dangling):
        for overwrite in (False, True):
            with pytest.raises(TranscriptError, match="symbolic link"):
                save_export(path, "new", overwrite)
    assert target.read_text() == "keep"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["missing/a.md", "a\0b", "x" * 300, "."])
def test_a_place_that_cannot_be_written_is_named_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        save_export(tmp_path / name, "words")
    assert caught.value.failure.advice
    assert os.listdir(tmp_path) == []


def test_a_path_leads_home_where_that_home_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert save_export(Path("~/a.md"), "words") == tmp_path / "a.md"
    assert save_export(Path("~a.md"), "words") == tmp_path / "~a.md"
    with pytest.raises(TranscriptError, match="~nobody-of-this-name"):
        save_export(Path("~nobody-of-this-name/a.md"), "words")


@pytest.mark.parametrize(("path", "file"), [("", "a.md"), ("~", "~/a.md"), ("notes/", "notes/a.md"), ("b.md", "b.md")])
def test_a_folder_gets_a_file_of_that_name(path: str, file: str) -> None:
    assert file_at(path, "a.md") == Path(file)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = save_export(tmp_path / "a.md", "old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(TranscriptError, match="cannot be written") as caught:
            save_export(path, "x" * 5000, overwrite=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.failure.retryable
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.md"]


def test_half_a_surrogate_pair_can_be_written(tmp_path: Path) -> None:
    assert save_export(tmp_path / "a.md", "a\ud800b").read_text() == "a\ufffdb"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Why is the sky blue?", "2026-11-22-why-is-the-sky-blue.md"),
        ("../../etc/passwd", "2026-11-22-etc-passwd.md"),
        ("", "2026-11-22-conversation.md"),
        ("🎉🎉", "2026-11-22-conversation.md"),
        ("東京の天気", "2026-11-22-東京の天気.md"),
        ("word " * 50, "2026-11-22-" + "-".join(["word"] * 12) + ".md"),
        ("x" * 500, "2026-11-22-conversation.md"),
    ],
)
def test_a_name_is_made_of_the_day_and_the_title(title: str, name: str) -> None:
    assert suggested_name(title, 1795305600.0, "md") == name


@given(st.text(), st.floats())
def test_any_title_makes_a_name_that_any_file_system_takes(title: str, created_at: float) -> None:
    name = suggested_name(title, created_at, "md")
    assert not set(name) & set('/\\:*?"<>|\0\n .') - {"."}
    assert name.count(".") == 1
    assert not name.startswith(".")
    assert len(name.encode("utf-8", "replace")) < 255
