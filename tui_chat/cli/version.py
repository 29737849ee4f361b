"""The version, with the commit that it was built from where that is known.

A wheel has the commit in a file that is written when it is built; in a checkout, git's own files are read. No program
is run and only the standard library is imported, since the build uses this module too; of that, what the interpreter
has imported already: `--version` is asked for by other programs.
"""

import os

COMMIT_FILE = "commit.txt"
"""File in the built package that holds the commit; a checkout has none."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_DIGITS = "0123456789abcdef"
_LENGTHS = (40, 64)
"""Digits of a commit: SHA-1 and SHA-256."""
_SHORT = 10
_SMALL_BYTES = 16 * 1024 * 1024
_LINKS = 5
"""Most references to follow, each naming the next."""


def version_text() -> str:
    """Write the version as `--version` prints it, like `0.1.0 (commit 0123456789)`."""
    from tui_chat import __version__

    commit = _known(_read(_PACKAGE, COMMIT_FILE)) or checked_out_commit(os.path.dirname(_PACKAGE))
    return f"{__version__} (commit {commit[:_SHORT]})" if commit else __version__


def checked_out_commit(folder: str | os.PathLike[str]) -> str:
    """Find the full commit of the git checkout in this folder; empty where there is none or it cannot be read."""
    git = os.path.join(folder, ".git")
    if link := _read(git).removeprefix("gitdir:").strip():  # a worktree or a submodule: its data is elsewhere
        git = os.path.join(folder, link)
    shared = os.path.join(git, _read(git, "commondir").strip())
    value = _read(git, "HEAD").strip()
    for _ in range(_LINKS):
        if not value.startswith("ref:"):
            break
        name = value.removeprefix("ref:").strip()
        value = _read(git, name).strip() or _read(shared, name).strip() or _packed(shared, name)
    return _known(value)


def _packed(git: str, name: str) -> str:
    lines = (line.split(" ", 1) for line in _read(git, "packed-refs").splitlines())
    return next((line[0] for line in lines if line[1:] == [name]), "")


def _known(text: str) -> str:
    """Return the text where it is a commit, else an empty one."""
    commit = text.strip()
    return commit if len(commit) in _LENGTHS and not commit.strip(_DIGITS) else ""


def _read(*place: str) -> str:
    """Read a small file; empty where there is none or it cannot be read."""
    path = os.path.join(*place)
    try:
        if os.path.isfile(path) and os.path.getsize(path) <= _SMALL_BYTES:
            with open(path, encoding="utf-8") as file:
                return file.read()
    except (OSError, ValueError):
        pass
    return ""
