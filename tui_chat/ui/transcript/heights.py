"""An index of rows in O(log n) while heights change, as a Fenwick tree: the piece at a row, and the first row of a
piece."""

from collections.abc import Iterable
from operator import add


class RowIndex:
    """Heights in rows of a sequence of pieces."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        tree = self._tree = [0, *self._heights]
        step = 1
        while 2 * step < len(tree):
            # Each node takes over the one a step below it: whole levels at once, for there may be a hundred thousand.
            tree[2 * step :: 2 * step] = map(add, tree[2 * step :: 2 * step], tree[step :: 2 * step])
            step *= 2

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        """Rows of all pieces together."""
        return self.start(len(self._heights))

    def append(self, height: int) -> None:
        """Add a piece at the end."""
        self._heights.append(height)
        number = len(self._heights)
        node = height
        step = 1
        while not number & step:
            node += self._tree[number - step]
            step <<= 1
        self._tree.append(node)

    def truncate(self, count: int) -> None:
        """Keep the first `count` pieces."""
        del self._heights[count:]
        del self._tree[count + 1 :]

    def set(self, index: int, height: int) -> None:
        """Give a piece another height."""
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        number = index + 1
        while number <= len(self._heights):
            self._tree[number] += change
            number += number & -number

    def start(self, index: int) -> int:
        """The row at which a piece begins; with the count of pieces, the total."""
        rows = 0
        while index:
            rows += self._tree[index]
            index &= index - 1
        return rows

    def find(self, row: int) -> tuple[int, int]:
        """The piece that covers a row, and the row within it. Below all pieces: their count, and how far below."""
        at = 0
        step = 1 << len(self._heights).bit_length()
        while step:
            below = at + step
            if below <= len(self._heights) and self._tree[below] <= row:
                at = below
                row -= self._tree[below]
            step >>= 1
        return at, row
