"""The terminal's background: what is understood of it, and when it is asked for."""

from itertools import pairwise

import pytest

from tui_chat.terminal.background import (
    ANSWER_WITHIN_S,
    ASK_EVERY_S,
    TELL_CHANGES,
    TELL_NO_CHANGES,
    Background,
    BackgroundWatch,
    background_in,
    background_of,
)
from tui_chat.terminal.input import LONGEST_REPLY, InputSplitter, Piece, Replied, Typed

DARK, LIGHT = Background.DARK, Background.LIGHT
ATTRIBUTES = "\x1b[?62;4c"
QUESTION = "\x1b]11;?\x1b\\\x1b[c"


def heard(watch: BackgroundWatch, *reads: str) -> list[Background]:
    """What these reads tell."""
    splitter = InputSplitter()
    pieces = [piece for read in reads for piece in splitter.feed(read, 0.0)]
    return [told for told in map(watch.hear, pieces) if told is not None]


def watching() -> BackgroundWatch:
    """A watch that has asked at 0 seconds."""
    watch = BackgroundWatch({})
    watch.switch_on(0.0)
    return watch


@pytest.mark.parametrize(
    ("reply", "background"),
    [
        ("]11;rgb:ffff/ffff/ffff", LIGHT), ("]11;rgb:0000/0000/0000", DARK), ("]11;rgb:fd/f6/e3", LIGHT),
        ("]11;rgb:0/2b/36", DARK), ("]11;rgb:f/f/f", LIGHT), ("]11;rgba:ffff/ffff/ffff/0000", LIGHT),
        ("]11;#ffffff", LIGHT), ("]11;#000", DARK), ("]11;#002B36", DARK), ("]11;rgb:0000/0000/ffff", DARK),
        ("]11;rgb:0000/ffff/0000", LIGHT),
        ("]10;rgb:ffff/ffff/ffff", None), ("]11;?", None), ("]11;rgb:", None), ("]11;rgb:g/0/0", None),
        ("]11;rgb:fffff/0/0", None), ("]11;#ffff", None), ("]11;rgb:f/f/f x", None),
    ],
)  # fmt: skip
def test_a_reply_is_dark_or_light_or_nothing(reply: str, background: Background | None) -> None:
    assert background_of(reply) is background


@pytest.mark.parametrize(
    ("value", "background"),
    [
        ("15;0", DARK), ("0;15", LIGHT), ("0;7", LIGHT), ("12;8", DARK), ("0;default;15", LIGHT), ("0", DARK),
        ("15;default", None), ("", None), ("0;16", None), ("0;-1", None), ("0;٣", None), ("0;" + "9" * 9999, None),
    ],
)  # fmt: skip
def test_the_environment_may_name_the_background(value: str, background: Background | None) -> None:
    assert background_in({"COLORFGBG": value}) is background
    assert background_in({}) is None


@pytest.mark.parametrize("end", ["\x07", "\x1b\\", "\x9c"])
def test_a_reply_is_heard_and_never_typed_wherever_it_is_cut(end: str) -> None:
    said = f"a\x1b]11;rgb:ffff/ffff/ffff{end}{ATTRIBUTES}b\x1b[?997;1nc"
    for at in range(len(said) + 1):
        splitter, watch = InputSplitter(), watching()
        pieces: list[Piece] = [*splitter.feed(said[:at], 0.0), *splitter.feed(said[at:], 0.4)]

        assert "".join(piece.text for piece in pieces if isinstance(piece, Typed)) == "abc"
        assert [told for told in map(watch.hear, pieces) if told] == [LIGHT, DARK]


def test_a_reply_may_come_one_character_at_a_time() -> None:
    assert heard(watching(), *"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?997;1n") == [LIGHT, DARK]


@pytest.mark.parametrize("broken", ["\x03", "\x18", "\x1b[A"])
def test_a_reply_that_breaks_off_tells_nothing(broken: str) -> None:
    assert heard(watching(), "\x1b]11;rgb:ffff/ffff/ffff" + broken) == []


def test_a_string_of_any_length_is_kept_no_longer_than_a_reply() -> None:
    splitter = InputSplitter()
    pieces = [piece for _ in range(100) for piece in splitter.feed("\x1b]11;" + "f" * LONGEST_REPLY, 0.0)]

    assert splitter.feed("\x07", 0.0) == pieces == []
    assert splitter.feed("\x1b]11;#fff\x07", 0.0) == [Replied("]11;#fff")]


def test_what_nobody_follows_is_not_told() -> None:
    watch = BackgroundWatch({})

    assert watch.switch_off() == ""
    assert heard(watch, "\x1b]11;#fff\x07\x1b[?997;2n") == []
    assert watch.switch_on(0.0) == TELL_CHANGES + QUESTION
    assert heard(watch, "\x1b]11;#fff\x07") == [LIGHT]
    assert watch.switch_off() == TELL_NO_CHANGES
    assert heard(watch, "\x1b]11;#fff\x07") == []
    assert watch.ask_again(100.0) == ""


def test_a_terminal_is_asked_again_but_not_often() -> None:
    watch = watching()
    assert heard(watch, "\x1b]11;#fff\x07", ATTRIBUTES) == [LIGHT]

    asked = [watch.ask_again(at_s) for at_s in (1.0, ASK_EVERY_S - 0.1, ASK_EVERY_S, ASK_EVERY_S + 1)]

    assert asked == ["", "", QUESTION, ""]


def test_a_terminal_that_does_not_answer_is_not_asked_again_until_it_does() -> None:
    watch = watching()

    assert heard(watch, ATTRIBUTES) == []
    assert watch.ask_again(10.0) == ""
    assert heard(watch, "\x1b]11;#fff\x07") == [LIGHT]  # later than the end of its question
    assert watch.ask_again(10.0) == QUESTION


def test_an_answer_is_waited_for_until_it_came_but_not_long() -> None:
    watch, silent = watching(), watching()

    assert not BackgroundWatch({}).is_waiting(0.0)
    heard(watch, "\x1b]11;#fff\x07")
    assert watch.is_waiting(ANSWER_WITHIN_S - 0.1)
    heard(watch, ATTRIBUTES)
    assert not watch.is_waiting(ANSWER_WITHIN_S - 0.1)
    assert not silent.is_waiting(ANSWER_WITHIN_S)


def test_a_multiplexer_that_does_not_answer_passes_the_question_on() -> None:
    assert "\x1bP\x1b]11;?" in BackgroundWatch({"STY": "1.tty"}).switch_on(0.0)
    assert BackgroundWatch({"TMUX": "/tmp/x"}).switch_on(0.0) == TELL_CHANGES + QUESTION


def test_consecutive_answers_are_told_each() -> None:
    told = heard(watching(), "\x1b]11;#fff\x07\x1b]11;#000\x07", "\x1b[?997;2n\x1b[?997;1n\x1b[?997;3n")

    assert [a is not b for a, b in pairwise(told)] == [True, True, True]
