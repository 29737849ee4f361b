"""The shift of rows that explains best how a screen changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import is_not
from typing import Final

import msgspec

from tui_chat.terminal.cells import Row

WORTH: Final = 40
"""Cells that must be saved by a scroll: more than it takes to say it."""
_MOST_ALIKE: Final = 3
"""Rows that look alike and still say by how much all moved."""
_ASKED: Final = 8
"""Rows that are asked how far they moved, at least where so many changed; every odd one, since often every other row
is blank."""
_FEWEST: Final = 4
"""Rows that changed, where it is worth looking."""


class Scroll(msgspec.Struct, frozen=True):
    """Rows `top` to `bottom`, both in it, go up by `count`, or down where that is negative."""

    top: int
    bottom: int
    count: int


def find_scroll(held: Sequence[Row], wanted: Mapping[int, Row], columns: tuple[int, int]) -> Scroll | None:
    """Find the scroll that leaves the fewest cells to tell; None where none is worth it. All cells have to be known,
    since those that come in with rows that are moved are told. Rows are compared in the `columns` (from, to) that most
    changed in, to find how far they moved, and whole to find what that saves."""
    if len(wanted) < _FEWEST:
        return None
    count = _count(held, wanted, columns)
    if not count:
        return None
    size = len(held)
    after = [wanted.get(y) or held[y] for y in range(size)]
    stays = [_differing(after[y], held[y]) if y in wanted else 0 for y in range(size)]
    saved = [stays[y] - _differing(after[y], held[y + count]) if 0 <= y + count < size else None for y in range(size)]
    costs = [len(row) - stays[y] for y, row in enumerate(held)]
    if count > 0:
        top, last, most = _best_span(saved, costs, count)
        bottom = last + count
    else:
        first, last, most = _best_span(saved[::-1], costs[::-1], -count)
        top, bottom = size - 1 - (last - count), size - 1 - first
    return Scroll(top, bottom, count) if most > WORTH else None


def _count(held: Sequence[Row], wanted: Mapping[int, Row], columns: tuple[int, int]) -> int:
    """By how much rows moved up, as most of some of them say; 0 where none did."""
    start, end = columns
    parts = [row[start:end] for row in held]
    votes: Counter[int] = Counter()
    for y in list(wanted)[:: max(1, len(wanted) // _ASKED) | 1]:
        part = wanted[y][start:end]
        before = [place for place, each in enumerate(parts) if each == part]
        if len(before) <= _MOST_ALIKE:
            votes.update([place - y for place in before if place != y])
    return votes.most_common(1)[0][0] if votes else 0


def _differing(one: Row, other: Row) -> int:
    return 0 if one == other else sum(map(is_not, one, other))


def _best_span(saved: Sequence[int | None], costs: Sequence[int], count: int) -> tuple[int, int, int]:
    """First and last row of the span that saves most, and how much; rows that are None cannot be in it. The `count`
    rows behind it come in new, and cost what each of them costs."""
    best = (0, -1, 0)
    start, total = 0, 0
    for y, each in enumerate(saved):
        if each is None or total + each < 0:
            start, total = y + 1, 0
            continue
        total += each
        if (most := total - sum(costs[y + 1 : y + 1 + count])) > best[2]:
            best = (start, y, most)
    return best
