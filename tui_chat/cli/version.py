"""The version, with the commit that it was built from where that is known.

A wheel carries the commit in a file, written when it is built; a checkout is looked at directly. No program is run and
nothing but the standard library is imported: the build reads this module too.
"""

import re
from pathlib import Path
from typing import Final

COMMIT_FILE: Final = "commit.txt"
"""In the package, in what is built; never in a checkout."""

_PACKAGE: Final = Path(__file__).parent.parent
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT: Final = 10
_SMALL_BYTES: Final = 16 * 1024 * 1024
_LINKS: Final = 5
"""References that name another one, at most."""


def version_text() -> str:
    """The version as `--version` prints it, like `0.1.0 (commit 0123456789)`."""
    from tui_chat import __version__

    commit = _known(_read(_PACKAGE / COMMIT_FILE)) or checked_out_commit(_PACKAGE.parent)
    return f"{__version__} (commit {commit[:_SHORT]})" if commit else __version__


def checked_out_commit(folder: Path) -> str:
    """The commit of the git checkout in this folder, in full; empty where there is none or it cannot be told."""
    git = folder / ".git"
    if link := _read(git).removeprefix("gitdir:").strip():  # a worktree or a submodule: its data is elsewhere
        git = folder / link
    shared = git / (_read(git / "commondir").strip() or ".")
    value = _read(git / "HEAD").strip()
    for _ in range(_LINKS):
        if not value.startswith("ref:"):
            break
        name = value.removeprefix("ref:").strip()
        value = _read(git / name).strip() or _read(shared / name).strip() or _packed(shared, name)
    return _known(value)


def _packed(git: Path, name: str) -> str:
    lines = (line.split(" ", 1) for line in _read(git / "packed-refs").splitlines())
    return next((line[0] for line in lines if line[1:] == [name]), "")


def _known(text: str) -> str:
    """The text where it is a commit."""
    return text.strip() if _COMMIT.fullmatch(text.strip()) else ""


def _read(file: Path) -> str:
    """A small file's text; empty where it is none or cannot be read."""
    try:
        if file.is_file() and file.stat().st_size <= _SMALL_BYTES:
            return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        pass
    return ""
