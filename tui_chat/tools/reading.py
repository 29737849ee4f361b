"""Lines of a text file, as many as were asked for and fit; where it goes on is said."""

import io
import os
from typing import Final, NamedTuple

from tui_chat.chat.ready_work import FolderWork
from tui_chat.chat.side_thread import Leave
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.decoding import encoding_of
from tui_chat.core.figures import bound, counted, size
from tui_chat.core.media import type_of_bytes
from tui_chat.tools.text_files import HEAD_BYTES, is_text

_PIECE: Final = 64 * 1024


def read_lines(handle: int, work: FolderWork, limit_bytes: int, leave: Leave) -> ToolOutcome:
    """Read an open file.

    Raises:
        OSError: the system refuses.
        GivenUp: nobody wants it any more.
    """
    total = os.fstat(handle).st_size
    if not total:
        return ToolOutcome("", ending="an empty file")
    head = os.pread(handle, HEAD_BYTES, 0)
    if not is_text(head):
        kind = type_of_bytes(head)
        facts = f"{kind}, {size(total)}" if kind else size(total)
        return ToolOutcome(f"It is not text: {facts}.", is_error=True, ending="not text")
    encoding = encoding_of(head)
    os.lseek(handle, len(encoding.mark), os.SEEK_SET)
    with io.FileIO(handle, closefd=False) as raw:
        stream = io.TextIOWrapper(io.BufferedReader(raw), encoding.name, "replace")
        try:
            return _lines(stream, work, limit_bytes, leave)
        finally:
            stream.detach().detach()


def _lines(stream: io.TextIOWrapper, work: FolderWork, limit_bytes: int, leave: Leave) -> ToolOutcome:
    missing = _skip(stream, work.first_line - 1, leave)
    if missing is not None:
        return missing
    kept = _kept(stream, work.lines, limit_bytes, leave)
    if kept.is_cut:
        return ToolOutcome(kept.text, ending=f"line {work.first_line:,}, cut: it is longer than {bound(limit_bytes)}")
    if not kept.text:
        return _too_short(work.first_line - 1)
    last = work.first_line + kept.text.count("\n") - kept.text.endswith("\n")
    rest = "to the end" if kept.is_all else f"it goes on with first_line {last + 1}"
    return ToolOutcome(kept.text, ending=f"lines {work.first_line:,} to {last:,}, {rest}")


class _Kept(NamedTuple):
    text: str
    is_all: bool
    is_cut: bool = False
    """It is the beginning of one line."""


def _kept(stream: io.TextIOWrapper, most: int, limit_bytes: int, leave: Leave) -> _Kept:
    """As many whole lines as are wanted and fit."""
    lines: list[str] = []
    room = limit_bytes
    while len(lines) < most and not leave.is_late:
        line = stream.readline(limit_bytes + 1)
        encoded = line.encode(errors="replace")
        if len(encoded) > room:
            first = encoded[:limit_bytes].decode(errors="ignore")
            return _Kept("".join(lines), is_all=False) if lines else _Kept(first, is_all=False, is_cut=True)
        if not line:
            return _Kept("".join(lines), is_all=True)
        lines.append(line)
        room -= len(encoded)
    return _Kept("".join(lines), is_all=not stream.readline(1))


def _skip(stream: io.TextIOWrapper, lines: int, leave: Leave) -> ToolOutcome | None:
    """Pass over so many lines; what is said where there are not as many."""
    seen, is_open = 0, False
    while seen < lines:
        if leave.is_late:
            return ToolOutcome("", is_error=True, ending=f"too slow: it came to line {seen + 1:,}")
        if not (piece := stream.readline(_PIECE)):
            return _too_short(seen + is_open)
        is_open = not piece.endswith("\n")
        seen += not is_open
    return None


def _too_short(lines: int) -> ToolOutcome:
    return ToolOutcome(f"It has {counted(lines, 'line')}.", is_error=True, ending="no such line")
