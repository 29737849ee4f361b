"""Messages out of lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.plain.messages import first_message, unfinished


def is_command(text: str) -> bool:
    return text.startswith("/")


@pytest.mark.parametrize(
    ("lines", "text", "taken"),
    [
        (["hello"], "hello", 1),
        (["one\\", "two"], "one\ntwo", 2),
        (["a", "b", "c"], "a\nb\nc", 3),
        (["a", "/quit"], "a", 1),
        (["/model x", "b"], "/model x", 1),
        (['"""', "a", "", "/b", '"""', "c"], "a\n\n/b", 5),
        (['"""a', 'b"""'], "a\nb", 2),
        (['"""a"""'], "a", 1),
        (["a", '"""', "b", '"""'], "a", 1),
        ([""], "", 1),
    ],
)
def test_lines_become_messages(lines: list[str], text: str, taken: int) -> None:
    assert first_message(lines, is_command) == (text, taken)


@pytest.mark.parametrize("lines", [[], ["one\\"], ['"""'], ['"""', "a"], ["a", "b\\"]])
def test_what_goes_on_is_waited_for(lines: list[str]) -> None:
    assert first_message(lines, is_command) is None


def test_what_never_ended_is_kept() -> None:
    assert unfinished(['"""', "a", "b"]) == "a\nb"
    assert unfinished(["one\\", "two\\"]) == "one\ntwo"


@given(st.lists(st.text(alphabet='a\\"/ ')))
def test_every_line_is_taken_once(lines: list[str]) -> None:
    rest = lines
    while taken := first_message(rest, is_command):
        assert 1 <= taken.lines <= len(rest)
        rest = rest[taken.lines :]
    assert not rest or first_message(rest, is_command) is None
