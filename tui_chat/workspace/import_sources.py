"""Opens a file that conversations are taken from, by what it begins with and not by its name."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui_chat.core.errors import TranscriptError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.regular_files import read_start, read_whole
from tui_chat.transcripts.importers.foreign import reason_of
from tui_chat.transcripts.importers.found import Found, Transcript, Unreadable
from tui_chat.transcripts.importers.json_files import read_json
from tui_chat.transcripts.importing import LARGEST_BYTES
from tui_chat.transcripts.soundness import refused

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_SQLITE: Final = b"SQLite format 3\0"


def opened(path: Path, closing: contextlib.ExitStack) -> Found:
    """The conversations of a file; `closing` lets go of it.

    Raises:
        TranscriptError: it holds none that can be read.
        FileError: it cannot be read.
    """
    start, _ = read_start(path, len(_SQLITE))
    if start.startswith(_ZIP):
        return _in_archive(path, closing)
    if start == _SQLITE:
        return _in_database(path, closing)
    return read_json(read_whole(path, LARGEST_BYTES), _no_picture)


def _no_picture(_: str) -> None:
    """A file of JSON has no pictures beside it."""


def _in_archive(path: Path, closing: contextlib.ExitStack) -> Found:
    from tui_chat.workspace.archives import Archive  # few imports are of a zip

    archive = Archive(path)
    closing.callback(archive.close)
    names = archive.files()
    if not names:
        raise refused("the zip holds no conversations.json and no other JSON file")
    if len(names) == 1:
        return read_json(archive.read(names[0]), archive.picture)

    def each() -> Iterator[Transcript | Unreadable]:
        for name in names:
            try:
                yield from read_json(archive.read(name), archive.picture).transcripts
            except TranscriptError as error:
                yield Unreadable(f"{sanitize_line(name, 100)}: {reason_of(error)}")

    return Found(None, each())


def _in_database(path: Path, closing: contextlib.ExitStack) -> Found:
    from tui_chat.transcripts.importers.llm_logs import conversation_ids, read_conversation
    from tui_chat.workspace.foreign_databases import ForeignDatabase  # few imports are of a database

    database = closing.enter_context(ForeignDatabase(path))
    if not (database.has_tables("responses") or database.has_tables("messages", "parts")):
        raise refused("it is a database, but not the logs.db of llm")
    ids = conversation_ids(database)
    if not ids:
        raise refused("it holds no conversation")

    def each() -> Iterator[Transcript | Unreadable]:
        for id_ in ids:
            try:
                yield read_conversation(database, id_)
            except TranscriptError as error:
                yield Unreadable(f"The conversation {sanitize_line(id_, 40)}: {reason_of(error)}")

    return Found(len(ids), each())
