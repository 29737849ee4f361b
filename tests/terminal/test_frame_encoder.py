"""A terminal that is told what differs shows what one shows that is told all of each frame."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.pty.emulator import Emulator
from tests.terminal.painting import AWKWARD, FLAGS, SURE, Painter
from tests.terminal.screen_model import RUBBISH, ScreenModel
from tui_chat.terminal.abilities import Abilities
from tui_chat.terminal.frame_encoder import FrameEncoder
from tui_chat.terminal.frames import Frame

EVERYTHING = (*SURE, *AWKWARD, *FLAGS)
RUBBISH_BY_ANOTHER = "\x1b[3;2H\x1b[31;44mwritten by another\x1b[0m"
SEEDS = st.integers(0, 10**9)
"""What an app does at random, in one number: drawn one by one its choices would take most of the time."""
LEAVE_ALL = ("", "\x07", "\x1b]2;title\x07")


def told(frame: Frame) -> str:
    """The frame as it is told to a terminal that is told all."""
    shows = "\x1b[?25h" if frame.shows_cursor else "\x1b[?25l"
    return frame.text + shows


def assert_same(encoded: ScreenModel, plain: ScreenModel) -> None:
    """Both show the same."""
    assert encoded.seen == plain.seen
    assert encoded.is_cursor_shown == plain.is_cursor_shown
    assert (min(encoded.x, encoded.columns - 1), encoded.y) == (min(plain.x, plain.columns - 1), plain.y)
    assert not encoded.is_synchronised
    assert encoded.region == (0, encoded.rows - 1)
    assert not encoded.looks.link


@pytest.mark.parametrize("scrolls", [True, False])
@pytest.mark.parametrize("erases", [True, False])
@pytest.mark.parametrize("doubts", [True, False])
@pytest.mark.parametrize("comes_in", [None, RUBBISH])
@settings(max_examples=20)
@given(SEEDS)
def test_a_terminal_shows_the_same_after_every_frame(
    scrolls: bool, erases: bool, doubts: bool, comes_in: object, seed: int
) -> None:
    encoder = FrameEncoder(Abilities(erases, scrolls, doubts), cell_len)
    cuts = (chance := Random(seed)).random() < 0.5
    painter = Painter(chance, (*SURE, *AWKWARD) if cuts else EVERYTHING, cuts=cuts)
    painter.begin()

    def terminals() -> tuple[ScreenModel, ScreenModel]:
        columns, rows = painter.app.columns, painter.app.rows
        awkward = ScreenModel(columns, rows, erases, comes_in and RUBBISH, spoils_halves=True)  # type: ignore[arg-type]
        return awkward, ScreenModel(columns, rows)

    encoded, plain = terminals()
    frame = painter.whole()
    for _ in range(chance.randint(1, 12)):
        encoded.feed(encoder.encode(frame))
        plain.feed(told(frame))
        assert_same(encoded, plain)
        match chance.choice(("go on", "go on", "go on", "go on", "resized", "written", "dropped")):
            case "resized":
                painter.begin()
                encoder.forget()
                encoded, plain = terminals()
                frame = painter.whole()
            case "written":
                encoder.hear(RUBBISH_BY_ANOTHER)
                encoded.feed(RUBBISH_BY_ANOTHER)
                frame = painter.whole()
            case "dropped":
                painter.step()
                frame = painter.whole()
            case _:
                encoder.hear(chance.choice(LEAVE_ALL))
                frame = painter.step()


@settings(max_examples=60)
@given(SEEDS, st.booleans())
def test_another_emulator_shows_the_same_after_every_frame(seed: int, scrolls: bool) -> None:
    encoder = FrameEncoder(Abilities(erases_with_background=True, scrolls=scrolls), cell_len)
    painter = Painter(chance := Random(seed), SURE, cuts=False)
    painter.begin()
    encoded, plain = (Emulator(painter.app.columns, painter.app.rows) for _ in range(2))
    for emulator in (encoded, plain):
        emulator.feed(b"\x1b[?7l")
    frame = painter.whole()
    for _ in range(chance.randint(1, 12)):
        encoded.feed(encoder.encode(frame).encode())
        plain.feed(told(frame).encode())
        assert seen(encoded) == seen(plain)
        assert (encoded.screen.cursor.x, encoded.screen.cursor.y) == (plain.screen.cursor.x, plain.screen.cursor.y)
        frame = painter.step()


def seen(emulator: Emulator) -> list[list[tuple[object, ...]]]:
    """What can be seen of each cell; of a blank often its background alone."""
    screen = emulator.screen
    rows = []
    for y in range(screen.lines):
        row: list[tuple[object, ...]] = []
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            is_plain = cell.data == " " and not (cell.underscore or cell.reverse or cell.strikethrough)
            row.append((cell.bg,) if is_plain else tuple(cell))
        rows.append(row)
    return rows


def _narrower(text: str) -> int:
    """Of what terminals disagree about, the least."""
    return min(1, cell_len(text)) if text in (*AWKWARD, *FLAGS) else cell_len(text)


def _wider(text: str) -> int:
    """The most."""
    return min(2, cell_len(text) + 1) if text in (*AWKWARD, *FLAGS) else cell_len(text)


@pytest.mark.parametrize("width", [_narrower, _wider])
@settings(max_examples=60)
@given(SEEDS)
def test_where_a_terminal_has_other_widths_a_screen_is_the_same_whether_told_in_parts_or_whole(
    width: Callable[[str], int], seed: int
) -> None:
    abilities = Abilities(erases_with_background=True, scrolls=True)
    encoder = FrameEncoder(abilities, cell_len)
    painter = Painter(chance := Random(seed), (*EVERYTHING, "\u200d"), cuts=False)
    painter.begin()
    encoded = ScreenModel(painter.app.columns, painter.app.rows, width=width)
    frame = painter.whole()
    for _ in range(chance.randint(1, 12)):
        encoded.feed(encoder.encode(frame))
        frame = painter.step()
    frame = painter.whole()
    encoded.feed(encoder.encode(frame))
    anew = ScreenModel(painter.app.columns, painter.app.rows, width=width)
    anew.feed(FrameEncoder(abilities, cell_len).encode(frame))

    assert encoded.seen == anew.seen
