"""Messages above those that are shown first: a long conversation is in sight before all of it is laid out."""

from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

from tui_chat.core.tree import Node
from tui_chat.ui.transcript.section import Section, SectionKind

AT_FIRST = 60
"""Messages at the end that are laid out at once: more than any screen shows."""
END = AT_FIRST + 1
"""Messages at the end of a path that can be shown before the rest of it is known: what stands above each of those that
are laid out tells of the one before it."""


class Maker(Protocol):
    """Makes sections."""

    def sections_of(self, path: Sequence[Node], at: int) -> list[Section]:
        """The sections of a message in its place."""
        ...

    def prepare(self, section: Section, above: SectionKind | None) -> None:
        """Give a section that is new the form in which it is shown."""
        ...


class EarlierMessages:
    """Those that have no sections yet, and the sections that were made of the first of them."""

    def __init__(self, maker: Maker, path: Sequence[Node] = (), count: int = 0) -> None:
        """The first `count` messages of a path."""
        self._maker = maker
        self._path = path
        self._count = count
        self._next = 0
        self._made: list[Section] = []

    @property
    def is_over(self) -> bool:
        """All of them have been taken, or there were none."""
        return not self._count

    @property
    def count(self) -> int:
        """Messages without sections."""
        return self._count

    def make(self, for_s: float) -> bool:
        """Make sections for so long; whether all of them are made."""
        until = perf_counter() + for_s
        while self._next < self._count and perf_counter() < until:
            for section in self._maker.sections_of(self._path, self._next):
                self._maker.prepare(section, self._made[-1].kind if self._made else None)
                self._made.append(section)
            self._next += 1
        return self._next == self._count

    def take(self) -> list[Section]:
        """Take all that was made; nothing is left then."""
        made, self._made, self._path, self._count = self._made, [], (), 0
        return made

    def resize(self, width: int) -> None:
        """Set another width for what was made."""
        for section in self._made:
            section.resize(width)
