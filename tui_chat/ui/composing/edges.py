"""Edges at which the caret may stand: a cluster and a chip have no inside, and are deleted whole."""

from collections.abc import Sequence

from tui_chat.ui.composing.chips import Chips
from tui_chat.ui.composing.clusters import after, start_of
from tui_chat.ui.composing.editable import Location


def whole(chips: Chips, lines: Sequence[str], place: Location, direction: int) -> Location:
    """The edge before (-1) or after (1) a place inside of something; with 0 the nearer one."""
    row, column = place
    if not 0 <= row < len(lines):
        return place
    line = lines[row]
    if line.isascii() or column >= len(line):
        return place
    if (chip := chips.around(line, column)) is not None:
        start, end = chip
    elif (start := start_of(line, column)) != column:
        end = after(line, start)
    else:
        return place
    if not direction:
        direction = -1 if column - start < end - column else 1
    return row, start if direction < 0 else end


def beside_chip(chips: Chips, lines: Sequence[str], place: Location) -> Location:
    """The place, or the end of the chip that it is inside of."""
    row, column = place
    chip = chips.around(lines[row], column) if row < len(lines) else None
    return (row, chip[1]) if chip else place


def direction_of(was: Location, is_: Location) -> int:
    """Direction of the caret's move; 0 for a jump to another line."""
    return 0 if was[0] != is_[0] else 1 if is_ > was else -1
