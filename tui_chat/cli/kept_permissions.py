"""`tui-chat tools allowed` and `tui-chat tools forget NAME`: the permissions that are kept."""

import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from tui_chat.chat.kept_permissions import KeptPermission
from tui_chat.chat.policy import Breadth
from tui_chat.cli.loading import note
from tui_chat.cli.running import say_failure
from tui_chat.cli.table import write_json, write_table
from tui_chat.cli.wrong_use import refuse
from tui_chat.core.errors import SettingsError
from tui_chat.core.figures import counted
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.moments import local_moment, utc_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.tools.kept_permissions import change_permissions, read_permissions

EVERYTHING: Final = "*"
_NONE: Final = "Nothing is kept: every call asks when the program is started again."
_LONGEST: Final = 200


def list_allowed(file: Path, *, as_json: bool) -> int:
    """List what is kept, and return the exit status."""
    try:
        kept = read_permissions(file)
    except SettingsError as error:
        return say_failure(error.failure)
    if as_json:
        write_json(sys.stdout, list[JsonValue](map(_row, kept)))
    elif kept:
        rows = [
            (sanitize_line(each.permission.name), _allows(each), _since(each), sanitize_line(each.source))
            for each in kept
        ]
        write_table(sys.stdout, ("TOOL", "ALLOWED", "SINCE", "OF"), rows)
    else:
        note(_NONE)
    return 0


def forget_allowed(file: Path, names: Sequence[str]) -> int:
    """Take back what is kept for tools of these names, or patterns of names, and return the exit status. All of it also
    where what is kept is not trusted.

    Raises:
        SystemExit: it was wrong use; a message has been printed.
    """
    if not names:
        refuse("forget which? Name tools, or '*' for all", command="tools")
    gone: list[KeptPermission] = []

    def left(kept: tuple[KeptPermission, ...]) -> tuple[KeptPermission, ...]:
        gone[:] = [each for each in kept if any(fnmatchcase(each.permission.name, name) for name in names)]
        return tuple(each for each in kept if each not in gone)

    try:
        change_permissions(file, left, anew=EVERYTHING in names)
    except SettingsError as error:
        return say_failure(error.failure)
    note(f"{counted(len(gone), 'permission')} forgotten." if gone else "Nothing of that name was kept.")
    return 0


def _allows(kept: KeptPermission) -> str:
    permission = kept.permission
    said = permission.arguments or ", ".join(f"{name} = {value}" for name, value in permission.fields)
    return sanitize_line(said, _LONGEST) or "all its calls"


def _since(kept: KeptPermission) -> str:
    return local_moment(kept.since).astimezone().strftime("%Y-%m-%d %H:%M")


def _row(kept: KeptPermission) -> JsonObject:
    permission = kept.permission
    is_exact = permission.breadth is Breadth.KEPT_EXACT
    return {
        "name": permission.name,
        "arguments": permission.arguments if is_exact else None,
        "fields": dict(permission.fields) if permission.fields else None,
        "since": utc_moment(kept.since).isoformat().replace("+00:00", "Z"),
        "source": kept.source,
    }
