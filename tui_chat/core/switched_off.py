"""Which tools are off in a conversation: by hand, or since its preset names others.

A value, so that sessions, requests and the screen ask one question of it: `name in off`.
"""

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

import msgspec


class SwitchedOff(msgspec.Struct, frozen=True):
    """The tools that are off. What was switched by hand counts before what a preset names."""

    off: frozenset[str] = frozenset()
    """Names that were switched off by hand."""
    on: frozenset[str] = frozenset()
    """Names that were switched on by hand."""
    only: tuple[str, ...] | None = None
    """Names, or patterns of names, of the tools that a preset leaves on; None leaves all on, an empty one none."""

    def __contains__(self, name: object) -> bool:
        if name in self.off or not isinstance(name, str):
            return name in self.off
        return self.only is not None and name not in self.on and not _fits(name, self.only)

    def __bool__(self) -> bool:
        return bool(self.off) or self.only is not None

    def switched(self, names: Iterable[str], *, is_on: bool) -> "SwitchedOff":
        """The same with these tools on, or off."""
        named = frozenset(names)
        off, on = (self.off - named, self.on | named) if is_on else (self.off | named, self.on - named)
        return SwitchedOff(off, on if self.only is not None else frozenset(), self.only)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """What the preset names and no tool of these names fits."""
        return tuple(wanted for wanted in self.only or () if not any(fnmatchcase(name, wanted) for name in known))


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
