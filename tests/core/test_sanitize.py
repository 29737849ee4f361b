"""Text from outside: nothing that a terminal obeys gets through, and nothing else is changed."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.sanitize import StreamSanitizer, sanitize, sanitize_line, without_harmful, without_surrogates

HARMFUL = "\r\n\t\x1b\x9b\u202e\u2028\ud800\U000e0041\u200d漢"
any_text = st.text(st.characters(exclude_categories=[]) | st.sampled_from(HARMFUL))
HOSTILE = {
    "colour": "\x1b[31mred",
    "clipboard": "\x1b]52;c;aGk=\x07",
    "title": "\x1b]0;owned\x1b\\",
    "link": "\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\",
    "eight-bit CSI": "\x9b2J",
    "eight-bit OSC": "\x9d0;x\x9c",
    "device control": "\x1bP+q544e\x1b\\",
    "carriage return": "safe\rrm -rf",
    "backspace": "abc\b\b\bxyz",
    "bidi": "user\u202enimda\u2066x\u2069",
    "tags": "hi\U000e0041\U000e007f",
    "separators": "a\u2028b\u2029c",
    "nul and delete": "\0\x7f",
    "half a pair": "\ud83d",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_a_terminal_obeys_becomes_a_visible_mark(text: str) -> None:
    for clean in (sanitize(text), sanitize_line(text)):
        assert harmless(clean)
        clean.encode()


def harmless(text: str) -> bool:
    return all(
        char in "\n\t"
        or (unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"} and char not in "\u202e\u2066\u2069")
        for char in text
    )


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "tab\tand\nnewline",
        "👩‍👩‍👧‍👦 ❤️ 🏴‍☠️",
        "العربية",
        "東京",
        "e\u0301",
        "[/red] [@click=x]",
        "न\u200dम\u200c",
    ],
)
def test_words_of_every_script_and_emoji_stay(text: str) -> None:
    assert sanitize(text) == text


def test_marks_show_what_was_there() -> None:
    assert sanitize("\x1b[0m\x07\x7f\r\nnext\rover") == "␛[0m␇␡\nnext␍over"


@given(any_text)
def test_any_text_becomes_harmless_and_stays_so(text: str) -> None:
    clean = sanitize(text)
    assert harmless(clean)
    assert sanitize(clean) == clean


@given(any_text, st.integers(1, 50))
def test_any_text_becomes_one_harmless_line(text: str, limit: int) -> None:
    line = sanitize_line(text, limit)
    assert len(line) <= limit
    assert harmless(line)
    assert "\n" not in line
    assert "\t" not in line


def test_a_long_line_ends_in_an_ellipsis() -> None:
    assert sanitize_line("word " * 100, 12) == "word word w…"
    assert sanitize_line("  many \n\n spaces\t") == "many spaces"


def test_a_line_of_leading_space_still_shows_its_words() -> None:
    assert sanitize_line(" " * 10_000 + "words", 20) == "words"


@given(any_text, st.lists(st.integers(0, 20), max_size=5))
def test_text_in_pieces_becomes_what_the_whole_becomes(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    stream = StreamSanitizer()
    pieces = [stream.feed(text[a:b]) for a, b in pairwise(places)]
    assert "".join(pieces) + stream.finish() == sanitize(text)


@given(any_text)
def test_text_without_surrogates_can_be_encoded(text: str) -> None:
    clean = without_surrogates(text)
    clean.encode()
    assert clean == text or any("\ud800" <= char <= "\udfff" for char in text)


def test_the_halves_of_a_pair_are_joined() -> None:
    assert without_surrogates("\ud83c\udf89 \ud83c x \udf89") == "🎉 \ufffd x \ufffd"


@pytest.mark.parametrize("text", ["👩\u200d🌾", "❤\ufe0f\u200d🔥", "क्\u200dष", "نمی\u200cخواهم"])
def test_joiners_stay_where_they_join(text: str) -> None:
    assert sanitize(text) == sanitize_line(text) == text


@pytest.mark.parametrize("text", ["\u200d東", "a\u200db", "👩\u200d\u200d🌾", "\n\u200d東", "*\u200d東"])
def test_a_stray_joiner_hides_nothing(text: str) -> None:
    assert "\ufffd" in sanitize(text)
    assert len(sanitize(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain — café", "plain — café"),
        ("Titled \x1b[31mred\x1b[0m\u202eby", "Titled redby"),
        ("\x1b]0;window\x07name\x9b2J\x00", "name"),
        ("\x1b alone", " alone"),
    ],
)
def test_what_is_left_out_of_a_line_leaves_no_mark(text: str, left: str) -> None:
    assert without_harmful(text) == left
