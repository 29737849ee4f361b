"""Where words occur in a transcript: counted in the source of every message, whether it was painted yet or not."""

import re

from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import Section, SectionKind


class Finder:
    """One search. Capitals matter where the words have any."""

    def __init__(self, transcript: Transcript, words: str) -> None:
        self._transcript = transcript
        flags = re.NOFLAG if words != words.lower() else re.IGNORECASE
        self._pattern = re.compile(re.escape(words), flags)
        self._hits = [
            (section, number)
            for section in transcript.sections
            if section.kind is not SectionKind.WELCOME
            for number in range(len(self._pattern.findall(section.source)))
        ]
        self._at = 0

    @property
    def count(self) -> int:
        """How many places there were when the search began."""
        return len(self._hits)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each place in a line."""
        return [match.span() for match in self._pattern.finditer(text)]

    def step(self, step: int) -> tuple[Section, int] | None:
        """The section and leaf of the next place, or the one before; unfolded and read. None where there is none."""
        if not self._hits:
            return None
        self._at = (self._at + step) % len(self._hits)
        section, number = self._hits[self._at]
        if section not in self._transcript.sections:
            return None
        if section.is_folded:
            self._transcript.toggle(self._transcript.sections.index(section))
        section.read(self._transcript.width)
        self._transcript.touched(section)
        return section, self._leaf(section, number)

    def _leaf(self, section: Section, number: int) -> int:
        """The leaf in which the place lies."""
        for at in range(len(section.labels), len(section.leaves)):
            leaf = section.leaves[at]
            number -= sum(len(self._pattern.findall(text)) for text in (leaf.text, *leaf.cells))
            if number < 0:
                return at
        return len(section.labels)
