"""Lines that contain a text, whatever its case, in the text files below a folder."""

import os
from typing import Final

from tui_chat.chat.ready_work import FolderWork
from tui_chat.chat.side_thread import Leave
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.decoding import decode_text
from tui_chat.core.figures import bound, counted
from tui_chat.core.sanitize import sanitize_in_place
from tui_chat.tools.beneath import NotGiven, open_one
from tui_chat.tools.own_places import OwnPlaces
from tui_chat.tools.text_files import HEAD_BYTES, is_text, lines_of
from tui_chat.tools.walking import Entry, Walk, fits, prefix_of

MOST_LINES: Final = 200
LARGEST_FILE: Final = 8 * 1024 * 1024
_MOST_OF_A_LINE: Final = 300


class _Found:
    """The lines that were found, and how many more there are."""

    def __init__(self, text: str, limit_bytes: int, leave: Leave) -> None:
        self._sought = text.casefold()
        self._room = limit_bytes
        self._leave = leave
        self._rows: list[str] = []
        self._more = 0
        self._files = 0
        self._too_large = 0

    def look_at(self, handle: int, path: str) -> None:
        """Search an open file."""
        if os.fstat(handle).st_size > LARGEST_FILE:
            self._too_large += 1
            return
        text = _text_of(handle)
        if text is None or self._sought not in text.casefold():
            return
        before = len(self._rows) + self._more
        for number, line in enumerate(lines_of(text), start=1):
            at = line.casefold().find(self._sought)
            if at >= 0:
                self._add(f"{sanitize_in_place(path)}:{number}: {_piece(line, at)}")
            if self._leave.is_late:
                break
        self._files += len(self._rows) + self._more > before

    def _add(self, row: str) -> None:
        self._room -= len(row.encode(errors="replace")) + 1
        if self._room < 0 or len(self._rows) >= MOST_LINES:
            self._more += 1
        else:
            self._rows.append(row)

    def outcome(self, *, is_whole: bool) -> ToolOutcome:
        """All of it in words."""
        count = len(self._rows) + self._more
        rows = [*self._rows, f"… {self._more:,} more"] if self._more else self._rows
        facts = [f"{counted(count, 'line')} in {counted(self._files, 'file')}" if count else "nothing found"]
        if self._too_large:
            facts.append(f"{counted(self._too_large, 'file')} above {bound(LARGEST_FILE)} left out")
        if not is_whole:
            facts.append("not all was looked at")
        return ToolOutcome("\n".join(rows), ending=", ".join(facts))


def search_folder(folder: int, work: FolderWork, own: OwnPlaces, limit_bytes: int, leave: Leave) -> ToolOutcome:
    """Search an open folder.

    Raises:
        GivenUp: nobody wants it any more.
    """
    walk = Walk(own, leave, is_deep=True, with_hidden=work.with_hidden)
    found = _Found(work.text, limit_bytes, leave)
    before = prefix_of(work.parts)
    for entry in walk.entries(folder, before):
        if not entry.is_folder and not entry.is_link and fits(entry, work.pattern, before):
            _look_into(entry, found, own)
    return found.outcome(is_whole=walk.is_whole)


def search_file(handle: int, work: FolderWork, limit_bytes: int, leave: Leave) -> ToolOutcome:
    """Search an open file.

    Raises:
        GivenUp: nobody wants it any more.
    """
    found = _Found(work.text, limit_bytes, leave)
    found.look_at(handle, "/".join(work.parts))
    return found.outcome(is_whole=not leave.is_late)


def _look_into(entry: Entry, found: _Found, own: OwnPlaces) -> None:
    try:
        handle = open_one(entry.folder, entry.name, own, shown=entry.path)
    except NotGiven:
        return
    try:
        found.look_at(handle, entry.path)
    except OSError:  # it cannot be read, or is a folder by now
        return
    finally:
        os.close(handle)


def _text_of(handle: int) -> str | None:
    """The text of a file; None where it is none."""
    head = os.read(handle, HEAD_BYTES)
    if not is_text(head):
        return None
    data = bytearray(head)
    while len(data) <= LARGEST_FILE and (piece := os.read(handle, 1024 * 1024)):
        data += piece
    return decode_text(bytes(data))


def _piece(line: str, at: int) -> str:
    """The line around what was found, where it is long."""
    start = max(0, at - _MOST_OF_A_LINE // 3) if len(line) > _MOST_OF_A_LINE else 0
    end = start + _MOST_OF_A_LINE
    cut = sanitize_in_place(line[start:end].strip())
    return f"{'…' if start else ''}{cut}{'…' if end < len(line) else ''}"
