"""What a terminal sends, cut into pieces: wherever it is cut, and whatever it is."""

import sys
from collections.abc import Iterable
from itertools import pairwise
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.terminal.input import (
    PASTE_PATIENCE_S,
    REMOTE_ESCAPE_DELAY_S,
    SEQUENCE_PATIENCE_S,
    STRING_LIMIT_S,
    STRING_PATIENCE_S,
    InputSplitter,
    Pasted,
    Piece,
    Replied,
    Sequence,
    Typed,
    escape_delay_s,
)
from tui_chat.ui.driver.terminal_keys import understand

if TYPE_CHECKING:
    from _typeshed import TraceFunction

ESCAPE_DELAY_S = 0.1
FAMILY = "👨\u200d👩\u200d👧"

FRAGMENTS = st.sampled_from(
    [
        *"aé漢 \r\t\x7f\x03\x0a[]O;<M~u0129?\\\x07\x1b",
        *("\x1b[A", "\x1b[13;2u", "\x1b[27;2;13~", "\x1b[<35;NaN;NaNM", "\x1b[<0;3;4M", "\x1b[I", "\x1bOP", "\x1b\r"),
        *(
            "\x1b[200~",
            "\x1b[201~",
            "a\r\nb\rc\x00",
            "\x1b]10;rgb:ff/ff/ff\x07",
            "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
            "\x1bP1$r0m\x1b\\",
            "\x1b_Gi=1\x1b\\",
        ),
        *("\x1b[?62;4c", "\x1b[?2026;2$y", "\x1b[48;30;100;600;800t", "\x1b[[A", "\x1b[M !!", FAMILY, "\x9b"),
    ]
)


def split(*texts: str) -> list[Piece]:
    """Everything these reads say, nothing following."""
    splitter = InputSplitter(ESCAPE_DELAY_S)
    return joined([piece for text in texts for piece in splitter.feed(text, 0.0)] + splitter.finish())


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """With what was typed in one go in one piece."""
    whole: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Typed) and whole and isinstance(whole[-1], Typed):
            whole[-1] = Typed(whole[-1].text + piece.text)
        else:
            whole.append(piece)
    return whole


def keys(text: str) -> list[str]:
    """What is left for Textual's parser, and what was typed."""
    pieces = [piece for piece in split(text) if not isinstance(piece, Replied)]
    found = [understand(piece.text) if isinstance(piece, Sequence) else piece for piece in pieces]
    return [piece.text for piece in found if piece is not None]


@given(st.lists(FRAGMENTS, max_size=12).map("".join), st.data())
def test_it_may_be_cut_anywhere(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=len(text))))
    ends = [0, *cuts, len(text)]

    assert split(*(text[a:b] for a, b in pairwise(ends))) == split(text)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"))))
def test_plain_text_arrives_whole(text: str) -> None:
    assert "".join(piece.text for piece in split(text)) == text


@given(st.text())
def test_nothing_makes_it_fail(text: str) -> None:
    for piece in split(text.replace("·", "\x1b")):
        if isinstance(piece, Sequence):
            understand(piece.text)


@given(
    st.text(st.sampled_from("ab\r\n\x1b[201\x00é\x9b\x11"), max_size=60).filter(lambda text: "\x1b[201~" not in text)
)
def test_a_paste_is_one_piece_without_controls(text: str) -> None:
    said = text.translate(dict.fromkeys(map(ord, "\x1b\x00\x9b\x11"))).replace("\r\n", "\n").replace("\r", "\n")

    assert split(f"a\x1b[200~{text}\x1b[201~b") == [Typed("a"), Pasted(said), Typed("b")]


def steps_of_paste(reads: int, blocks: int) -> int:
    """Lines of the program that run for a paste which arrives in so many reads of so many blocks each."""
    steps = 0

    def count(frame: FrameType, event: str, arg: object) -> "TraceFunction":
        del frame, arg
        nonlocal steps
        steps += event == "line"
        return count

    splitter = InputSplitter()
    block = "x é 漢\x1b\r\x11\x00[31m " * 16
    texts = ["\x1b[200~", *[block * blocks] * reads, "\x1b[201~"]
    before = sys.gettrace()
    sys.settrace(count)
    try:
        pieces = [piece for text in texts for piece in splitter.feed(text, 0.0)]
    finally:
        sys.settrace(before)
    (paste,) = pieces
    assert isinstance(paste, Pasted)
    assert paste.text.count("漢") == 16 * blocks * reads
    return steps


def test_a_paste_takes_as_many_steps_for_each_read_however_long_it_is_and_whatever_came_before() -> None:
    assert steps_of_paste(10, blocks=1_000) == steps_of_paste(10, blocks=1)
    assert steps_of_paste(200, blocks=1) - steps_of_paste(100, blocks=1) == 10 * (
        steps_of_paste(20, blocks=1) - steps_of_paste(10, blocks=1)
    )


def test_an_escape_alone_is_the_key_once_nothing_follows() -> None:
    splitter = InputSplitter(ESCAPE_DELAY_S)

    assert splitter.feed("\x1b", 1.0) == []
    assert splitter.patience_s == ESCAPE_DELAY_S
    assert splitter.tick(1.05) == []
    assert splitter.tick(1.11) == [Sequence("\x1b")]
    assert splitter.patience_s is None


def test_a_sequence_may_be_slow_and_is_no_text_when_its_rest_never_comes() -> None:
    splitter = InputSplitter(ESCAPE_DELAY_S)

    assert splitter.feed("\x1b[1;", 0.0) == []
    assert splitter.tick(0.5) == []
    assert splitter.feed("5A", 0.6) == [Sequence("\x1b[1;5A")]
    assert splitter.feed("\x1b[1;", 1.0) == []
    assert splitter.tick(1.0 + SEQUENCE_PATIENCE_S) == []
    assert splitter.feed("a", 3.0) == [Typed("a")]


@pytest.mark.parametrize("string", ["\x1b]11;rgb:", "\x1bP1$r", "\x1b_Gi=1;", "\x1b^x", "\x1bXx"])
def test_a_string_without_an_end_is_given_up(string: str) -> None:
    quiet, busy, stopped = InputSplitter(), InputSplitter(), InputSplitter()
    for splitter in (quiet, busy, stopped):
        assert splitter.feed(string, 0.0) == []

    assert quiet.tick(STRING_PATIENCE_S) == []
    assert quiet.feed("a", 1.0) == [Typed("a")]
    assert busy.feed("a", STRING_LIMIT_S + 0.1) == [Typed("a")]
    assert stopped.feed("ab\x03", 0.1) == [Typed("\x03")]


def test_a_paste_whose_end_was_lost_is_handed_on_and_the_keys_come_back() -> None:
    splitter = InputSplitter()

    assert splitter.feed("\x1b[200~half", 0.0) == []
    assert splitter.tick(PASTE_PATIENCE_S) == [Pasted("half")]
    assert splitter.feed("\r" * 40, 6.0) == []
    assert splitter.tick(6.0 + PASTE_PATIENCE_S) == [Pasted("\n" * 40)]
    assert splitter.feed("\r", 20.0) == [Typed("\r")]


@pytest.mark.parametrize(
    "reply",
    [
        "\x1b[?62;4;22c", "\x1b[>41;354;0c", "\x1b[=1c", "\x1b[0n", "\x1b[?997;1n", "\x1b[3;7R", "\x1b[?1u",
        "\x1b[1;1R", "\x1b[?1049;2$y", "\x1b[4;2$y", "\x1b[8;30;100t", "\x1b[4;600;800t", "\x1b[48;0;0;0;0t",
        "\x1b[1$t",
        "\x1b]10;rgb:ffff/ffff/ffff\x07", "\x1b]11;rgb:0/0/0\x1b\\", "\x1b]4;1;rgb:1/2/3\x1b\\", "\x1b]52;c;aGk=\x07",
        "\x1b]lmy title\x1b\\", "\x1bP1$r0 q\x1b\\", "\x1bP>|tmux 3.4\x1b\\", "\x1bP1+r544e=78\x1b\\", "\x1bP!|0\x1b\\",
        "\x1b_Gi=31;OK\x1b\\", "\x1b^x\x1b\\", "\x1bXx\x1b\\",
        "\x1b[<35;NaN;NaNM", "\x1b[<0;99999999;1M", "\x1b[<M", "\x1b[M !!", "\x1b[32;5;5M", "\x1b[201~",
        "\x1b[97;1:3u", "\x1b[13;1:3u", "\x1b[1;1:3A", "\x1b[3;1:3~", "\x1b[99999999u", "\x1b[55296u", "\x1b[0u",
        "\x1b[27;5;9999999~", "\x1b[1;2;3;4;5x", "\x1b[>1;2m",
    ],
)  # fmt: skip
def test_a_reply_that_nobody_waits_for_is_nothing(reply: str) -> None:
    assert "".join(keys(f"a{reply}b")) == "ab"


@pytest.mark.parametrize(
    "report",
    [
        "\x1b[I",
        "\x1b[O",
        "\x1b[<0;3;4M",
        "\x1b[<35;-1;4m",
        "\x1b[?2026;2$y",
        "\x1b[?2048;1$y",
        "\x1b[48;30;100;600;800t",
    ],
)
def test_what_textual_waits_for_goes_through(report: str) -> None:
    assert keys(report) == [report]


def test_a_size_without_pixels_divides_by_nothing() -> None:
    assert keys("\x1b[48;30;100;0;0t") == ["\x1b[48;30;100;30;100t"]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("\x1b[97;;97u", "a"), ("\x1b[97;2;65u", "A"), ("\x1b[97u", "a"), ("\x1b[97;2u", "A"), ("\x1b[97;65u", "A"),
        ("\x1b[50:64;2u", "@"), ("\x1b[97;1:2u", "a"), ("\x1b[27;2;65~", "A"), ("\x1b[57400;129u", "1"),
        ("\x1b[0;;128104:8205:128105u", "👨\u200d👩"), ("\x1b[97;3;229u", "å"), ("\x1b[32;2;32u", " "),
    ],
)  # fmt: skip
def test_a_key_report_that_writes_is_what_it_writes(said: str, written: str) -> None:
    assert understand(said) == Typed(written)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("\x1b[27;2;13~", "\x1b[13;2u"), ("\x1b[13;2:1u", "\x1b[13;2u"), ("\x1b[13;65u", "\x1b[13u"),
        ("\x1b\r", "\x1b[13;3u"), ("\x1b\n", "\x1b[13;3u"), ("\x1bx", "\x1b[120;3u"), ("\x1bX", "\x1b[120;4u"),
        ("\x1b[27;5;108~", "\x1b[108;5u"), ("\x1b[27;6;76~", "\x1b[108;6u"), ("\x1b[1;5:2A", "\x1b[1;5A"),
        ("\x1b[1083::107;5u", "\x1b[107;5u"), ("\x1b[1;2R", "\x1b[13;2~"), ("\x1b[A", "\x1b[A"), ("\x1b[Z", "\x1b[Z"),
        ("\x1b[", "\x1b[91;3u"), ("\x1b\b", "\x1b\x7f"),
    ],
)  # fmt: skip
def test_every_form_of_a_key_becomes_one(said: str, known: str) -> None:
    assert understand(said) == Sequence(known)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("\x1b[27;5;1089~", "\x1b[99;5u"), ("\x1b[27;5;1074~", "\x1b[100;5u"), ("\x1b[27;5;1057~", "\x1b[99;5u"),
        ("\x1b[27;6;1057~", "\x1b[99;6u"), ("\x1b[27;5;968~", "\x1b[99;5u"), ("\x1b[27;5;948~", "\x1b[100;5u"),
        ("\x1b[27;5;1489~", "\x1b[99;5u"), ("\x1b[1089;5u", "\x1b[99;5u"), ("\x1b[1083;69u", "\x1b[107;5u"),
        ("\x1b[1089::99;5u", "\x1b[99;5u"), ("\x1bу", "\x1b[101;3u"),
    ],
)  # fmt: skip
def test_keys_held_with_ctrl_or_alt_go_by_their_place(said: str, known: str) -> None:
    assert understand(said) == Sequence(known)


def test_letters_of_another_script_are_written_as_they_are() -> None:
    assert keys("привет ψυχή") == ["привет ψυχή"]
    assert understand("\x1b[1089u") == Typed("с")
    assert understand("\x1b[1089:1057;2u") == Typed("С")


@pytest.mark.parametrize(
    ("begun", "rest", "whole"),
    [
        ("\x1b[", "D", "\x1b[D"),
        ("\x1bO", "P", "\x1bOP"),
        ("\x1b[", "13;2u", "\x1b[13;2u"),
        ("\x1b[1", ";5C", "\x1b[1;5C"),
    ],
)
def test_the_rest_of_a_sequence_may_take_most_of_a_second(begun: str, rest: str, whole: str) -> None:
    splitter = InputSplitter(ESCAPE_DELAY_S)

    assert splitter.feed(begun, 0.0) == []
    assert splitter.tick(0.9) == []
    assert splitter.feed(rest, 0.95) == [Sequence(whole)]


def test_the_rest_of_a_reply_may_take_as_long() -> None:
    splitter = InputSplitter(ESCAPE_DELAY_S)

    assert splitter.feed("\x1b]", 0.0) == []
    assert splitter.tick(0.5) == []
    assert splitter.feed("11;rgb:0/0/0\x07a", 0.6) == [Replied("]11;rgb:0/0/0"), Typed("a")]


def test_a_key_that_could_begin_a_sequence_is_the_key_when_nothing_follows() -> None:
    splitter = InputSplitter(ESCAPE_DELAY_S)

    assert splitter.feed("\x1b[", 0.0) == []
    assert splitter.tick(SEQUENCE_PATIENCE_S) == [Sequence("\x1b[")]


@pytest.mark.parametrize(
    ("environ", "expected_s"),
    [
        ({}, ESCAPE_DELAY_S),
        ({"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, REMOTE_ESCAPE_DELAY_S),
        ({"SSH_TTY": "/dev/pts/1", "ESCDELAY": "50"}, ESCAPE_DELAY_S),
    ],
)
def test_an_escape_waits_longer_over_ssh_unless_the_person_chose(environ: dict[str, str], expected_s: float) -> None:
    assert escape_delay_s(ESCAPE_DELAY_S, environ) == expected_s
