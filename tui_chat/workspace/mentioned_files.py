"""What the `@words` of a text name on disk, and reading it. Runs in a thread.

A word that names nothing is only words (a person, a decorator, a package), unless it is written as a path: in quotes,
from `/`, `~/`, `./` or `../` on, or below a folder that is there.
"""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tui_chat.core import figures
from tui_chat.core.errors import AttachmentError
from tui_chat.core.parts import File, Image
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.attachments import HEAD_BYTES, LIMIT_BYTES, FileKind, kind_of, read_attachment
from tui_chat.workspace.mentions import Mention, mentions_in

MOST_WORDS = 1_000
MOST_FILES = 50
MOST_BYTES = 64 * 1024 * 1024
_ROOTS = ("/", "~/", "./", "../")
_ADVICE = "Correct it, or send once more: then the word goes without a file."


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a text names."""

    name: str
    """Its path as it was written."""
    path: Path
    size: int = 0
    kind: FileKind = FileKind.TEXT
    problem: str = ""
    """Why it cannot be attached, in a few words; empty where it seems that it can."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Size and estimate, or what is wrong, for people."""
        if self.problem:
            return (self.problem,)
        if self.kind is FileKind.PICTURE:
            return self.kind.value, figures.size(self.size)
        return figures.size(self.size), figures.estimated_tokens(-(-self.size // 4))


def files_named(text: str, folder: Path) -> tuple[Named, ...]:
    """The files that a text means, each once, in their order; those that are not there too."""
    found: dict[str, Named] = {}
    for mention in islice(mentions_in(text), MOST_WORDS):
        if (named := _named(mention, folder)) is not None:
            found.setdefault(named.name, named)
    return tuple(found.values())


def read_files(
    files: Sequence[Named], kept: Iterable[File | Image] = (), *, only_good: bool = False
) -> tuple[File | Image, ...]:
    """The files as parts, without those that cannot be attached where `only_good`. The part that was `kept` from before
    under a file's name stands in for one that is not there any more.

    Raises:
        AttachmentError: one cannot be attached, or they are too much together.
    """
    if len(files) > MOST_FILES or sum(file.size for file in files) > MOST_BYTES:
        together = f"They are more than {MOST_FILES} files, or more than {figures.size(MOST_BYTES)} together."
        raise AttachmentError(together, "Attach fewer at a time.")
    before = {part.name: part for part in kept}
    parts: list[File | Image] = []
    for file in files:
        try:
            if file.problem:
                raise AttachmentError(f"{shown_name(file.name)}: {file.problem}.", _ADVICE)
            parts.append(read_attachment(file.path, file.name))
        except AttachmentError:
            if file.name in before:
                parts.append(before[file.name])
            elif not only_good:
                raise
    return tuple(parts)


def _named(mention: Mention, folder: Path) -> Named | None:
    for name in mention.readings():
        if not name.strip("/~."):
            return None
        try:
            path = folder / Path(name).expanduser()
            status = path.stat()
        except (OSError, ValueError, RuntimeError):
            continue
        if stat.S_ISDIR(status.st_mode):
            return Named(name, path, problem="a folder, name the files in it")
        if not stat.S_ISREG(status.st_mode):
            return Named(name, path, problem="not a plain file")  # a pipe or a device may never end
        if status.st_size > LIMIT_BYTES:
            return Named(name, path, problem="larger than 20 MB")
        return _looked_at(name, path, status.st_size)
    return _missing(mention, folder)


def _looked_at(name: str, path: Path, size: int) -> Named:
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD_BYTES))
    except OSError as error:
        return Named(name, path, problem=f"unreadable, {error.strerror}")
    if kind is FileKind.BINARY:
        return Named(name, path, problem="neither text nor a picture")
    return Named(name, path, size, kind)


def _missing(mention: Mention, folder: Path) -> Named | None:
    """A file that is meant, and not there; None where the word only looks like one."""
    name = list(mention.readings())[-1]
    above = os.path.dirname(name)
    try:
        path = folder / Path(name).expanduser()
        is_meant = mention.is_quoted or name.startswith(_ROOTS) or bool(above and (folder / above).is_dir())
    except (OSError, ValueError, RuntimeError):
        return None
    return Named(name, path, problem="no such file") if is_meant else None


def shown_name(name: str) -> str:
    """A file's name for people, in one line."""
    return sanitize_line(name, 100)
