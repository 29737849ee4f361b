"""Regular expressions that are compiled when they are first used.

A program that shows a screen, or sends a question, loads dozens of modules whose patterns it does not need yet: to
compile them would take a thirtieth of its start.
"""

import re
from collections.abc import Callable, Iterator
from typing import Protocol, cast


class Searching(Protocol):
    """What a pattern is used for. `re` itself takes none that is compiled late, so it is no `re.Pattern`."""

    @property
    def pattern(self) -> str:
        """Its source."""

    def match(self, string: str, pos: int = ..., endpos: int = ...) -> re.Match[str] | None:
        """What begins here."""

    def fullmatch(self, string: str, pos: int = ..., endpos: int = ...) -> re.Match[str] | None:
        """The whole of it."""

    def search(self, string: str, pos: int = ..., endpos: int = ...) -> re.Match[str] | None:
        """The first from here on."""

    def finditer(self, string: str, pos: int = ..., endpos: int = ...) -> Iterator[re.Match[str]]:
        """All, one behind the other."""

    def findall(self, string: str, pos: int = ..., endpos: int = ...) -> list[str]:
        """The texts of all, where the pattern has no group."""

    def split(self, string: str, maxsplit: int = ...) -> list[str]:
        """What is between them."""

    def sub(self, repl: str | Callable[[re.Match[str]], str], string: str, count: int = ...) -> str:
        """The text with others in their places."""


class LazyPattern:
    """A pattern that is not compiled yet. Each of its methods is the compiled one's from its first use on."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):  # what copies and pickles asks for
            raise AttributeError(name)
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found


def lazy_pattern(source: str, flags: int = 0) -> Searching:
    """The pattern. A source that is wrong raises `re.error` at the first use."""
    return cast("Searching", LazyPattern(source, flags))
