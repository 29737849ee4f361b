"""What the caret steps over as one, and how many cells text takes.

Every question is answered from the few characters around a place, so that a line of a megabyte costs what a short one
costs. A tab goes to the next of the stops that are counted from the beginning of the row it is drawn in.
"""

from typing import Final

from rich.cells import cell_len, split_graphemes

TAB: Final = 4
REACH: Final = 64
"""The longest cluster in characters; a longer one falls apart."""

_FLAG_LETTERS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def clusters(text: str) -> list[tuple[int, int, int]]:
    """Start, end and cells of each cluster of a text without tabs; the two letters of a flag are one."""
    spans, _ = split_graphemes(text)
    if not any(letter in _FLAG_LETTERS for letter in text):
        return spans
    joined: list[tuple[int, int, int]] = []
    is_half = False
    for start, end, cells in spans:
        is_letter = text[start] in _FLAG_LETTERS
        if is_half and is_letter:
            joined[-1] = (joined[-1][0], end, joined[-1][2] + cells)
            is_half = False
        else:
            joined.append((start, end, cells))
            is_half = is_letter
    return joined


def cells_of(text: str, at: int = 0) -> int:
    """How many cells a text takes that begins `at` so many cells into its row."""
    if "\t" not in text:
        return cell_len(text)
    end = at
    for place, part in enumerate(text.split("\t")):
        end += TAB - end % TAB if place else 0
        end += cell_len(part)
    return end - at


def column_at(row: str, cells: int) -> int:
    """The cluster of a row that covers this cell; the row's end beyond it."""
    if row.isascii() and "\t" not in row:
        return min(cells, len(row))
    column = used = 0
    for place, part in enumerate(row.split("\t")):
        if place:
            used += TAB - used % TAB
            if used > cells:
                return column
            column += 1
        for start, _, width in clusters(part):
            if used + width > cells:
                return column + start
            used += width
        column += len(part)
    return column


def after(line: str, column: int) -> int:
    """Where the cluster that begins at `column` ends."""
    if line[column : column + 2].isascii():
        return min(column + 1, len(line))
    if line[column] == "\t":
        return column + 1
    return column + clusters(line[column : column + REACH])[0][1]


def before(line: str, column: int) -> int:
    """Where the cluster that ends at `column` begins."""
    start = max(0, column - REACH)
    window = line[start:column]
    if window.isascii() or window[-1] == "\t":
        return max(0, column - 1)
    start += window.rfind("\t") + 1
    return start + clusters(line[start:column])[-1][0]


def start_of(line: str, column: int) -> int:
    """Where the cluster begins that `column` is in: the column itself, unless it would split one."""
    if not 0 < column < len(line) or line[column].isascii():
        return column
    start = max(0, column - REACH)
    start += line[start:column].rfind("\t") + 1
    for begin, end, _ in clusters(line[start : column + REACH]):
        if start + begin <= column < start + end:
            return start + begin
    return column
