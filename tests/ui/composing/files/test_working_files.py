"""The files below a folder: what ignore files leave out, and disks that are not as they should be."""

import os
import threading
from pathlib import Path

import pytest

from tui_chat.ui.composing.files import working_files
from tui_chat.ui.composing.files.working_files import WorkingFiles


def put(folder: Path, *names: str, **texts: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    for name, text in texts.items():
        (folder / name).write_text(text)


def found(folder: Path, *, most: int = 1_000) -> list[str]:
    files = WorkingFiles(str(folder), lambda: None, most=most)
    files.start()
    assert files.join(10)
    assert files.is_complete
    return files.paths


def test_what_lies_near_comes_first(tmp_path: Path) -> None:
    put(tmp_path, "a/b/deep", "z", "b/c", ".hidden/x", ".git/config", ".env")
    assert found(tmp_path) == [".env", "z", "b/c", "a/b/deep"]


def test_ignore_files_count_from_their_own_folder_and_inner_ones_decide(tmp_path: Path) -> None:
    put(tmp_path, "a.log", "build/x", "sub/build/y", "sub/keep.log", "sub/b.log", "sub/deep/only", "only")
    (tmp_path / ".gitignore").write_text("# comment\n*.log\n/build/\n")
    (tmp_path / "sub" / ".gitignore").write_text("!keep.log\nonly\n")
    assert [path for path in found(tmp_path) if ".git" not in path] == ["only", "sub/keep.log", "sub/build/y"]


def test_ignore_outranks_gitignore(tmp_path: Path) -> None:
    put(tmp_path, "a.log", "b.txt")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / ".ignore").write_text("!a.log\nb.txt\n.*\n")
    assert found(tmp_path) == ["a.log"]


def test_rules_of_the_repository_count_in_a_folder_of_it(tmp_path: Path) -> None:
    put(tmp_path, ".git/info/exclude", "sub/a.tmp", "sub/b.log", "sub/c.py")
    (tmp_path / ".git/info/exclude").write_text("*.tmp\n")
    (tmp_path / ".gitignore").write_text("/sub/*.log\n")
    assert found(tmp_path / "sub") == ["c.py"]


def test_a_worktree_reads_the_excludes_of_its_repository(tmp_path: Path) -> None:
    put(tmp_path, "main/.git/info/exclude", "main/.git/worktrees/w/commondir", "tree/.git", "tree/a.tmp", "tree/b")
    (tmp_path / "main/.git/info/exclude").write_text("*.tmp\n")
    (tmp_path / "main/.git/worktrees/w/commondir").write_text("../..\n")
    (tmp_path / "tree/.git").write_text(f"gitdir: {tmp_path}/main/.git/worktrees/w\n")
    assert found(tmp_path / "tree") == [".git", "b"]


def test_a_ring_of_links_ends_and_a_link_to_a_file_is_a_file(tmp_path: Path) -> None:
    put(tmp_path, "sub/a")
    (tmp_path / "sub" / "ring").symlink_to(tmp_path)
    (tmp_path / "sub" / "self").symlink_to("self")
    (tmp_path / "link").symlink_to("sub/a")
    assert found(tmp_path) == ["link", "sub/a"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_is_passed_by(tmp_path: Path) -> None:
    put(tmp_path, "closed/x", "open/y")
    (tmp_path / "closed").chmod(0)
    assert found(tmp_path) == ["open/y"]
    (tmp_path / "closed").chmod(0o700)


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert found(tmp_path / "gone") == []


def test_lines_that_are_no_patterns_are_passed_over_and_costly_ones_too(tmp_path: Path) -> None:
    name = "a" * 200
    put(tmp_path, name, "b.log")
    costly = "*a" * 60 + "*b"
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe\n[\n!\n" + costly.encode() + b"\n*.log\n")
    assert found(tmp_path) == [".gitignore", name]


def test_no_more_are_taken_than_wanted(tmp_path: Path) -> None:
    put(tmp_path, *(f"{number:03}" for number in range(50)))
    assert len(found(tmp_path, most=20)) == 20


def test_it_ends_when_it_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped while it tells of the first folder; the thousand others are never opened."""
    put(tmp_path, *(f"{number:04}/x" for number in range(1_000)))
    monkeypatch.setattr(working_files, "TELL_AFTER_S", -1.0)
    first, may_go_on = threading.Event(), threading.Event()

    def tell() -> None:
        first.set()
        may_go_on.wait(10)

    files = WorkingFiles(str(tmp_path), tell)
    files.start()
    assert first.wait(10)
    files.stop()
    may_go_on.set()
    assert files.join(10)
    assert len(files.paths) < 10
