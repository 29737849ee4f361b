"""The search for words in a transcript: through the source of every message, from the last one up, in slices.

A search never holds up the screen: `scan` looks for a moment and goes on when it is asked again. What was looked
through once is not looked through again unless it grew.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from time import monotonic
from typing import Final, NamedTuple

from tui_chat.ui.transcript.layouts import layout
from tui_chat.ui.transcript.leaves import Kind, Leaf
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.sought import Sought

SLICE: Final = 100_000
"""Characters between two looks at the clock."""
OVERLAP: Final = 1_000
"""Characters by which slices overlap: no match is longer."""


class Hit(NamedTuple):
    """A match."""

    section: Section
    at: int
    """The character of the section's source; in a label counted below zero, the first of all labels lowest."""


class _Searched(NamedTuple):
    length: int
    places: list[int]


class Finder:
    """One search."""

    def __init__(
        self, transcript: Transcript, sought: Sought, label_text: Callable[[Leaf], str], *, begins_in: str = ""
    ) -> None:
        """`label_text` gives what is shown of a label. The message `begins_in` is searched first, and its first match
        is the first of all; empty begins with the last match."""
        self._transcript = transcript
        self._sought = sought
        self._label_text = label_text
        self._begins_in = begins_in
        self._searched: dict[int, _Searched] = {}
        self._todo = self._sections()
        self.current: Hit | None = None

    def _sections(self) -> list[Section]:
        """Sections still to be searched; the last one is next."""
        known = self._searched
        todo = [
            section
            for section in self._transcript.sections
            if section.kind is not SectionKind.WELCOME
            and ((found := known.get(section.uid)) is None or found.length != section.length)
        ]
        return sorted(todo, key=self._is_first) if self._begins_in else todo

    def _is_first(self, section: Section) -> bool:
        return section.node_id == self._begins_in

    @property
    def may_begin(self) -> bool:
        """A match is known that can be gone to at first."""
        return any(known.places for section, known in self._with_matches() if self._may_be_first(section))

    def _may_be_first(self, section: Section) -> bool:
        return not self._begins_in or self._is_first(section)

    def _with_matches(self) -> list[tuple[Section, _Searched]]:
        return [
            (section, known)
            for section in self._transcript.sections
            if (known := self._searched.get(section.uid)) is not None and known.places
        ]

    @property
    def is_done(self) -> bool:
        """Everything was searched."""
        return not self._todo

    @property
    def count(self) -> int:
        """Number of matches found so far."""
        return sum(len(known.places) for _, known in self._with_matches())

    @property
    def number(self) -> int:
        """The number of the current match, from 1 at the top; 0 where there is none."""
        if self.current is None:
            return 0
        number = 0
        for section in self._transcript.sections:
            found = self._searched.get(section.uid)
            if section is self.current.section:
                return number + (bisect_left(found.places, self.current.at) + 1 if found else 1)
            number += len(found.places) if found else 0
        return number

    def look_again(self) -> bool:
        """Search what has come since; False where there is nothing, or the search is not over yet."""
        if self._todo:
            return False
        self._todo = self._sections()
        return bool(self._todo)

    def scan(self, budget_s: float) -> bool:
        """Search for a moment; return whether everything was searched."""
        until = monotonic() + budget_s
        while self._todo:
            if self._scan_section(self._todo[-1], until):
                self._todo.pop()
            if monotonic() > until:
                break
        return not self._todo

    def _scan_section(self, section: Section, until: float) -> bool:
        source = section.source
        known = self._searched.get(section.uid)
        start = max(0, known.length - OVERLAP) if known else 0
        places = [place for place in known.places if place < start] if known else self._in_labels(section)
        while True:
            end = start + SLICE
            for match in self._matches(source, start, end):
                places.append(match.start())
            start = end
            is_over = start >= len(source)
            if is_over or monotonic() > until:
                self._searched[section.uid] = _Searched(len(source) if is_over else start, places)
                return is_over

    def _matches(self, source: str, start: int, end: int) -> "list[re.Match[str]]":
        """Matches that begin in a slice."""
        piece = source[start : end + OVERLAP]
        if not self._sought.may_be_in(piece):
            return []
        return [match for match in self._sought.pattern.finditer(source, start, end + OVERLAP) if match.start() < end]

    def _in_labels(self, section: Section) -> list[int]:
        """One match in each label that has any: its first."""
        count = len(section.labels)
        return [
            at - count for at, leaf in enumerate(section.labels) if self._sought.pattern.search(self._label_text(leaf))
        ]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each match in a text."""
        return [match.span() for match in self._sought.pattern.finditer(text)]

    def step(self, step: int) -> Hit | None:
        """Go to the next match, or with -1 to the previous one, round at the ends; to the last one at first. None where
        there is none."""
        found = [(section, known.places) for section, known in self._with_matches()]
        here = next((at for at, (section, _) in enumerate(found) if self._is_in(section)), None)
        if not found:
            self.current = None
        elif self.current is None or here is None:
            first = next((each for each in found if self._begins_in and self._is_first(each[0])), None)
            section, places = first or found[-1]
            self.current = Hit(section, places[0 if first else -1])
        elif step:
            section, places = found[here]
            at = bisect_left(places, self.current.at) + step
            if not 0 <= at < len(places):
                section, places = found[(here + step) % len(found)]
                at = 0 if step > 0 else -1
            self.current = Hit(section, places[at])
        return self.current

    def _is_in(self, section: Section) -> bool:
        return self.current is not None and self.current.section is section


def shown_hit(finder: Finder, renderer: Renderer, hit: Hit) -> tuple[int, int, tuple[int, int] | None]:
    """The leaf of a section that shows a match, the row within it, its gap counted, and the match in the leaf's text;
    None where only its source has it."""
    section, at = hit
    if at < 0:
        number = len(section.labels) + at
        return number, 0, next(iter(finder.spans(layout(renderer, section, number).text)), None)
    number, begin = _leaf_of(section, at)
    before = sum(1 for start, _ in finder.spans(section.source[begin : at + OVERLAP]) if start + begin < at)
    found = layout(renderer, section, number)
    places = finder.spans(found.text)
    if before >= len(places):
        return number, 0, None
    return number, found.row_of(places[before][0]) + section.has_gap(number), places[before]


def _leaf_of(section: Section, at: int) -> tuple[int, int]:
    """The leaf that shows a character of the source, and about where in the source it begins."""
    source = section.source
    line = source.count("\n", 0, at)
    last = number = section.leaf_at(line)
    while number > len(section.labels) and section.line_of(number) == line and _goes_on(section, number):
        number -= 1
    begin = place = _line_start(source, at, line - max(0, section.line_of(number)))
    # Pieces of one paragraph, one behind the other, may share a line.
    for piece in range(number, last + 1):
        head, *_ = section.leaves[piece].text.split("\n", 1)
        place = source.find(head, place, at + len(head))
        if place < 0:
            break
        number, begin = piece, place
    return number, begin


def _goes_on(section: Section, number: int) -> bool:
    """Say whether a leaf is a further piece of the paragraph above it."""
    above, leaf = section.leaves[number - 1], section.leaves[number]
    is_same = above.kind is leaf.kind is Kind.PARAGRAPH and not leaf.gap
    return is_same and not any(mark.opens for mark in leaf.marks)


def _line_start(source: str, at: int, lines_up: int) -> int:
    """The first character of the line so many above that of a character."""
    for _ in range(lines_up + 1):
        at = source.rfind("\n", 0, at)
    return at + 1
