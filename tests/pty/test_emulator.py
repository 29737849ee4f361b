"""What the quicker screen shows is what pyte shows, at the edges of a row and in any mode."""

import pyte
from hypothesis import given
from hypothesis import strategies as st

from tests.pty.emulator import Emulator

COLUMNS, ROWS = 8, 4
PIECES = [
    "words", "a", "│─●", "漢字", "e\u0301", "👩\u200d👧", "\t", "\r", "\n", "\b", "\x0e", "\x0f", "\x1b(0", "\x1b[4h",
    "\x1b[4l", "\x1b[?7h", "\x1b[?7l", "\x1b[2;7H", "\x1b[K", "\x1b[2J", "\x1b[1;31m", "\x1b[38;2;1;2;3m", "\x1b[m",
]  # fmt: skip


def shown(screen: pyte.Screen) -> tuple[list[list[pyte.screens.Char]], int, int]:
    """All cells of a screen, and the place of its cursor."""
    cells = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
    return cells, screen.cursor.x, screen.cursor.y


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_whatever_is_written_it_shows_what_pyte_shows(pieces: list[str]) -> None:
    theirs = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(theirs)
    ours, without_looks = Emulator(COLUMNS, ROWS), Emulator(COLUMNS, ROWS, has_looks=False)

    for piece in pieces:
        for fed in (stream, ours, without_looks):
            fed.feed(piece.encode())

    assert shown(ours.screen) == shown(theirs)
    assert without_looks.text == ours.text
