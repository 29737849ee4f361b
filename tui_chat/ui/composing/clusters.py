"""Grapheme clusters, which the caret steps over as one, and their width in cells.

Every question is answered from the few characters around a place, so that a line of a megabyte costs what a short one
costs. A tab goes to the next of the stops that are counted from the beginning of the row it is drawn in.
"""

from typing import Final

from rich.cells import cell_len, split_graphemes

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.sanitize import sanitize

TAB: Final = 4
REACH: Final = 64
"""The longest cluster in characters; a longer one is split."""

_TAG: Final = "\U000e0000-\U000e007f"
_UNSEEN: Final = lazy_pattern(f"\U0001f3f4[{_TAG}]{{2,8}}|([\u202a-\u202e\u2066-\u2069\u2028\u2029{_TAG}])")
"""Characters that turn or hide text, or end lines, unless they are part of a region's flag. As `core.sanitize` has
it."""

_JOINER: Final = "\u200d"
_NO_CELLS: Final = "\u0301"
_FLAG_LETTERS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def seen(text: str) -> str:
    """Text with a visible mark, one for one, for each character that a terminal would not show and the transcript
    will."""
    if text.isascii() or not _UNSEEN.search(text):
        return text
    return _UNSEEN.sub(lambda match: sanitize(match[0]) if match[1] else match[0], text)


def clusters(text: str) -> list[tuple[int, int, int]]:
    """Start, end and cells of each cluster of a text without tabs; the two letters of a flag are one."""
    if text.startswith(_JOINER):
        # What Rich 15 splits at the very beginning adds up to more or less than it measures; behind anything it agrees.
        return [(max(0, start - 1), end - 1, cells) for start, end, cells in clusters(_NO_CELLS + text)]
    spans, _ = split_graphemes(seen(text))
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
    """Width in cells of a text that begins `at` cells into its row."""
    if "\t" not in text:
        return cell_len(seen(text))
    end = at
    for place, part in enumerate(text.split("\t")):
        end += TAB - end % TAB if place else 0
        end += cell_len(seen(part))
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
    """End of the cluster that begins at `column`."""
    if line[column : column + 2].isascii():
        return min(column + 1, len(line))
    if line[column] == "\t":
        return column + 1
    return column + clusters(line[column : column + REACH])[0][1]


def before(line: str, column: int) -> int:
    """Start of the cluster that ends at `column`."""
    start = max(0, column - REACH)
    window = line[start:column]
    if window.isascii() or window[-1] == "\t":
        return max(0, column - 1)
    start += window.rfind("\t") + 1
    return start + clusters(line[start:column])[-1][0]


def start_of(line: str, column: int) -> int:
    """Start of the cluster that `column` is in: the column itself, unless it would split one."""
    if not 0 < column < len(line) or line[column].isascii():
        return column
    start = max(0, column - REACH)
    start += line[start:column].rfind("\t") + 1
    for begin, end, _ in clusters(line[start : column + REACH]):
        if start + begin <= column < start + end:
            return start + begin
    return column
