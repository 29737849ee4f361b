"""The rows in sight as they are sent to the terminal: each is finished once, and a frame sends those that changed."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip

KEPT: Final = 4
"""Screens of finished rows."""


class Finish(NamedTuple):
    """Step that every row goes through on its way to the terminal."""

    background: Color
    filters: Sequence[LineFilter]


class PaintedRows:
    """The rows that a view shows."""

    def __init__(self, finish: Callable[[], Finish]) -> None:
        """`finish` is asked once, and again after each `forget`."""
        self._finish_now = finish
        self._finish: Finish | None = None
        self._rows: list[Strip] = []
        self._finished: dict[int, tuple[Strip, Strip]] = {}
        """By the identity of a row: the row itself, which so keeps its identity, and how it goes to the terminal."""

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, y: int) -> Strip:
        """A row as it was given; an empty one below the last."""
        return self._rows[y] if y < len(self._rows) else Strip([])

    def exchange(self, rows: list[Strip], width: int) -> list[Region] | None:
        """Show other rows; return the regions that changed, None where there are more or fewer rows than before."""
        old, self._rows = self._rows, rows
        if len(old) != len(rows):
            return None
        changed: list[int] = []
        for y, (before, after) in enumerate(zip(old, rows, strict=True)):
            if before is not after:
                if before == after:
                    rows[y] = before
                else:
                    changed.append(y)
        if len(changed) > len(rows) // 2:
            return [Region(0, 0, width, len(rows))]
        return [Region(0, y, width, 1) for y in changed]

    def forget(self) -> None:
        """Finish every row again: colours or filters may have changed."""
        self._finished.clear()
        self._finish = None

    def finished(self, lines: Iterable[int]) -> list[Strip]:
        """Rows ready for the terminal. A row that was painted before is reused, wherever it has moved to."""
        if len(self._finished) > KEPT * len(self._rows):
            kept = {id(row) for row in self._rows}
            self._finished = {key: known for key, known in self._finished.items() if key in kept}
        return [self._finished_row(self._rows[y]) for y in lines]

    def _finished_row(self, row: Strip) -> Strip:
        known = self._finished.get(id(row))
        if known is None:
            if self._finish is None:
                self._finish = self._finish_now()
            background, filters = self._finish
            painted = row
            for line_filter in filters:
                painted = painted.apply_filter(line_filter, background)
            known = self._finished[id(row)] = row, painted
        return known[1]
