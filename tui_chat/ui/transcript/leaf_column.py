"""The leaves of a section, one under another: source line, height, and which of them make a block. There may be
hundreds of thousands, so all that is kept beside them is numbers in arrays.

Heights are guesses until the renderer has measured them.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from tui_chat.ui.transcript.heights import RowIndex
from tui_chat.ui.transcript.leaves import Kind, Leaf, Placed


class LeafColumn:
    """Leaves in the order in which they are shown; the first ones are the section's labels."""

    def __init__(self, labels: Sequence[Leaf], width: int) -> None:
        self.leaves: list[Leaf] = []
        self.rows = RowIndex()
        self.final = 0
        """Leaves, labels included, that will not change."""
        self._head = len(labels)
        self._room = _room(width)
        self._exact = bytearray()
        self._lines = array("l")
        """The line of the source that each leaf begins at; -1 for labels."""
        self._sizes = array("l")
        """Numbers from which the height of each leaf is guessed at any width."""
        self._begins = array("l")
        """Leaves with which a block begins, except labels."""
        self.put([Placed(-1, leaf) for leaf in labels], [])

    def put(self, final: Sequence[Placed], provisional: Sequence[Placed]) -> bool:
        """Put leaves after those that are final; unchanged ones stay, with their measured heights. Return whether
        anything changed."""
        fresh = [*final, *provisional]
        at = self.final
        self.final += len(final)
        kept = 0
        leaves = self.leaves
        while kept < len(fresh) and at + kept < len(leaves) and fresh[kept].leaf == leaves[at + kept]:
            kept += 1
        if kept == len(fresh) and at + kept == len(leaves):
            return False
        self._truncate(at + kept)
        for line, leaf in fresh[kept:]:
            number = len(leaves)
            if number >= self._head and (number == self._head or not _goes_on(leaves[-1], leaf)):
                self._begins.append(number)
            leaves.append(leaf)
            self._lines.append(line)
            self._sizes.append(_size(leaf, has_gap=self.has_gap(number)))
            self._exact.append(0)
            self.rows.append(_rows(self._sizes[-1], self._room))
        return True

    def _truncate(self, count: int) -> None:
        del self.leaves[count:]
        del self._lines[count:]
        del self._sizes[count:]
        del self._exact[count:]
        self.rows.truncate(count)
        while self._begins and self._begins[-1] >= count:
            self._begins.pop()

    def relabel(self, labels: Sequence[Leaf]) -> None:
        """Replace the labels by as many others."""
        for number, leaf in enumerate(labels):
            self.leaves[number] = leaf
            self._sizes[number] = _size(leaf, has_gap=False)
            self._exact[number] = 0

    def resize(self, width: int) -> None:
        """Guess all heights again."""
        room = self._room = _room(width)
        self._exact = bytearray(len(self.leaves))
        # `_rows` of each, spelled out: calls would take most of a frame.
        self.rows = RowIndex([-size if size < 0 else (-(size >> 1) // -room or 1) + (size & 1) for size in self._sizes])

    def is_exact(self, number: int) -> bool:
        """Say whether a leaf's height was measured."""
        return bool(self._exact[number])

    def measured(self, number: int, rows: int) -> None:
        """Set the measured height of a leaf, its gap included."""
        self._exact[number] = 1
        self.rows.set(number, rows)

    def forget_heights(self, numbers: range) -> None:
        """Measure these leaves again when they are next seen."""
        self._exact[numbers.start : numbers.stop] = bytes(len(numbers))

    def has_gap(self, number: int) -> bool:
        """Say whether an empty row stands above a leaf: not where a heading does, which belongs to what is below."""
        if number <= self._head or not self.leaves[number].gap:
            return False
        leads = self.leaves[number - 1].kind is Kind.HEADING
        return not leads or self.leaves[number].kind is Kind.HEADING

    def line_of(self, number: int) -> int | None:
        """The line of the source that a leaf begins at; -1 for a label, None after the last leaf."""
        return self._lines[number] if number < len(self._lines) else None

    def leaf_at(self, line: int) -> int:
        """The leaf that shows a line of the source."""
        head = min(self._head, max(0, len(self.leaves) - 1))
        return max(head, bisect_right(self._lines, line) - 1)

    def block_around(self, number: int) -> tuple[int, int]:
        """The first leaf of the block that a leaf belongs to, and the one after its last; all labels are one."""
        if number < self._head:
            return 0, self._head
        at = bisect_right(self._begins, number)
        end = self._begins[at] if at < len(self._begins) else len(self.leaves)
        return self._begins[at - 1], end


def _goes_on(above: Leaf, below: Leaf) -> bool:
    """Say whether two leaves belong to one block."""
    if Kind.CODE in (above.kind, below.kind):
        return above.kind is below.kind and above.anchor == below.anchor
    return not below.gap


def _room(width: int) -> int:
    """Characters in a row, about."""
    return max(10, width - 4)


def _size(leaf: Leaf, *, has_gap: bool) -> int:
    """The number from which a leaf's height is guessed at any width: its rows, below zero, where they are lines; else
    twice its characters, plus one where it has a gap above."""
    if leaf.kind in (Kind.CODE, Kind.PLAIN):
        return -(leaf.text.count("\n") + 1 + has_gap + (leaf.kind is Kind.CODE and leaf.level == 0))
    return 2 * (len(leaf.text) if leaf.kind is not Kind.ROW else 0) + has_gap


def _rows(size: int, room: int) -> int:
    """A guess at the height of a leaf."""
    return -size if size < 0 else (-(size >> 1) // -room or 1) + (size & 1)
