"""Rules of ignore files: `.gitignore` in every folder, `.git/info/exclude`, and `.ignore`, which outranks both.

The patterns are those of git, and `pathspec` knows them. Paths are absolute, a folder's with a slash at its end.
"""

import os
import re
from contextlib import suppress
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from tui_chat.core.errors import FileError
from tui_chat.regular_files import read_start

LARGEST_FILE = 512 * 1024
_LONGEST_POINTER = 4096
MOST_WILDCARDS = 4
"""Most wildcards in one part of a pattern, and most `**` in all of it. Patterns are matched by trying, which takes ages
with more of them, and an ignore file may come from anybody."""

Rules = tuple[tuple[str, GitIgnoreSpec], ...]
"""Rules and the folder that they count from, the innermost first: the first that says anything decides."""


class IgnoreRules(NamedTuple):
    """The rules that are in force in a folder."""

    own: Rules = ()
    """Rules of `.ignore` files."""
    git: Rules = ()

    def inside(self, folder: str) -> "IgnoreRules":
        """The rules in force in a folder below, given with its slash."""
        own, git = _read(folder, ".ignore"), _read(folder, ".gitignore")
        return IgnoreRules(own + self.own, git + self.git) if own or git else self

    def leave_out(self, path: str) -> bool:
        """A path is ignored."""
        for rules in (self.own, self.git):
            for base, spec in rules:
                is_left_out = spec.check_file(path[len(base) :]).include
                if is_left_out is not None:
                    return is_left_out
        return False


def rules_above(folder: str) -> IgnoreRules:
    """The rules that a folder inherits: those of the folders above it, up to its repository."""
    above: list[str] = []
    at = folder.rstrip("/")
    while not os.path.lexists(f"{at}/.git"):
        if at in ("", os.path.dirname(at)):
            return IgnoreRules()  # in no repository
        at = os.path.dirname(at)
        above.append(f"{at.rstrip('/')}/")
    top = f"{at}/"
    rules = IgnoreRules(git=_read(_git_folder(top), "info/exclude", counts_from=top))
    for outer in reversed(above):
        rules = rules.inside(outer)
    return rules


def _git_folder(top: str) -> str:
    """The folder with a repository's own files: in a worktree `.git` is a file that names it."""
    with suppress(OSError, ValueError):
        pointer, _ = read_start(f"{top}.git", _LONGEST_POINTER)
        folder = os.path.join(top, pointer.decode().removeprefix("gitdir:").strip())
        pointer, _ = read_start(f"{folder}/commondir", _LONGEST_POINTER)
        return f"{os.path.join(folder, pointer.decode().strip())}/"
    return f"{top}.git/"


def _read(folder: str, name: str, *, counts_from: str = "") -> Rules:
    """The rules in a file; none where there is no such file, or nothing in it."""
    try:
        start, _ = read_start(folder + name, LARGEST_FILE)
    except FileError:
        return ()
    text = start.decode(errors="surrogateescape")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#") and not _is_costly(line)]
    spec = _spec(lines)
    return ((counts_from or folder, spec),) if spec is not None else ()


def _is_costly(line: str) -> bool:
    parts = line.split("/")
    stars = [part.count("*") for part in parts if part != "**"]
    return max(stars, default=0) > MOST_WILDCARDS or parts.count("**") > MOST_WILDCARDS


def _spec(lines: list[str]) -> GitIgnoreSpec | None:
    """The lines as one set of patterns, invalid ones left out."""
    try:
        return GitIgnoreSpec.from_lines(lines) if lines else None
    except (ValueError, re.error):
        return _spec([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
