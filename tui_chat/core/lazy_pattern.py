"""Regular expressions that are compiled when they are first used.

A program that shows a screen, or sends a question, loads dozens of modules whose patterns it does not need yet: to
compile them would take a thirtieth of its start.
"""

import re
from typing import cast


class _Later:
    """A pattern that is not compiled yet. Each of its methods is the compiled one's from its first use on."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, for its methods: functions of `re` take no such one.

    A source that is wrong raises `re.error` at the first use.
    """
    return cast("re.Pattern[str]", _Later(source, flags))
