"""Who decides that a call may run: a policy, asked once for every call of an answer that ended well, and what a person
has allowed beyond it."""

import json
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Protocol

import msgspec

from tui_chat.chat.history import parse_arguments
from tui_chat.core.parts import ToolCall


class Decision(StrEnum):
    """What becomes of a call."""

    RUN = "run"
    """Run it now."""
    ASK = "ask"
    """Leave it to a person: it waits for a result."""
    SEND_BACK = "send back"
    """It may run, but cannot: tell the model what is wrong with it."""


class Policy(Protocol):
    """Decides about calls. Called in the order of the calls, never for a call that has a result."""

    def decide(self, call: ToolCall) -> Decision:
        """What becomes of this call: RUN or ASK."""
        ...


class AskAlways:
    """Nothing runs by itself."""

    def decide(self, call: ToolCall) -> Decision:
        """Ask, whatever is called."""
        del call
        return Decision.ASK


class AllowNamed:
    """Lets tools run by their names; a name that is denied does not run, whatever else allows it."""

    def __init__(self, allowed: tuple[str, ...], denied: tuple[str, ...] = ()) -> None:
        """Names, or patterns of them as shells have them: `fs_*`."""
        self._allowed = allowed
        self._denied = denied

    def decide(self, call: ToolCall) -> Decision:
        """Run it where its name is allowed and not denied."""
        return Decision.RUN if _fits(call.name, self._allowed) and not self.denies(call.name) else Decision.ASK

    def denies(self, name: str) -> bool:
        """Whether the tool of this name must not run."""
        return _fits(name, self._denied)


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


class Breadth(StrEnum):
    """How much a person allows with one answer."""

    EXACT = "exactly these arguments, in this conversation"
    FIELDS = "the same values of some arguments, in this conversation"
    CONVERSATION = "this tool, in this conversation"
    ALWAYS = "this tool, in every conversation until the program ends"
    KEPT_EXACT = "exactly these arguments, from now on: kept on this machine"
    KEPT_FIELDS = "the same values of some arguments, from now on: kept on this machine"
    KEPT = "this tool, from now on: kept on this machine"

    @property
    def is_kept(self) -> bool:
        """It holds when the program is started again."""
        return self in (Breadth.KEPT_EXACT, Breadth.KEPT_FIELDS, Breadth.KEPT)

    @property
    def is_of_fields(self) -> bool:
        """It is about some of the arguments, which have to be named."""
        return self in (Breadth.FIELDS, Breadth.KEPT_FIELDS)


Values = tuple[tuple[str, str], ...]
"""Names of arguments, each with the JSON text of its value, the names of objects in their order."""


def values_of(arguments: str, names: Iterable[str] | None = None) -> Values | None:
    """The values of these arguments, or of all; None where one is missing, or they are no JSON object."""
    given, _ = parse_arguments(arguments)
    if given is None:
        return None
    wanted = tuple(given if names is None else names)
    if any(name not in given for name in wanted):
        return None
    return tuple((name, json.dumps(given[name], sort_keys=True, ensure_ascii=False)) for name in wanted)


class Permission(msgspec.Struct, frozen=True):
    """What a person has allowed."""

    name: str
    """The tool."""
    breadth: Breadth
    arguments: str = ""
    """With EXACT and KEPT_EXACT, the arguments, byte for byte; else empty."""
    fields: Values = ()
    """With FIELDS and KEPT_FIELDS, the arguments that have to have these values; else empty."""
    digest: str = ""
    """Hash of the definition that a server's tool had when it was allowed; empty for all others. Of one that is kept,
    the hash of the whole tool: see `kept_permissions`."""

    def covers(self, call: ToolCall, digest: str = "") -> bool:
        """Whether it lets this call run, of a tool whose definition has this hash now."""
        match self.breadth:
            case _ if (call.name, digest) != (self.name, self.digest):
                return False
            case Breadth.EXACT | Breadth.KEPT_EXACT:
                return call.arguments == self.arguments
            case Breadth.FIELDS | Breadth.KEPT_FIELDS:
                return bool(self.fields) and values_of(call.arguments, [name for name, _ in self.fields]) == self.fields
            case Breadth.CONVERSATION | Breadth.ALWAYS | Breadth.KEPT:
                return True


class Permissions:
    """What a person has allowed, and has not taken back."""

    def __init__(self) -> None:
        self._given: dict[Permission, None] = {}

    @property
    def given(self) -> tuple[Permission, ...]:
        """All that holds, the oldest first."""
        return tuple(self._given)

    def allow(self, permission: Permission) -> None:
        """Let calls run from now on."""
        self._given[permission] = None

    def take_back(self, permission: Permission) -> None:
        """Ask again from now on; nothing happens where it does not hold."""
        self._given.pop(permission, None)

    def cover(self, call: ToolCall, digest: str) -> bool:
        """Whether this call may run; `digest` as in `Permission.covers`."""
        return any(permission.covers(call, digest) for permission in self._given)
