"""Which lines are commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.slash import as_message, slash_line, typed_as_message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/model  a b ", ("model", "a b")),
        ("/help", ("help", "")),
        ("/QUIT", ("QUIT", "")),
        ("/export  json  out.json ", ("export", "json  out.json")),
        ("/system one\ntwo", ("system", "one\ntwo")),
        ("hello /help", None),
        ("//etc is a folder", None),
        ("", None),
    ],
)
def test_one_slash_begins_a_command(text: str, expected: tuple[str, str] | None) -> None:
    assert slash_line(text) == expected


def test_a_name_that_goes_on_in_another_line_is_no_name() -> None:
    line = slash_line("/help\n/usr/bin/env")
    assert line is not None
    assert line.name != "help"


@given(st.text())
def test_words_from_a_command_line_are_sent_as_they_are(prompt: str) -> None:
    typed = typed_as_message(prompt)
    assert slash_line(typed) is None
    assert as_message(typed) == prompt
