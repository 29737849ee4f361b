"""The shipped themes and the user's, read from their folders: what the screen shows, and a transcript for a browser.

Apart from the screen's own half, so that a transcript needs no screen.
"""

import errno
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tui_chat.core.errors import FileError
from tui_chat.regular_files import names_in, read_whole
from tui_chat.settings.load import Origin
from tui_chat.settings.problem import Problem
from tui_chat.settings.theme_file import MAX_FILE_BYTES, ThemeFile, completed, is_theme_id, read_theme

AUTO: Final = "auto"
DEFAULT: Final = "dusk"
LIGHT_DEFAULT: Final = "paper"
TERMINAL: Final = "terminal"


class Themes:
    """The shipped themes and the user's, each read when asked for. A user's theme hides a shipped one of its name."""

    def __init__(self, user_folder: Path | None = None) -> None:
        self._user_folder = user_folder
        self._read: dict[str, tuple[ThemeFile, tuple[Problem, ...]]] = {}

    def names(self) -> tuple[str, ...]:
        """Names of all themes: the shipped ones in alphabetical order, the default first, then the user's."""
        shipped = sorted(_themes_in(_shipped_folder()), key=lambda name: (name != DEFAULT, name))
        own = sorted(set(_themes_in(self._user_folder)) - set(shipped)) if self._user_folder else []
        return (*shipped, *own)

    def read(self, name: str) -> tuple[ThemeFile, tuple[Problem, ...]]:
        """A theme by its name, complete, and what was wrong with it. Never fails: what cannot be read is the default
        theme, and a problem says so."""
        if name not in self._read:
            self._read[name] = self._read_now(name)
        return self._read[name]

    def _read_now(self, name: str) -> tuple[ThemeFile, tuple[Problem, ...]]:
        path = self._find(name)
        if path is None:
            words = f"no theme has this name; there are: {', '.join(self.names())}"
            return shipped_theme(DEFAULT), (Problem(name[:80], None, "theme", words),)
        if path.parent == _shipped_folder():
            return shipped_theme(name), ()
        try:
            text = read_whole(path, MAX_FILE_BYTES).decode()
        except FileError as error:
            why = "is too long for a theme" if error.errno == errno.EFBIG else f"cannot be read ({error.strerror})"
            return shipped_theme(DEFAULT), (Problem(str(path), None, "", f"{why}; {DEFAULT} is used"),)
        except UnicodeDecodeError:
            return shipped_theme(DEFAULT), (Problem(str(path), None, "", f"is not text in UTF-8; {DEFAULT} is used"),)
        theme, problems = read_theme(text, name, str(path))
        if theme is None:
            return shipped_theme(DEFAULT), problems
        base = TERMINAL if theme.ansi else DEFAULT if theme.dark else LIGHT_DEFAULT
        return completed(theme, shipped_theme(base).colors), problems

    def _find(self, name: str) -> Path | None:
        if not is_theme_id(name):
            return None
        for folder in (self._user_folder, _shipped_folder()):
            if folder is not None and os.path.lexists(path := folder / f"{name}.toml"):
                return path
        return None


def placed(problems: Iterable[Problem], origin: Origin) -> tuple[Problem, ...]:
    """Problems with the theme of the settings, that of its name at the line of the file that gives it."""
    file, _, line = origin.detail.rpartition(":")
    is_known = line.isdecimal()
    return tuple(
        replace(each, where=file, line=int(line)) if is_known and each.key == "theme" and each.line is None else each
        for each in problems
    )


def is_open(setting: str) -> bool:
    """Whether the setting names no theme."""
    return setting in ("", AUTO)


@cache
def _shipped_folder() -> Path:
    """Inside the package in a wheel, beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


@cache
def shipped_theme(name: str) -> ThemeFile:
    """A theme of ours by its name."""
    path = _shipped_folder() / f"{name}.toml"
    theme, _ = read_theme(path.read_text(encoding="utf-8"), name, str(path))
    if theme is None:
        raise RuntimeError(f"the shipped theme {name} is damaged")
    return completed(theme, theme.colors)


def _themes_in(folder: Path) -> Iterable[str]:
    return filter(is_theme_id, (name.removesuffix(".toml") for name in names_in(folder) if name.endswith(".toml")))
