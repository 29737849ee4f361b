"""The project file: settings that a folder brings along, for whoever works in it.

Whoever wrote the folder may be a stranger, so a project file can set little, nothing in it counts before the person has
agreed to it, and what was agreed to is its text and that of every file it names; see `consent`.
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.errors import FileError
from tui_chat.regular_files import open_regular, read_whole, read_whole_at
from tui_chat.settings.problem import Problem
from tui_chat.settings.toml_text import NotTomlError, find_key_line, read_toml

PROJECT_FILE: Final = ".tui-chat.toml"
PROJECT_KEYS: Final = ("model", "system", "tools", "theme", "preset")
"""All that a project file can set: nothing that is a secret, costs money by itself or says where words are sent."""
_LARGEST_BYTES: Final = 64 * 1024
_LARGEST_NAMED_BYTES: Final = 4 * 1024 * 1024
_MOST_NAMED: Final = 100


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a project file names, or one that such a file names."""

    path: Path
    content: bytes | None
    """None where it cannot be read."""


class ProjectFile(msgspec.Struct, frozen=True):
    """A project file as it is now."""

    path: Path
    text: str = ""
    """Empty where it cannot be used."""
    table: Mapping[str, object] = {}
    """What it sets, as TOML gives it, of what it may set."""
    named: tuple[NamedFile, ...] = ()
    digest: str = ""
    """Hash of its path, its text and the files it names; empty where it cannot be used."""
    problems: tuple[Problem, ...] = ()
    is_agreed: bool = False
    """The person agreed to just this, and it counts."""

    @property
    def is_usable(self) -> bool:
        """It may be agreed to."""
        return bool(self.digest)

    @property
    def waits(self) -> bool:
        """It may be agreed to and is not."""
        return self.is_usable and not self.is_agreed

    @property
    def state(self) -> str:
        """Whether it counts, in words."""
        return "agreed to" if self.is_agreed else "not agreed to: it does not count" if self.is_usable else "not usable"

    @property
    def words(self) -> str:
        """All that is agreed to, to be read before: its text, and that of the files it names. Not sanitised."""
        return "\n\n".join([self.text.rstrip(), *(f"{named.path}:\n{_shown(named)}" for named in self.named)])


def find_project(folder: Path, home: Path) -> ProjectFile | None:
    """Find the project file of a folder: in it, or above it up to the root of its repository or the home folder. In a
    folder that is in neither, only there."""
    try:
        folder, home = folder.resolve(), home.resolve()
        for at in _up_to(folder, home):
            file = at / PROJECT_FILE
            if os.path.lexists(file):
                return read_project(file)
    except (OSError, ValueError, RuntimeError):
        pass  # a folder that is gone or cannot be looked into has no project
    return None


def _up_to(folder: Path, home: Path) -> tuple[Path, ...]:
    way: list[Path] = []
    for at in (folder, *folder.parents):
        way.append(at)
        if at == home or os.path.lexists(at / ".git"):
            return tuple(way)
    return (folder,)


def read_project(file: Path) -> ProjectFile:
    """Read a project file. What keeps it from being used is a problem, and so is each thing that it may not set."""
    try:
        raw = _read_own(file)
    except FileError as error:
        return _unusable(file, f"is not used: {error.strerror}")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        held = read_toml(text)
    except NotTomlError as error:
        return _unusable(file, f"not TOML: {error.words}; it is not used", error.line)
    except UnicodeDecodeError:
        return _unusable(file, "is not text in UTF-8; it is not used")
    problems = tuple(
        Problem(str(file), find_key_line(text, key), key, f"not for a project file, which sets {_LISTED}")
        for key in held
        if key not in PROJECT_KEYS
    )
    named = _named_by(file, held.get("tools"))
    table = {key: value for key, value in held.items() if key in PROJECT_KEYS}
    return ProjectFile(file, text, table, named, _digest((NamedFile(file, raw), *named)), problems)


def _digest(files: tuple[NamedFile, ...]) -> str:
    from hashlib import sha256  # only where there is a project file

    made = sha256()
    for file in files:
        for part in (os.fsencode(file.path), file.content):
            made.update(b"-" if part is None else b"%d:%b" % (len(part), part))
    return made.hexdigest()


_LISTED: Final = ", ".join(PROJECT_KEYS)


def _unusable(file: Path, words: str, line: int | None = None) -> ProjectFile:
    return ProjectFile(file, problems=(Problem(str(file), line, "", words),))


def _read_own(file: Path) -> bytes:
    """Read a file of this user's that nobody else can write, and that is not elsewhere.

    Raises:
        FileError: it is none.
    """
    real = Path(os.path.realpath(file))
    if real != file and file.parent not in real.parents:
        raise FileError(str(file), "It is a link to another folder", "Put the file itself there.", errno=errno.EACCES)
    handle = open_regular(real, through_links=False)
    try:
        status = os.fstat(handle)
        if status.st_uid != os.geteuid():
            raise FileError(str(file), "It belongs to somebody else", "Make a copy of yours.", errno=errno.EACCES)
        if stat.S_IMODE(status.st_mode) & 0o022:
            reason = f"others can write to it; run: chmod go-w {file}"
            raise FileError(str(file), reason, "Close it to others.", errno=errno.EACCES)
        return read_whole_at(handle, file, _LARGEST_BYTES, closes=False)
    finally:
        os.close(handle)


def _named_by(file: Path, tools: object) -> tuple[NamedFile, ...]:
    """The file of tools, and every file that is named in it."""
    if not isinstance(tools, str) or not tools:
        return ()
    first = _read_named(file.parent / os.path.expanduser(tools))
    further: dict[Path, NamedFile] = {}
    for text in _texts_in(first):
        path = first.path.parent / text
        if len(further) < _MOST_NAMED and path not in further and path != first.path and _is_file(path):
            further[path] = _read_named(path)
    return (first, *further.values())


def _texts_in(named: NamedFile) -> Iterator[str]:
    """Every text in a file of JSON or TOML: any may be the path of a file."""
    import json  # only where there is a project file

    try:
        text = (named.content or b"").decode("utf-8-sig")
        read: object = json.loads(text) if named.path.suffix != ".toml" else read_toml(text)
    except (ValueError, RecursionError):
        return
    waiting = [read]
    while waiting:
        match waiting.pop():
            case str(words):
                yield words
            case dict(table):
                waiting.extend(table.values())
            case list(items):
                waiting.extend(items)
            case _:
                pass


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _read_named(path: Path) -> NamedFile:
    try:
        return NamedFile(path, read_whole(path, _LARGEST_NAMED_BYTES))
    except FileError:
        return NamedFile(path, None)


def _shown(named: NamedFile) -> str:
    if named.content is None:
        return "(cannot be read)"
    shown = named.content[:_LARGEST_BYTES].decode(errors="replace").rstrip()
    more = len(named.content) - _LARGEST_BYTES
    return f"{shown}\n… and {more:,} bytes more" if more > 0 else shown
