"""Writing an export: never over another file unasked, never half a file, readable by its owner alone."""

from pathlib import Path

from tui_chat.core.errors import TranscriptError
from tui_chat.core.sanitize import sanitize_line, without_surrogates
from tui_chat.private_files import write_durably
from tui_chat.regular_files import expanded


def file_at(path: str, name: str) -> Path:
    """The file that a path means: in a folder, or where nothing is named, the one with this name."""
    is_folder = not path or path.endswith("/") or expanded(path).is_dir()
    return Path(path) / name if is_folder else Path(path)


class FileExists(TranscriptError):
    """There is a file of this name already; `overwrite` would replace it."""


def save_export(path: Path, text: str, overwrite: bool = False) -> Path:
    """Write `text` as UTF-8: see `save_bytes`."""
    return save_bytes(path, without_surrogates(text).encode(), overwrite)


def save_bytes(path: Path, data: bytes, overwrite: bool = False) -> Path:
    """Write `data` to `path`, mode 0600; where it was written, absolute. `~` is the home folder.

    The bytes go to a file beside it first, which then takes the name in one step: whoever looks sees the old file,
    the new one, or none. A symbolic link is refused and never followed, for it may lead anywhere.

    Raises:
        FileExists: there is something by this name and `overwrite` is False.
        TranscriptError: it cannot be written; nothing was left behind.
    """
    try:
        path = expanded(path).absolute()
        return _save(path, data, overwrite)
    except (OSError, ValueError) as error:  # a NUL in the name
        why = (error.strerror or "") if isinstance(error, OSError) else str(error)
        raise TranscriptError(
            f"{_shown(path)} cannot be written: {sanitize_line(why) or type(error).__name__}.",
            "Choose another place. The conversation itself is untouched.",
            retryable=True,
        ) from error


def _save(path: Path, data: bytes, overwrite: bool) -> Path:
    if path.is_symlink():
        raise TranscriptError(
            f"{_shown(path)} is a symbolic link.", "Give the place that it leads to, or another name."
        )
    if path.is_dir():
        raise TranscriptError(f"{_shown(path)} is a folder.", "Give the name of a file in it.")
    if not overwrite and path.exists():
        raise _exists(path)
    try:
        write_durably(path, data, overwrite=overwrite)
    except FileExistsError:
        raise _exists(path) from None
    return path


def _exists(path: Path) -> FileExists:
    return FileExists(f"{_shown(path)} exists already.", "Give another name.")


def _shown(path: Path) -> str:
    return sanitize_line(str(path), 300)
