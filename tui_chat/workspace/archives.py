"""A zip that somebody else made: read by the names of its members, counted and bounded while they expand, and never
unpacked to the disk."""

import os
import re
import struct
import zipfile
import zlib
from base64 import b64encode
from bisect import bisect_left
from pathlib import Path
from typing import IO, Final

from tui_chat.core.errors import TranscriptError
from tui_chat.core.figures import bound
from tui_chat.core.media import data_url, type_of_bytes
from tui_chat.regular_files import open_regular
from tui_chat.transcripts.importing import LARGEST_BYTES
from tui_chat.transcripts.soundness import refused

LARGEST_DIRECTORY: Final = 16 * 1024 * 1024
"""Of the list of members, which is read whole."""
LARGEST_TOTAL: Final = 1024 * 1024 * 1024
"""Of all that is expanded out of one archive."""
LARGEST_PICTURE: Final = 4 * 1024 * 1024
MOST_FILES: Final = 1_000
_STEP: Final = 256 * 1024

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
"""What `zipfile` raises for archives that are torn, encrypted, or lie about themselves."""
_CONVERSATIONS: Final = re.compile(r"conversations(?:[-_]\d{1,6})?\.json")
_IN_A_NAME: Final = re.compile(r"[A-Za-z0-9]")


class Archive:
    """The members of a zip that are worth reading."""

    def __init__(self, path: Path) -> None:
        """Read the list of members.

        Raises:
            TranscriptError: it is torn, or too large.
            FileError: it cannot be read.
        """
        self._file = _Bounded(os.fdopen(open_regular(path), "rb"))
        self._left = LARGEST_TOTAL
        try:
            self._zip = zipfile.ZipFile(self._file)
        except _BROKEN:
            self._file.close()
            raise refused("it is a zip that is torn, or too large to be read") from None
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        safe = [member for member in members if _is_safe(member)]
        self.unsafe = len(members) - len(safe)
        """Members whose names or kinds are none that an export has."""
        self._pictures = sorted((_base(member), number) for number, member in enumerate(safe))
        self._safe = safe

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def files(self) -> list[str]:
        """Names of the files with conversations in them, in their order: `conversations.json` and its like, else every
        JSON file."""
        names = [member.filename for member in self._safe if _CONVERSATIONS.fullmatch(_base(member))]
        names = names or [
            member.filename for member in self._safe if _base(member).lower().endswith((".json", ".jsonl"))
        ]
        return sorted(dict.fromkeys(names))[:MOST_FILES]

    def read(self, name: str, limit: int = LARGEST_BYTES) -> bytes:
        """The bytes of a member.

        Raises:
            TranscriptError: it is torn, encrypted, or more than may be expanded.
        """
        limit = min(limit, self._left)
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(name) as member:
                while piece := member.read(_STEP):
                    size += len(piece)
                    self._left -= len(piece)
                    if size > limit:
                        raise refused(f"what is in the zip takes more than {bound(limit)}")
                    pieces.append(piece)
        except _BROKEN:
            raise refused("a file in the zip is torn or encrypted") from None
        return b"".join(pieces)

    def picture(self, name: str) -> str | None:
        """The data URL of a small picture whose file's name begins with this one; None where there is none."""
        if not name:
            return None
        at = bisect_left(self._pictures, (name, 0))
        while at < len(self._pictures) and self._pictures[at][0].startswith(name):
            base, number = self._pictures[at]
            if not _IN_A_NAME.match(base[len(name) :]):
                return self._data_url(self._safe[number])
            at += 1
        return None

    def _data_url(self, member: zipfile.ZipInfo) -> str | None:
        if member.file_size > LARGEST_PICTURE:
            return None
        try:
            data = self.read(member.filename, LARGEST_PICTURE)
        except TranscriptError:
            return None
        shown = type_of_bytes(data[:32])
        return data_url(b64encode(data).decode(), shown) if shown.startswith("image/") else None


class _Bounded:
    """A file of which no more is read in one piece than a list of members may take."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that are left."""
        if size > LARGEST_DIRECTORY:
            raise ValueError("too large")
        data = self._file.read(size if size >= 0 else LARGEST_DIRECTORY + 1)
        if len(data) > LARGEST_DIRECTORY:
            raise ValueError("too large")
        return data


def _base(member: zipfile.ZipInfo) -> str:
    return member.filename.rpartition("/")[2]


def _is_safe(member: zipfile.ZipInfo) -> bool:
    """Whether the name leads nowhere else, and the bytes are packed in a way that takes no memory of their own."""
    steps = member.filename.split("/")
    is_plain = not any(step in ("", ".", "..", "__MACOSX") or step.startswith("._") for step in steps)
    is_name = is_plain and member.filename.isprintable() and not set(member.filename) & set("\\:")
    return is_name and member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
