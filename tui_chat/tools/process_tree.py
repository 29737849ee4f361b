"""All processes of a run: its group, its session, and whatever descends from it.

The group alone would miss a grandchild that a shell has put into a group of its own. Linux tells the rest in `/proc`;
elsewhere only the group is known. A process that left both the session and its parents is nobody's any more, and
cannot be found.
"""

import contextlib
import os
import signal
from typing import Final

_ROUNDS: Final = 20
"""How often a run is looked through for processes that began while others were ended."""


def end_all(leader: int) -> None:
    """Kill the group, the session and the descendants of a process that began a session of its own."""
    known = {leader}
    for _ in range(_ROUNDS):
        found = _members(leader, known)  # before anybody is ended: who loses its parents is not found any more
        known |= found
        _signal_group(leader)
        for process in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        if not found:
            return


def _signal_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _members(leader: int, known: set[int]) -> set[int]:
    """Living processes of the leader's session and descendants of those that are known, without the leader itself."""
    parents: dict[int, int] = {}
    members = set(known)
    for name in _processes():
        stat = _stat(name)
        if stat is None:
            continue
        process, (state, parent, session) = int(name), stat
        if state in "ZX":
            continue
        parents[process] = parent
        if session == leader:
            members.add(process)
    grown = True
    while grown:
        more = {process for process, parent in parents.items() if parent in members} - members
        members |= more
        grown = bool(more)
    return (members & parents.keys()) - {leader}


def _processes() -> list[str]:
    try:
        return [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:
        return []


def _stat(name: str) -> tuple[str, int, int] | None:
    """State, parent and session of a process; None where it is gone."""
    try:
        with open(f"/proc/{name}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return fields[0].decode(), int(fields[1]), int(fields[3])
    except (OSError, ValueError, IndexError):
        return None
