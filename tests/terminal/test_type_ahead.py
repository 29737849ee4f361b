"""Type-ahead: what is typed before the program can take it is shown, and all of it is handed on."""

import os
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.terminal.type_ahead import TypeAhead
from tui_chat.ui.composing.clusters import cells_of, clusters

ROOM = 12
KEYS = st.lists(
    st.sampled_from(["a", "é", "中", "🙂", "\x7f", "\r", "\x1b[A", "\u0301", "\x03", "\t", " "]), max_size=20
)


class Field:
    """Where it is shown; a terminal that takes no more refuses."""

    def __init__(self, takes: int = 1000) -> None:
        self.shown: list[tuple[str, int]] = []
        self.takes = takes

    def show(self, words: str, cells: int) -> bool:
        self.shown.append((words, cells))
        return len(self.shown) < self.takes


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes, cut at these places."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        time.sleep(0.001)
        assert time.monotonic() < end


@pytest.mark.parametrize(
    ("typed", "text", "cells", "behind"),
    [
        ("early", "early", 5, ""),
        ("zwei Wörter", "zwei Wörter", 11, ""),
        ("中文", "中文", 4, ""),
        ("ab\x7fc", "ac", 2, ""),
        ("a\x7f\x7fb", "b", 1, ""),
        ("hello\rmore", "hello", 5, "\rmore"),
        ("a\x1b[Db", "a", 1, "\x1b[Db"),
        ("a\tb", "a", 1, "\tb"),
        ("e\u0301", "e", 1, "\u0301"),
        ("a👍🏽", "a", 1, "👍🏽"),
        ("a🇩🇪", "a", 1, "🇩🇪"),
        ("a\u1100\u1161", "a", 1, "\u1100\u1161"),
        ("x" * 13, "x" * 12, 12, "x"),
        ("中" * 7, "中" * 6, 12, "中"),
    ],
)
def test_characters_are_shown_up_to_what_may_mean_something_else(
    typed: str, text: str, cells: int, behind: str
) -> None:
    field = Field()
    ahead = TypeAhead(ROOM, field.show)
    ahead.take(typed.encode())
    ahead.take(b"x")
    ahead.end()

    assert field.shown[0] == (text, cells)
    assert handed_on(ahead) == (text, f"{behind}x".encode()) if behind else (f"{text}x", b"")


def handed_on(ahead: TypeAhead) -> tuple[str, bytes]:
    return ahead.text, b"".join(typed for _, typed in ahead.behind)


def test_each_character_that_is_shown_is_as_wide_here_as_in_the_composer_and_one_of_its_own() -> None:
    for character in map(chr, range(0x20, 0x20000)):
        if character != "\x7f" and not "\ud800" <= character <= "\udfff":
            field = Field()
            ahead = TypeAhead(ROOM, field.show)
            ahead.take(f"a{character}b".encode())
            if not ahead.behind:
                assert field.shown == [(f"a{character}b", cells_of(f"a{character}b"))], ascii(character)
                assert len(clusters(f"a{character}b")) == 3, ascii(character)


def test_bytes_that_are_no_text_are_handed_on() -> None:
    ahead = TypeAhead(ROOM, Field().show)
    ahead.take(b"a\xff\xfeb")
    assert handed_on(ahead) == ("a", b"\xff\xfeb")


def test_half_a_character_at_the_end_is_handed_on() -> None:
    ahead = TypeAhead(ROOM, Field().show)
    ahead.take("aé".encode()[:-1])
    ahead.end()
    assert handed_on(ahead) == ("a", b"\xc3")


@given(KEYS, st.lists(st.integers(0, 80), max_size=8))
def test_wherever_it_is_cut_no_byte_is_lost(keys: list[str], cuts: list[int]) -> None:
    data = "".join(keys).encode()
    whole, cut = TypeAhead(ROOM, Field().show), TypeAhead(ROOM, Field().show)
    whole.take(data)
    for part in pieces(data, cuts):
        cut.take(part)
    whole.end()
    cut.end()

    assert handed_on(cut) == handed_on(whole)
    text, behind = handed_on(whole)
    deleted = ""
    for key in data.removesuffix(behind).decode():
        deleted = deleted[:-1] if key == "\x7f" else deleted + key
    assert deleted == text


def test_a_terminal_that_takes_no_more_is_told_no_more() -> None:
    field = Field(takes=1)
    ahead = TypeAhead(ROOM, field.show)
    ahead.take(b"a")
    ahead.take(b"b")
    assert len(field.shown) == 1
    assert handed_on(ahead) == ("a", b"b")


def test_what_is_not_understood_is_kept_with_its_time() -> None:
    ahead = TypeAhead(ROOM, Field().show)
    ahead.take(b"a\x1b")
    time.sleep(0.01)
    ahead.take(b"b")
    (escape_at, escape), (letter_at, letter) = ahead.behind
    assert (escape, letter) == (b"\x1b", b"b")
    assert letter_at - escape_at >= 0.01


def test_ctrl_c_clears_what_is_shown_once_and_is_handed_on_behind_it() -> None:
    field = Field()
    ahead = TypeAhead(ROOM, field.show)
    assert not ahead.clear()
    ahead.take(b"a")
    assert ahead.clear()
    assert not ahead.clear()
    ahead.take(b"b")
    assert field.shown == [("a", 1), ("", 0)]
    assert handed_on(ahead) == ("a", b"\x03b")


def test_what_comes_after_the_end_is_left_to_others() -> None:
    reads, writes = os.pipe()
    field = Field()
    ahead = TypeAhead(ROOM, field.show)
    ahead.begin(reads, lambda: os.read(reads, 100))
    os.write(writes, b"ab")
    wait_until(lambda: bool(field.shown))
    ahead.end()
    os.write(writes, b"c")

    assert os.read(reads, 10) == b"c"
    assert ahead.text == "ab"
    os.close(reads)
    os.close(writes)


def test_a_terminal_that_is_gone_ends_it() -> None:
    reads, writes = os.pipe()
    ahead = TypeAhead(ROOM, Field().show)
    ahead.begin(reads, lambda: os.read(reads, 100))
    thread = ahead._thread
    assert thread is not None
    os.close(writes)
    wait_until(lambda: not thread.is_alive())
    ahead.end()
    assert handed_on(ahead) == ("", b"")
    os.close(reads)
