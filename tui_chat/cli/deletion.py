"""`tui-chat history delete`: a conversation goes with everything in it, and what is left elsewhere is named."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, TextIO

from tui_chat.chat.ports import KeptCopy
from tui_chat.chat.services import Services
from tui_chat.cli.arguments import HistoryDelete
from tui_chat.cli.loading import note
from tui_chat.cli.searching import index_more
from tui_chat.cli.table import iso_time, write_json
from tui_chat.core import figures
from tui_chat.core.sanitize import sanitize_line
from tui_chat.regular_files import shown_path
from tui_chat.settings.paths import find_paths
from tui_chat.terminal.clipboard import FILE_NAME

_CLEARED_WITHIN_S: Final = 10.0


async def delete(services: Services, out: TextIO, arguments: HistoryDelete) -> None:
    """Delete a conversation, unless a person at a terminal thinks better of it."""
    store = services.store
    row = await store.find(arguments.id)
    title = sanitize_line(row.title)
    is_asked = not (arguments.yes or arguments.as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    if is_asked and not _confirm(out, f"Delete “{title}” with {figures.counted(row.messages, 'message')} for good?"):
        out.write("Kept.\n")
        return
    await store.delete(row.id)
    share = await index_more(store, _CLEARED_WITHIN_S)
    copies = (*await store.copies(), *_copied_text())
    if arguments.as_json:
        write_json(
            out,
            {
                "deleted": row.id,
                "title": row.title,
                "copies": [{"path": str(copy.path), "made": iso_time(copy.made_at)} for copy in copies],
            },
        )
    else:
        out.write(f"Deleted {row.id}  {title}\n")
    _say_what_is_left(copies, services.clock.now(), is_cleared=share >= 1.0)


def _confirm(out: TextIO, question: str) -> bool:
    out.write(f"{question} [y/N] ")
    out.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _copied_text() -> tuple[KeptCopy, ...]:
    """The file that takes what no clipboard took."""
    file = find_paths(os.environ).state / FILE_NAME
    with suppress(OSError):
        return (KeptCopy(file, file.stat().st_mtime),)
    return ()


def _say_what_is_left(copies: Sequence[KeptCopy], now: float, *, is_cleared: bool) -> None:
    if not is_cleared:
        note("Some of its words are still in the conversations file; a chat that is open takes them out.")
    for copy in copies:
        age = figures.age(now - copy.made_at)
        note(f"{shown_path(copy.path)} ({age}) may still hold it; removing that file is up to you.")
