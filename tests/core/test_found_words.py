"""Marks of what was searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.found_words import found_words


def marked(text: str, *words: str) -> list[str]:
    return [text[start:end] for start, end in found_words(text, words)]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("The borrow checker borrowed a word", ("borrow",), ["borrow", "borrow"]),
        ("Unborrowed", ("borrow",), []),
        ("Straße und CAFÉ, cafe\u0301s", ("cafe", "strasse"), ["Straße", "CAFÉ", "cafe\u0301"]),
        ("C++ and c", ("c++",), ["C++"]),
        ("東京の三日間", ("三日",), ["三日"]),
        ("a [b] (c", ("(c", "[b]"), ["[b]", "(c"]),
        ("life lifetime", ("life", "lifetime"), ["life", "lifetime"]),
        ("nothing", (), []),
    ],
)
def test_words_are_marked_where_they_begin(text: str, words: tuple[str, ...], found: list[str]) -> None:
    assert [mark.rstrip("\u0301") for mark in marked(text, *words)] == [mark.rstrip("\u0301") for mark in found]


@given(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=4))
def test_marks_stand_in_the_text_one_behind_the_other(text: str, words: list[str]) -> None:
    end = 0
    for span in found_words(text, words):
        assert end <= span.start < span.end <= len(text)
        end = span.end
