"""The file of permissions that are kept: a table for each, which only its owner can read or write.

Whatever is odd about the file, it allows nothing: a table that is not wholly understood could have said less than what
is understood of it. It is written whole and in one step, on top of what another program may have written meanwhile.
"""

import asyncio
import os
import stat
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from tui_chat.chat.kept_permissions import KeptPermission
from tui_chat.chat.policy import Breadth, Permission
from tui_chat.core.errors import ErrorKind, Failure, SettingsError
from tui_chat.core.moments import utc_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.save import read_bytes, rewrite_own
from tui_chat.settings.toml_text import read_toml

MOST: Final = 1000
LONGEST_ARGUMENTS: Final = 64 * 1024
"""Characters of the arguments of one."""
_TABLE: Final = "allowed"
_HASH_LENGTH: Final = 64
_HEAD: Final = (
    "# Calls that run without asking, since you asked for that to be kept. `tui-chat tools allowed` lists them,\n"
    "# `tui-chat tools forget NAME` takes them back.\n\n"
)
_NOT_TRUSTED: Final = "Nothing that it allows runs without asking. `tui-chat tools forget '*'` begins it anew."


class PermissionFile:
    """Implements `PermissionKeeper`."""

    def __init__(self, file: Path, now: Callable[[], float], *, can_keep: bool = True) -> None:
        """`file` need not exist. `now` gives seconds since the epoch. Without `can_keep` what is kept holds, but
        nothing is added."""
        self.can_keep = can_keep
        self._file = file
        self._now = now
        self._kept: tuple[KeptPermission, ...] = ()
        self._told = ""

    @property
    def kept(self) -> tuple[KeptPermission, ...]:
        """All that is kept, as it was read last."""
        return self._kept

    async def read(self) -> Failure | None:
        """Read the file; see `PermissionKeeper`."""
        try:
            self._kept = await asyncio.to_thread(read_permissions, self._file)
        except SettingsError as error:
            self._kept = ()
            return self._once(error.failure.message)
        self._told = ""
        return None

    def _once(self, words: str) -> Failure | None:
        if words == self._told:
            return None
        self._told = words
        return Failure(ErrorKind.SETTINGS, words, _NOT_TRUSTED)

    async def keep(self, permission: Permission, source: str) -> None:
        """Write it down; see `PermissionKeeper`."""
        if len(permission.arguments) + sum(len(value) for _, value in permission.fields) > LONGEST_ARGUMENTS:
            raise SettingsError("Arguments of this length are not kept.", "Allow it until the program ends.")
        new = KeptPermission(permission, float(int(self._now())), _absolute(source))

        def added(kept: tuple[KeptPermission, ...]) -> tuple[KeptPermission, ...]:
            if len(kept) >= MOST:
                raise SettingsError(f"{MOST} permissions are kept already.", "Forget some: `tui-chat tools allowed`.")
            return kept if any(each.permission == permission for each in kept) else (*kept, new)

        await asyncio.to_thread(change_permissions, self._file, added)
        await self.read()

    async def forget(self, permissions: Collection[Permission]) -> None:
        """Take them out; see `PermissionKeeper`."""
        gone = frozenset(permissions)
        await asyncio.to_thread(
            change_permissions, self._file, lambda kept: tuple(each for each in kept if each.permission not in gone)
        )
        await self.read()


def _absolute(source: str) -> str:
    """The path of a tool's file as it is found from anywhere; empty where it has none."""
    return os.path.abspath(source) if source else ""


def read_permissions(file: Path) -> tuple[KeptPermission, ...]:
    """What a file allows; nothing where there is none.

    Raises:
        SettingsError: it cannot be read, somebody else may have written it, or not all of it is understood.
    """
    raw = read_bytes(file, through_links=False)
    if raw is None:
        return ()
    try:
        status = os.lstat(file)
    except OSError:
        raise _distrust(file, "it cannot be looked at") from None
    if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o022:
        raise _distrust(file, "others can write it")
    return _parse(file, raw)


def change_permissions(
    file: Path, change: Callable[[tuple[KeptPermission, ...]], tuple[KeptPermission, ...]], *, anew: bool = False
) -> None:
    """Replace what a file allows with what `change` makes of it. With `anew`, one that is not trusted is taken for
    empty.

    Raises:
        SettingsError: it is not trusted, or cannot be written.
    """
    if not anew:
        read_permissions(file)  # others may write it

    def changed(raw: bytes) -> bytes:
        try:
            before = _parse(file, raw) if raw else ()
        except SettingsError:
            if not anew:
                raise
            before = ()
        return _text(change(before))

    rewrite_own(file, changed)


def _text(kept: tuple[KeptPermission, ...]) -> bytes:
    import tomli_w  # only where it is written

    try:
        return (_HEAD + tomli_w.dumps({_TABLE: [_table(each) for each in kept]})).encode()
    except UnicodeEncodeError:
        raise SettingsError(
            "Arguments with half a character are not kept.", "Allow it until the program ends."
        ) from None


def _table(kept: KeptPermission) -> dict[str, object]:
    permission = kept.permission
    table: dict[str, object] = {
        "tool": permission.name,
        "definition": permission.digest,
        "source": kept.source,
        "since": utc_moment(kept.since),
    }
    match permission.breadth:
        case Breadth.KEPT_EXACT:
            table["arguments"] = permission.arguments
        case Breadth.KEPT_FIELDS:
            table["fields"] = [list(field) for field in permission.fields]
        case _:
            pass
    return table


def _parse(file: Path, raw: bytes) -> tuple[KeptPermission, ...]:
    try:
        held = read_toml(raw.decode())
    except ValueError:
        raise _distrust(file, "it is not the TOML that was written") from None
    tables = held.pop(_TABLE, [])
    if held or not isinstance(tables, list) or len(tables) > MOST:
        raise _distrust(file, "it holds something else")
    found = [_permission(table) for table in tables]
    if not all(found):
        raise _distrust(file, "not all of it is understood")
    return tuple(each for each in found if each is not None)


def _permission(table: object) -> KeptPermission | None:
    """What a table allows; None where it is not wholly understood."""
    if not isinstance(table, Mapping):
        return None
    match dict(table):
        case {
            "tool": str(name),
            "definition": str(digest),
            "source": str(source),
            "since": datetime() as since,
            **more,
        }:
            pass
        case _:
            return None
    if not name or len(digest) != _HASH_LENGTH or since.tzinfo is None:
        return None
    match more:
        case {"arguments": str(arguments)} if len(more) == 1:
            permission = Permission(name, Breadth.KEPT_EXACT, arguments=arguments, digest=digest)
        case {"fields": list(fields)} if len(more) == 1 and fields:
            pairs = tuple((pair[0], pair[1]) for pair in fields if _is_pair(pair))
            if len(pairs) != len(fields):
                return None
            permission = Permission(name, Breadth.KEPT_FIELDS, fields=pairs, digest=digest)
        case {} if not more:
            permission = Permission(name, Breadth.KEPT, digest=digest)
        case _:
            return None
    return KeptPermission(permission, since.timestamp(), source)


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair)


def _distrust(file: Path, why: str) -> SettingsError:
    return SettingsError(f"{sanitize_line(str(file), 200)} is not trusted: {why}.", _NOT_TRUSTED)
