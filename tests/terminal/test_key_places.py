"""Latin letters on the keys of other scripts."""

import pytest

from tui_chat.terminal.key_places import latin_key


@pytest.mark.parametrize(
    ("written", "key"),
    [("с", "c"), ("в", "d"), ("С", "C"), ("ψ", "c"), ("δ", "d"), ("і", "s"), ("ב", "c"), ("ؤ", "c"), ("แ", "c"),
     ("ㅊ", "c")],
)  # fmt: skip
def test_a_letter_is_the_key_that_it_stands_on(written: str, key: str) -> None:
    assert latin_key(written) == key


@pytest.mark.parametrize("other", ["c", "é", "ß", "漢", "1", ""])
def test_what_stands_on_no_known_key_is_itself(other: str) -> None:
    assert latin_key(other) == other
