"""The part of the transcript that is on screen: measured exactly, and a screen above it, so that scrolling never jumps.

Everything else has guessed heights until it is seen. What stands at the top of the window stays there when heights
around it become known.
"""

from typing import NamedTuple

from textual.strip import Strip

from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section

_PASSES = 4
"""Most passes: a table that becomes wider changes rows that were measured, and settles after two."""


class RowPlace(NamedTuple):
    """A row, named so that it survives other heights around it."""

    section: Section
    number: int
    """The leaf; -1 is the gap above the section."""
    row: int
    """The row within the leaf."""


class Window:
    """Measures and gathers rows."""

    def __init__(self, transcript: Transcript, renderer: Renderer) -> None:
        self._transcript = transcript
        self._renderer = renderer

    def resize(self, width: int) -> None:
        """Set another width: nothing is measured yet."""
        self._renderer.set_width(width)
        self._transcript.resize(width)

    def place_at(self, top: int) -> RowPlace | None:
        """The place of a row; None below the end."""
        at, inner = self._transcript.index.find(max(0, top))
        if at >= len(self._transcript.sections):
            return None
        section = self._transcript.sections[at]
        if inner < section.gap:
            return RowPlace(section, -1, inner)
        if not section.is_read:
            return RowPlace(section, 0, inner - section.gap)
        number, row = section.rows.find(section.real_row(inner - section.gap))
        return RowPlace(section, max(0, min(number, len(section.leaves) - 1)), row)

    def sections(self, top: int, height: int) -> list[Section]:
        """The sections of which rows are in a settled window."""
        find = self._transcript.index.find
        return self._transcript.sections[find(max(0, top))[0] : find(max(0, top + height - 1))[0] + 1]

    def places(self, top: int, height: int) -> list[tuple[int, RowPlace] | None]:
        """For each row of a settled window, the section by its number, and the place; None below the end."""
        found: list[tuple[int, RowPlace] | None] = []
        for row in range(top, top + height):
            place = self.place_at(row)
            found.append((self._transcript.index.find(row)[0], place) if place is not None else None)
        return found

    def row_of(self, place: RowPlace) -> int | None:
        """The row of a place; None where it is gone."""
        try:
            at = self._transcript.number_of(place.section)
        except ValueError:
            return None
        start = self._transcript.index.start(at)
        section = place.section
        if place.number < 0 or not section.leaves:
            return start + place.row
        number = min(place.number, len(section.leaves) - 1)
        row = min(place.row, max(0, section.rows[number] - 1))
        real = section.rows.start(number) + row
        return start + section.gap + max(0, real - section.row_offset)

    def settle(self, top: int, height: int) -> int:
        """Measure a window at `top` and the one above it; return the new row of its top."""
        for _ in range(_PASSES):
            place = self.place_at(top)
            if place is None:
                return top
            is_exact = self._measure(place, height)
            moved = self.row_of(place)
            top = top if moved is None else moved
            if is_exact:
                break
        return top

    def settle_end(self, height: int) -> int:
        """Measure the last window from its end up; return its first row."""
        sections = self._transcript.sections
        for _ in range(_PASSES):
            if not sections:
                return 0
            self._read(len(sections) - 1)
            if self._measure(RowPlace(sections[-1], max(0, len(sections[-1].leaves) - 1), 0), height):
                break
        return max(0, self._transcript.index.total - height)

    def _measure(self, place: RowPlace, height: int) -> bool:
        """Measure once; return whether everything in reach was exact already."""
        sections = self._transcript.sections
        at = self._transcript.number_of(place.section)
        was_exact = self._read(at)
        number = max(0, min(place.number, len(place.section.leaves) - 1))
        left = height + place.row
        down_at, down = at, number
        while left > 0 and down_at < len(sections):
            was_exact &= self._read(down_at)
            section = sections[down_at]
            while left > 0 and down < len(section.leaves):
                was_exact &= self._leaf(section, down)
                left -= section.rows[down]
                down += 1
            self._transcript.measured(down_at)
            down_at, down = down_at + 1, 0
        left = height
        while left > 0 and at >= 0:
            was_exact &= self._read(at)
            section = sections[at]
            up = number if section is place.section else len(section.leaves)
            while left > 0 and up > 0:
                up -= 1
                was_exact &= self._leaf(section, up)
                left -= section.rows[up]
            self._transcript.measured(at)
            at -= 1
        return was_exact

    def _read(self, at: int) -> bool:
        section = self._transcript.sections[at]
        if section.is_read:
            return True
        section.read(self._transcript.width)
        self._transcript.measured(at)
        return False

    def _leaf(self, section: Section, number: int) -> bool:
        if section.is_exact(number):
            return True
        section.measured(number, len(self._renderer.rows(section, number)))
        return False

    def gather(self, top: int, height: int) -> list[Strip]:
        """The rows of a settled window, filled up with empty ones."""
        rows: list[Strip] = []
        blank = self._renderer.blank()
        at, inner = self._transcript.index.find(max(0, top))
        while len(rows) < height and at < len(self._transcript.sections):
            section = self._transcript.sections[at]
            if inner < section.gap:
                rows += [blank] * (section.gap - inner)
                inner = section.gap
            if not section.is_read:
                section.read(self._transcript.width)
            self._gather_section(section, inner - section.gap, height, rows)
            at, inner = at + 1, 0
        del rows[height:]
        rows += [blank] * (height - len(rows))
        return rows

    def _gather_section(self, section: Section, row: int, height: int, rows: list[Strip]) -> None:
        head = len(section.labels)
        number, inner = section.rows.find(section.real_row(row))
        while len(rows) < height and number < len(section.leaves):
            rows += self._renderer.rows(section, number)[inner:]
            number, inner = number + 1, 0
            if number == head and section.row_offset:
                number, inner = section.rows.find(section.rows.start(head) + section.row_offset)
