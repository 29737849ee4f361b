"""How many bytes an answer takes that grows at the end of a log, in a session that is always the same."""

from collections.abc import Iterator
from random import Random

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_chat.terminal.abilities import Abilities
from tui_chat.terminal.frame_encoder import FRAME_BEGINS, FRAME_ENDS, FrameEncoder
from tui_chat.terminal.frames import Frame

COLUMNS, ROWS, LOG_ROWS = 120, 40, 36
CONSOLE = Console(color_system="truecolor", force_terminal=True)
BASE = Style.parse("#d5dae6 on #14171f")
LOOKS = [
    BASE,
    BASE,
    BASE,
    BASE + Style(bold=True),
    Style.parse("#f0c674 on #1b2130"),
    Style.parse("#8fb4f5 on #1b2130"),
]
TRACK, THUMB = Style.parse("on #1b2130"), Style.parse("reverse #3b465f on #1b2130")


def row(words: list[tuple[str, Style]], background: Style) -> Strip:
    """A row of the log: words, and blanks up to the scrollbar."""
    segments = [Segment("   ", background)]
    for word, style in words:
        segments += [Segment(word, style), Segment(" ", background)]
    return Strip(segments).adjust_cell_length(COLUMNS - 1, background).simplify()


def session() -> Iterator[Frame]:
    """An answer of 800 words, four a frame. A frame has the rows of the log that a painter finds changed: the last
    one, or all of those that moved, and the scrollbar with them."""
    chance = Random(77)
    rows: list[Strip] = []
    words: list[tuple[str, Style]] = []
    looks, used, painted = BASE, 0, 0
    yield frame([(0, y, Strip([Segment(" " * COLUMNS, BASE)])) for y in range(ROWS)])
    for number in range(800):
        word = "".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9)))
        if used + len(word) > COLUMNS - 10 or chance.random() < 0.02:
            rows.append(row(words, BASE))
            words, used, looks = [], 0, chance.choice(LOOKS)
        words.append((word, looks if chance.random() < 0.8 else chance.choice(LOOKS)))
        used += len(word) + 1
        if number % 4 == 3:
            yield grown([*rows, row(words, BASE)], count=len(rows) - painted)
            painted = len(rows)


def grown(rows: list[Strip], *, count: int) -> Frame:
    """The frame after an answer grew, by so many rows."""
    shown = rows[-LOG_ROWS:]
    if len(rows) <= LOG_ROWS or not count:
        return frame([(0, y, shown[y]) for y in range(len(shown) - 1 - min(count, len(shown) - 1), len(shown))])
    thumb = max(2, LOG_ROWS * LOG_ROWS // len(rows))
    bar = [(COLUMNS - 1, y, Strip([Segment(" ", THUMB if y >= LOG_ROWS - thumb else TRACK)])) for y in range(LOG_ROWS)]
    return frame([*((0, y, strip) for y, strip in enumerate(shown)), *bar])


def frame(pieces: list[tuple[int, int, Strip]]) -> Frame:
    text = "".join(f"\x1b[{y + 1};{x + 1}H{strip.render(CONSOLE)}" for x, y, strip in pieces)
    return Frame(f"{text}\x1b[39;3H", COLUMNS, ROWS, shows_cursor=True, is_synchronised=True)


@pytest.mark.parametrize(
    ("abilities", "most"),
    [
        (Abilities(erases_with_background=True, scrolls=True), 0.036),
        (Abilities(erases_with_background=False, scrolls=True), 0.048),
        (Abilities(erases_with_background=True, scrolls=False), 0.38),
        (Abilities(), 0.41),
    ],
    ids=["all", "scrolls", "erases", "nothing"],
)
def test_an_answer_takes_few_of_the_bytes_of_its_frames(abilities: Abilities, most: float) -> None:
    encoder = FrameEncoder(abilities, cell_len)
    whole = told = 0
    for each in session():
        told += len(encoder.encode(each).encode())
        whole += len((FRAME_BEGINS + each.text + FRAME_ENDS).encode())

    assert told < most * whole
