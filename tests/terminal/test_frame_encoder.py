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
    painter = Painter(chance := Random(seed), EVERYTHING, cuts=False)
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


def screen(text: str, columns: int = 20, rows: int = 4, *, is_synchronised: bool = True) -> Frame:
    """A frame of a small screen."""
    return Frame(text, columns, rows, is_synchronised=is_synchronised)


def encoder(**abilities: bool) -> FrameEncoder:
    """An encoder for a terminal that can do this."""
    return FrameEncoder(Abilities(**abilities), cell_len)


def body(told: str) -> str:
    """What is told without the marks of a frame."""
    return told.removeprefix("\x1b[?2026h").removesuffix("\x1b[?2026l")


def test_a_frame_that_changes_nothing_is_not_told() -> None:
    one = encoder()
    one.encode(screen("\x1b[1;1Hthe same\x1b[1;3H"))

    assert one.encode(screen("\x1b[1;1Hthe same\x1b[1;3H")) == ""


def test_of_a_row_the_cells_that_differ_are_told() -> None:
    one = encoder()
    one.encode(screen("\x1b[2;1H\x1b[31mthe word of before\x1b[0m\x1b[1;1H"))

    assert body(one.encode(screen("\x1b[2;1H\x1b[31mthe ward of before\x1b[0m\x1b[1;1H"))) == "\x1b[2;6Ha\x1b[1H"


def test_what_is_forgotten_is_told_again() -> None:
    one = encoder()
    frame = screen("\x1b[1;1Hall of it\x1b[1;3H")
    first = one.encode(frame)
    one.forget()

    assert one.encode(frame) == first


@pytest.mark.parametrize("write", ["\x1b[?1049h", "\x1b[2J", "\x1b[31m", "\x1b[5;5H", "words", "\x1b[?25l", "\x1bc"])
def test_a_write_that_may_change_the_screen_makes_it_unknown(write: str) -> None:
    one = encoder()
    frame = screen("\x1b[1;1Hall of it\x1b[1;3H")
    one.encode(frame)
    one.hear(write)

    assert "all of it" in one.encode(frame)


@pytest.mark.parametrize(
    "write",
    ["\x07", "\x1b]2;title\x07", "\x1b]52;c;d29yZHM=\x1b\\", "\x1b[?1003h\x1b[?1006h", "\x1b[?996n", "\x1b[1 q"],
)
def test_a_write_beside_the_screen_leaves_it_known(write: str) -> None:
    one = encoder()
    frame = screen("\x1b[1;1Hall of it\x1b[1;3H")
    one.encode(frame)
    one.hear(write)

    assert one.encode(frame) == ""


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[1;1Htab\there",
        "\x1b[1;1H\x1b[99mwords\x1b[0m",
        "\x1b[9;1Hbelow",
        "\x1b[1;18Hbeyond",
        "\x1b[1;1H\x1b[Jgone",
    ],
)
def test_a_frame_in_another_form_goes_out_as_it_came_and_leaves_nothing_known(text: str) -> None:
    one = encoder()
    frame = screen("\x1b[1;1Hall of it\x1b[1;3H")
    one.encode(frame)

    assert text in one.encode(screen(text))
    assert "all of it" in one.encode(frame)


def test_rows_are_moved_only_where_a_frame_is_shown_at_once() -> None:
    def frame(first: int, *, is_synchronised: bool) -> Frame:
        text = "".join(f"\x1b[{y + 1};1H{20 * chr(97 + first + y)}" for y in range(6))
        return screen(text, rows=6, is_synchronised=is_synchronised)

    for is_synchronised in (True, False):
        one = encoder(scrolls=True)
        one.encode(frame(0, is_synchronised=is_synchronised))
        told = one.encode(frame(1, is_synchronised=is_synchronised))

        assert ("\x1b[1;6r\x1b[1S\x1b[r" in told) is is_synchronised


def test_a_row_that_stands_still_below_or_above_what_moves_is_not_told_again() -> None:
    def frame(number: int, *, goes_up: bool) -> Frame:
        lines = [f"{word * 12:40}" for word in ("one", "two", "six", "ten", "cat", "dog", "sea")]
        shown = [*lines[number : number + 5], f"{'new':40}" if number else lines[5]]
        still = f"{'foot':40}"
        rows = [*shown, still] if goes_up else [still, *reversed(shown)]
        text = "".join(f"\x1b[{y + 1};1H\x1b[3{len(row) % 2 + 1}m{row}\x1b[0m" for y, row in enumerate(rows))
        return screen(text, columns=40, rows=7)

    for goes_up, moved in ((True, "\x1b[1;6r\x1b[1S"), (False, "\x1b[2;7r\x1b[1T")):
        one = encoder(scrolls=True)
        one.encode(frame(0, goes_up=goes_up))
        told = one.encode(frame(1, goes_up=goes_up))

        assert moved in told
        assert "foot" not in told


def test_a_blank_between_words_is_told_rather_than_jumped_over() -> None:
    one = encoder()
    one.encode(screen(f"\x1b[1;1H{20 * ' '}"))

    assert body(one.encode(screen("\x1b[1;1H\x1b[31mtwo \x1b[0m\x1b[32mmore words\x1b[0m"))).count("\x1b[C") == 0
    assert "more words" in one.encode(screen("\x1b[2;1H\x1b[32mmore words\x1b[0m"))


def test_blanks_to_the_end_are_erased_only_where_that_gives_them_their_background() -> None:
    coloured = screen("\x1b[1;1H\x1b[44m                    \x1b[0m")

    assert "\x1b[K" in encoder(erases_with_background=True).encode(coloured)
    assert "\x1b[K" not in encoder().encode(coloured)
    assert "\x1b[K" in encoder().encode(screen("\x1b[1;1H                    "))


def test_many_different_cells_make_it_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.terminal.frame_encoder.MOST_CELLS", 10)
    one, frame = encoder(), screen("\x1b[1;1Hабвгдежзийклмнопрсту")
    one.encode(frame)

    assert "абвгдежзийклмнопрсту" in one.encode(frame)
