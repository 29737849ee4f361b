"""Places in a TOML text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.settings.toml_text import NotTomlError, find_key_line, read_toml

TEXT = '''# model = "a comment"
system = """
model = "inside a string"
"""
"model" = "x"  # the real one
sampling.temperature = 1

[keys]
models = "ctrl+l"
  [ colors ]  # with a comment
primary = "#fff"
'''


@pytest.mark.parametrize(
    ("key", "table", "line"),
    [
        ("system", "", 2),
        ("model", "", 5),
        ("sampling", "", 6),
        ("temperature", "sampling", 6),
        ("keys", "", 8),
        ("models", "keys", 9),
        ("models", "", None),
        ("primary", "colors", 11),
        ("primary", "keys", None),
    ],
)
def test_a_key_is_found_on_its_line(key: str, table: str, line: int | None) -> None:
    assert find_key_line(TEXT, key, table) == line


def test_a_syntax_error_has_its_line_and_words() -> None:
    text = 'a = 1\nb = "x\n'
    with pytest.raises(NotTomlError) as error:
        read_toml(text)

    assert error.value.line == 2
    assert error.value.words
    assert "line 2" not in error.value.words


def test_a_text_that_ends_too_early_is_wrong_on_its_last_line() -> None:
    text = "a = 1\nb = [\n\n"
    with pytest.raises(NotTomlError) as error:
        read_toml(text)

    assert error.value.line == 2


@pytest.mark.parametrize(
    ("text", "words"), [("a = " + "[" * 5_000, "nested too deeply"), (f"a = {'9' * 5_000}", "4300 digits")]
)
def test_a_text_that_no_parser_gets_through_is_not_toml_either(text: str, words: str) -> None:
    with pytest.raises(NotTomlError, match=words) as error:
        read_toml(text)

    assert error.value.line is None


@given(st.text(max_size=200), st.text(max_size=10))
def test_a_scan_never_fails_whatever_the_text(text: str, key: str) -> None:
    line = find_key_line(text, key)

    assert line is None or 1 <= line <= text.count("\n") + 1
