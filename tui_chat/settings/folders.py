"""Whether anything can be kept in our folders, found out before anything is written, so that it is said once and not at
each file that cannot be kept. Nothing is made or changed here, least of all somebody else's folder."""

import errno
import os
import stat
from pathlib import Path

import msgspec

from tui_chat.core.errors import FileError
from tui_chat.regular_files import file_error, shown_path
from tui_chat.settings.paths import Paths
from tui_chat.settings.problem import Problem


class Keeping(msgspec.Struct, frozen=True):
    """What becomes of the conversations of this run."""

    is_possible: bool = True
    """False: nothing can be kept, and every conversation is temporary."""
    problems: tuple[Problem, ...] = ()


def look_at_folders(paths: Paths) -> Keeping:
    """Find out whether the folders can be used. A folder that is open to others is only told of, and only as long as
    nothing has been kept in it."""
    if (refusal := why_unusable(paths.data)) is not None:
        words = f"{refusal.strerror}; nothing will be kept. Make it a folder of yours, or set TUI_CHAT_HOME to one"
        return Keeping(is_possible=False, problems=(_told(paths.data, words),))
    problems: list[Problem] = []
    if paths.state != paths.data and (refusal := why_unusable(paths.state)) is not None:
        problems.append(_told(paths.state, f"{refusal.strerror}; drafts and prompts are not kept"))
    if _is_open_to_others(paths.data) and not os.path.lexists(paths.database):
        folder = shown_path(paths.data)
        words = f"others can look into it; what is kept there is closed to them. To close it too: chmod 700 {folder}"
        problems.append(msgspec.structs.replace(_told(paths.data, words), is_advice=True))
    return Keeping(problems=tuple(problems))


def why_unusable(folder: Path) -> FileError | None:
    """The reason why a folder can neither be entered nor made; None where it can."""
    for at in (folder, *folder.parents):
        try:
            mode = os.stat(at).st_mode
        except FileNotFoundError as error:
            if at.is_symlink():
                return file_error(at, error)
            continue
        except (OSError, ValueError) as error:
            return file_error(folder, error)
        if not stat.S_ISDIR(mode):
            return file_error(at, NotADirectoryError(errno.ENOTDIR, ""))
        may = os.access(
            at, os.X_OK | (os.R_OK if at == folder else os.W_OK), effective_ids=os.access in os.supports_effective_ids
        )
        return None if may else file_error(at, PermissionError(errno.EACCES, ""))
    return None


def _is_open_to_others(folder: Path) -> bool:
    try:
        return bool(os.stat(folder).st_mode & 0o077)
    except (OSError, ValueError):
        return False


def _told(folder: Path, words: str) -> Problem:
    return Problem(shown_path(folder), None, "", words, is_setting=False)
