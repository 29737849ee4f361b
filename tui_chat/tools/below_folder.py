"""Running a call that reads below a folder, on a thread that can be given up at any time."""

import os
import stat
from collections.abc import Callable

from tui_chat.chat.ready_work import FolderWork
from tui_chat.chat.side_thread import Leave, on_side_thread
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.tool import FolderUse
from tui_chat.tools.beneath import NotGiven, opened, opened_root
from tui_chat.tools.listing import list_folder
from tui_chat.tools.own_places import OwnPlaces
from tui_chat.tools.reading import read_lines
from tui_chat.tools.searching import search_file, search_folder

Places = Callable[[], OwnPlaces]
"""Finds what is not given away."""


async def run_below_folder(work: FolderWork, places: Places, timeout_s: float, limit_bytes: int) -> ToolOutcome:
    """Read, list or search. Cancelling ends it."""
    try:
        return await on_side_thread(lambda leave: _run(work, places(), limit_bytes, leave), timeout_s)
    except TimeoutError:
        return ToolOutcome("The folder does not answer.", is_error=True, ending=f"given up after {timeout_s:g} s")
    except NotGiven as wrong:
        return ToolOutcome(str(wrong), is_error=True, ending="not read")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return ToolOutcome(f"It cannot be read: {reason}.", is_error=True, ending="not read")


def _run(work: FolderWork, own: OwnPlaces, limit_bytes: int, leave: Leave) -> ToolOutcome:
    with opened_root(work.folder, own) as root, opened(root, work.parts, own) as handle:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        match work.use:
            case FolderUse.READ if is_folder:
                raise NotGiven("/".join(work.parts), "is a folder")
            case FolderUse.READ:
                return read_lines(handle, work, limit_bytes, leave)
            case FolderUse.LIST if not is_folder:
                raise NotGiven("/".join(work.parts), "is a file, and no folder")
            case FolderUse.LIST:
                return list_folder(handle, work, own, limit_bytes, leave)
            case FolderUse.SEARCH if is_folder:
                return search_folder(handle, work, own, limit_bytes, leave)
            case FolderUse.SEARCH:
                return search_file(handle, work, limit_bytes, leave)
