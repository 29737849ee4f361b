"""Which tools are off in a conversation: by hand, or since its preset names others."""

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

import msgspec

from tui_chat.core.tool_switch import ToolSwitch


class SwitchedOff(msgspec.Struct, frozen=True):
    """The tools that are off. What was switched by hand counts before what a preset names."""

    off: frozenset[str] = frozenset()
    """Tools that were switched off by hand: see `Tool.lasting_name`."""
    on: frozenset[str] = frozenset()
    """Tools that were switched on by hand."""
    only: tuple[str, ...] | None = None
    """Names, or patterns of names, of the tools that a preset leaves on; None leaves all on, an empty one none."""

    @classmethod
    def of(cls, switches: Iterable[ToolSwitch], only: tuple[str, ...] | None) -> "SwitchedOff":
        """What is off by these switches and the tools of a preset."""
        switches = tuple(switches)
        off = frozenset(each.name for each in switches if each.is_off)
        return cls(off, frozenset(each.name for each in switches if each.is_off is False), only)

    def __bool__(self) -> bool:
        return bool(self.off) or self.only is not None

    def has(self, name: str, lasting: str) -> bool:
        """Whether a tool is off: the model knows it as `name`, and `lasting` is its `Tool.lasting_name`."""
        if lasting in self.off:
            return True
        return self.only is not None and lasting not in self.on and not _fits((name, lasting), self.only)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """What the preset names and no tool of these names fits."""
        return tuple(wanted for wanted in self.only or () if not _fits(known, (wanted,)))


def _fits(names: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
