"""Marks of thoughts inside a text, prepared once for a list of tags: what to look for, and what may be the beginning of
one."""

import re
from collections.abc import Iterable
from typing import Final

from tui_chat.providers import harmony
from tui_chat.providers.thinking_tags import TAGS, ThinkingTag


class ThinkingMarks:
    """What tells the thoughts of one gateway from its text. Without any tags, all is text."""

    def __init__(self, tags: Iterable[ThinkingTag | tuple[str, str]]) -> None:
        known = (tag if isinstance(tag, ThinkingTag) else ThinkingTag(*tag) for tag in tags)
        self.tags: Final = tuple(sorted(known, key=lambda tag: len(tag.opening), reverse=True))
        """The longest first: one may be the beginning of another."""
        openings = frozenset(tag.opening for tag in self.tags)
        self.closings: Final = frozenset(tag.closing for tag in self.tags if tag.is_certain)
        """They count where nothing opened, too."""
        marks = openings | self.closings
        self.any_mark: Final = re.compile("|".join(map(re.escape, sorted(marks, key=len, reverse=True))))
        self.longest: Final = max(map(len, marks), default=0)
        self.first: Final = frozenset(mark[0] for mark in marks)
        self.begun: Final = frozenset(mark[:size] for mark in marks for size in range(1, len(mark)))
        starts = (*openings, *harmony.OPENINGS)
        self.opening_begun: Final = frozenset(mark[:size] for mark in starts for size in range(len(mark)))
        self.not_plain: Final = re.compile(f"[{re.escape(''.join(sorted(self.first)))}]" if marks else r"(?!)")
        """What may be the beginning of a mark."""

    def begins(self, text: str) -> int:
        """Where half a mark stands at the end of a text; its length where there is none."""
        start = max(0, len(text) - self.longest + 1)
        at = max((text.rfind(first, start) for first in self.first), default=-1)
        return at if at >= 0 and text[at:] in self.begun else len(text)


THINKING_MARKS: Final = ThinkingMarks(TAGS)
"""Those that are known of models."""
