"""The commit of a checkout, read from git's own files in every layout that they have."""

from pathlib import Path

import pytest

from tui_chat import __version__
from tui_chat.cli.version import checked_out_commit, version_text

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git_folder(folder: Path, head: str) -> Path:
    git = folder / ".git"
    git.mkdir()
    (git / "HEAD").write_text(head)
    return git


def written(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_branch_is_followed(tmp_path: Path) -> None:
    git = git_folder(tmp_path, "ref: refs/heads/a/branch\n")
    written(git / "refs/heads/a/branch", f"{COMMIT}\n")
    assert checked_out_commit(tmp_path) == COMMIT


def test_a_branch_among_the_packed_ones_is_found(tmp_path: Path) -> None:
    git = git_folder(tmp_path, "ref: refs/heads/main\n")
    other = "f" * 40
    written(
        git / "packed-refs",
        f"# pack-refs with: peeled\n{other} refs/heads/mainly\n{COMMIT} refs/heads/main\n^{other}\n",
    )
    assert checked_out_commit(tmp_path) == COMMIT


def test_a_detached_head_is_the_commit(tmp_path: Path) -> None:
    git_folder(tmp_path, f"{COMMIT}\n")
    assert checked_out_commit(tmp_path) == COMMIT


@pytest.mark.parametrize("is_relative", [True, False])
def test_a_worktree_is_followed_to_where_its_branches_are(tmp_path: Path, is_relative: bool) -> None:
    main = tmp_path / "main/.git"
    written(main / "refs/heads/side", COMMIT)
    written(main / "worktrees/side/HEAD", "ref: refs/heads/side")
    written(main / "worktrees/side/commondir", "../..\n")
    place = "../main/.git/worktrees/side" if is_relative else str(main / "worktrees/side")
    written(tmp_path / "side/.git", f"gitdir: {place}\n")
    assert checked_out_commit(tmp_path / "side") == COMMIT


@pytest.mark.parametrize(
    "head",
    [
        "",
        "\0",
        "ref:",
        "ref: ../../../etc/passwd",
        "ref: refs/heads/none",
        "ref: HEAD",
        "no commit",
        f"{COMMIT}0",
        "é" * 40,
    ],
)
def test_what_is_no_commit_is_none(tmp_path: Path, head: str) -> None:
    git_folder(tmp_path, head)
    assert checked_out_commit(tmp_path) == ""


def test_what_is_no_checkout_has_no_commit(tmp_path: Path) -> None:
    assert checked_out_commit(tmp_path) == ""
    written(tmp_path / "file/.git", "words\n")
    assert checked_out_commit(tmp_path / "file") == ""
    (tmp_path / "bytes").mkdir()
    (tmp_path / "bytes/.git").write_bytes(b"gitdir: \xff\0")
    assert checked_out_commit(tmp_path / "bytes") == ""


def test_the_version_stands_first(tmp_path: Path) -> None:
    assert version_text().split(" ")[0] == __version__
