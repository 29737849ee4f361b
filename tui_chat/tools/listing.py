"""What is in a folder, as rows that a model reads: a folder with a slash, a file with its size."""

import os
import stat
from typing import Final

from tui_chat.chat.ready_work import FolderWork
from tui_chat.chat.side_thread import Leave
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.figures import counted, size
from tui_chat.core.sanitize import sanitize_in_place
from tui_chat.tools.own_places import OwnPlaces
from tui_chat.tools.walking import Entry, Walk, fits, prefix_of

MOST_ROWS: Final = 1000


def list_folder(folder: int, work: FolderWork, own: OwnPlaces, limit_bytes: int, leave: Leave) -> ToolOutcome:
    """List an open folder.

    Raises:
        GivenUp: nobody wants it any more.
    """
    walk = Walk(own, leave, is_deep=work.is_deep, with_hidden=work.with_hidden)
    rows: list[str] = []
    more, room = 0, limit_bytes
    before = prefix_of(work.parts)
    for entry in walk.entries(folder, before):
        if not fits(entry, work.pattern, before):
            continue
        row = _row(entry, own) if len(rows) < MOST_ROWS and room > 0 else ""
        room -= len(row.encode(errors="replace")) + 1
        if row and room > 0:
            rows.append(row)
        else:
            more += 1
    if more:
        rows.append(f"… {more:,} more")
    partly = "" if walk.is_whole else ", not all was looked at"
    found = len(rows) - bool(more) + more
    return ToolOutcome("\n".join(rows), ending=f"{counted(found, 'name')}{partly}" if found else f"nothing{partly}")


def _row(entry: Entry, own: OwnPlaces) -> str:
    name = sanitize_in_place(entry.path)
    if entry.is_folder:
        return f"{name}/"
    if entry.is_link:
        return f"{name}  (a link, not followed)"
    try:
        found = os.stat(entry.name, dir_fd=entry.folder, follow_symlinks=False)
    except OSError:
        return name
    if not stat.S_ISREG(found.st_mode) or own.has(found):
        return f"{name}  (not given)"
    return f"{name}  {size(found.st_size)}"
