"""Files that the `@words` of a text name, looked up and read. Runs in a thread.

A word that names no file is only a word (a person, a decorator, a package), unless it is written as a path: in quotes,
beginning with `/`, `~/`, `./` or `../`, or below a folder that exists.
"""

import os
import stat
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from tui_chat.core import figures
from tui_chat.core.errors import AttachmentError, FileError
from tui_chat.core.given import HEAD_BYTES
from tui_chat.core.parts import Given
from tui_chat.core.request_size import RequestSize
from tui_chat.core.sanitize import sanitize_line
from tui_chat.regular_files import expanded, read_start
from tui_chat.workspace.attachments import (
    LIMIT_BYTES,
    FileKind,
    facts_in_words,
    kind_of,
    read_attachment,
    tokens_of_file,
)
from tui_chat.workspace.mentions import Mention, mentions_in

MOST_WORDS = 1_000
MOST_FILES = 50
MOST_BYTES = 64 * 1024 * 1024
_ROOTS = ("/", "~/", "./", "../")
_ADVICE = "Correct it, or send once more: then the word goes without a file."


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a text names."""

    name: str
    """The path as it was written."""
    path: Path
    size: int = 0
    kind: FileKind = FileKind.TEXT
    tokens: int | None = None
    """Estimate; None of a picture."""
    problem: str = ""
    """Reason why it cannot be attached, in a few words; empty where it seems that it can."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Size and estimated tokens, or the problem, for people."""
        if self.problem:
            return (self.problem,)
        return facts_in_words(self.kind, self.size, self.tokens)

    @property
    def request_size(self) -> RequestSize:
        """Estimate of what it adds to a request."""
        if self.problem:
            return RequestSize()
        is_picture = self.tokens is None
        return RequestSize(self.tokens or 0, is_whole=not is_picture, pictures=int(is_picture))


def files_named(text: str, folder: Path) -> tuple[NamedFile, ...]:
    """Find the files that a text names, each once, in their order, missing ones included."""
    found: dict[str, NamedFile] = {}
    for mention in islice(mentions_in(text), MOST_WORDS):
        if (named := _named(mention, folder)) is not None:
            found.setdefault(named.name, named)
    return tuple(found.values())


def read_files(files: Sequence[NamedFile], kept: Iterable[Given] = (), *, only_good: bool = False) -> tuple[Given, ...]:
    """Read the files as parts; `only_good` leaves out those that cannot be attached. A part `kept` from an earlier
    message stands in for a file of its name that cannot be read any more.

    Raises:
        AttachmentError: one cannot be attached, or they are too large together.
    """
    if len(files) > MOST_FILES or sum(file.size for file in files) > MOST_BYTES:
        together = f"They are more than {MOST_FILES} files, or more than {figures.size(MOST_BYTES)} together."
        raise AttachmentError(together, "Attach fewer at a time.")
    before = {part.name: part for part in kept}
    parts: list[Given] = []
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


def _named(mention: Mention, folder: Path) -> NamedFile | None:
    for name in mention.readings():
        if not name.strip("/~."):
            return None
        try:
            path = folder / expanded(name)
            status = path.stat()
        except (OSError, ValueError):
            continue
        if stat.S_ISDIR(status.st_mode):
            return NamedFile(name, path, problem="a folder, name the files in it")
        if not stat.S_ISREG(status.st_mode):
            return NamedFile(name, path, problem="not a plain file")  # a pipe or a device may never end
        if status.st_size > LIMIT_BYTES:
            return NamedFile(name, path, problem=f"larger than {figures.bound(LIMIT_BYTES)}")
        return _inspect(name, path)
    return _missing(mention, folder)


def _inspect(name: str, path: Path) -> NamedFile:
    try:
        head, size = read_start(path, HEAD_BYTES)
        kind = kind_of(head)
    except FileError as error:
        return NamedFile(name, path, problem=f"unreadable, {error.strerror}")
    if kind is FileKind.BINARY:
        return NamedFile(name, path, problem="neither text, picture, PDF nor sound")
    return NamedFile(name, path, size, kind, tokens_of_file(head, size))


def _missing(mention: Mention, folder: Path) -> NamedFile | None:
    """Make a missing file of a word that is written as a path; None where it is only a word."""
    name = list(mention.readings())[-1]
    above = os.path.dirname(name)
    try:
        path = folder / expanded(name)
        is_meant = mention.is_quoted or name.startswith(_ROOTS) or bool(above and (folder / above).is_dir())
    except (OSError, ValueError):
        return None
    return NamedFile(name, path, problem="no such file") if is_meant else None


def taken_out_words(names: Sequence[str]) -> str:
    """Say that files do not go along any more."""
    named = ", ".join(shown_name(name) or "The attachment" for name in names)
    return f"{named} {'is' if len(names) == 1 else 'are'} taken out."


def shown_name(name: str) -> str:
    """Name of a file for people, in one line."""
    return sanitize_line(name, 100)
