"""Sections in their order, with the rows that each of them takes: what the transcript is made of."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from tui_chat.ui.transcript.heights import RowIndex
from tui_chat.ui.transcript.section import Section

NEAR_END: Final = 32


class SectionRows:
    """The sections, and the index of their rows, which always tell the same."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.index = RowIndex()
        """Rows of each section."""

    def touched(self, section: Section) -> None:
        """Take note that a section's height may have changed."""
        with suppress(ValueError):
            self.measured(self.number_of(section))

    def number_of(self, section: Section) -> int:
        """The number of a section, sought from the end, where the log grows. Raises ValueError where it is gone."""
        for back in range(1, min(len(self.sections), NEAR_END) + 1):
            if self.sections[-back] is section:
                return len(self.sections) - back
        return self.sections.index(section)

    def measured(self, at: int) -> None:
        """Set the height of a section, by its number."""
        self.index.set(at, self.sections[at].height)

    def _add(self, section: Section) -> None:
        """Put a section at the end, as it is."""
        self.sections.append(section)
        self.index.append(section.height)

    def _append_again(self, *sections: Section) -> None:
        """Put sections at the end that were shown already: what stands above them is another one."""
        for section in sections:
            section.follows(self.sections[-1].kind if self.sections else None)
            self._add(section)

    def _put_above(self, made: Sequence[Section]) -> int:
        """Put sections above all others; return the rows that came above."""
        before = self.index.total
        self.sections[0].follows(made[-1].kind if made else None)
        self.sections[:0] = made
        self._measure_all()
        return self.index.total - before

    def _measure_all(self) -> None:
        """Set all heights anew."""
        self.index = RowIndex(section.height for section in self.sections)

    def _truncate(self, count: int) -> None:
        """Leave so many sections."""
        del self.sections[count:]
        self.index.truncate(count)
