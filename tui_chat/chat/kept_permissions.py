"""Permissions that a person has asked to be kept, so that they hold when the program is started again.

Each is bound to a tool as it was when it was looked at, to the last word of its definition and of what runs it: a tool
that has changed asks again.
"""

import json
import os
from collections.abc import Collection
from typing import Protocol

import msgspec

from tui_chat.chat.policy import Permission
from tui_chat.core.errors import Failure, SettingsError
from tui_chat.core.parts import ToolCall
from tui_chat.core.tool import Tool

NOT_HERE = "Nothing can be kept here."


class KeptPermission(msgspec.Struct, frozen=True):
    """A permission as it is kept."""

    permission: Permission
    """Its `digest` is the `hash_of` the tool."""
    since: float
    """When it was given: seconds since the epoch, UTC."""
    source: str
    """The file that defined the tool, for people."""


class PermissionKeeper(Protocol):
    """Keeps permissions. What another program keeps or forgets counts too, once it was read."""

    @property
    def can_keep(self) -> bool:
        """Something can be kept."""
        ...

    @property
    def kept(self) -> tuple[KeptPermission, ...]:
        """All that is kept as it was read last, the oldest first; empty where what is kept cannot be trusted."""
        ...

    async def read(self) -> Failure | None:
        """Read what is kept now. Why nothing is trusted, where it is not; each reason is told once."""
        ...

    async def keep(self, permission: Permission, source: str) -> None:
        """Keep a permission.

        Raises:
            SettingsError: it cannot be kept.
        """
        ...

    async def forget(self, permissions: Collection[Permission]) -> None:
        """Keep these no longer; nothing happens to those that are not kept.

        Raises:
            SettingsError: what is kept cannot be changed.
        """
        ...


class NothingKept:
    """Keeps nothing, and holds to nothing that was kept."""

    can_keep = False
    kept: tuple[KeptPermission, ...] = ()

    async def read(self) -> Failure | None:
        """Nothing to read."""
        return None

    async def keep(self, permission: Permission, source: str) -> None:
        """Refuse it."""
        del permission, source
        raise SettingsError(NOT_HERE, "Allow it until the program ends.")

    async def forget(self, permissions: Collection[Permission]) -> None:
        """Nothing to forget."""
        del permissions


def covered(keeper: PermissionKeeper, call: ToolCall, tool_hash: str) -> bool:
    """Whether something that is kept lets this call run, of a tool that has this hash now."""
    return bool(tool_hash) and any(each.permission.covers(call, tool_hash) for each in keeper.kept)


def hash_of(tool: Tool, bound_to: str = "") -> str:
    """Hash of all that a tool is: its name, what the model is told of it, what runs it, and the file that defines it.
    `bound_to` stands for more that has to stay as it is."""
    import hashlib  # a screen's first frame does without

    definition, recipe = tool.definition, tool.recipe
    told = [definition.name, definition.description, definition.parameters, definition.told_by]
    runs = [type(recipe).__name__, msgspec.to_builtins(recipe)]
    whole = json.dumps([told, runs, os.path.abspath(tool.source), bound_to], sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
