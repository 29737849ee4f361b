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


@pytest.mark.parametrize(
    "text",
    [
        "/usr/local/bin/tide is not found",
        "/etc/hosts",
        "/tmp/ is full",
        "/r/python is down",
        "/home/alma\nlist it",
        "/.bashrc has this line",
        "/notes.txt says otherwise",
        "/my_file is empty",
        "/^a.*b$/ matches too much",
        "/* a comment */",
        "/s/old/new/",
        r"/path\to",
    ],
)
def test_a_first_word_that_no_command_could_be_called_by_makes_a_message(text: str) -> None:
    assert slash_line(text) is None
    assert as_message(text) == text


@pytest.mark.parametrize("typo", ["/modle", "/hlep", "/tmp", "/help?", "/quit!", "/помощь", "/", "/5"])
def test_a_mere_slip_is_still_a_command_that_is_not_there(typo: str) -> None:
    assert slash_line(typo) is not None


@pytest.mark.parametrize("word", ["exit", "quit", ":q", "quit ", "exit\n"])
def test_a_leaving_word_alone_leaves(word: str) -> None:
    assert slash_line(word) == ("quit", "")


@pytest.mark.parametrize("text", ["exit the loop", "how do I quit vim", ":q!", "Exit", "please\nquit", " exit"])
def test_a_leaving_word_beside_others_is_a_message(text: str) -> None:
    assert slash_line(text) is None


def test_a_space_before_a_leaving_word_sends_the_word() -> None:
    assert as_message(" exit") == "exit"


@pytest.mark.parametrize("prompt", ["exit", "quit ", " :q", "  exit\n", "/usr/bin", "//usr", "/help"])
def test_words_that_look_like_commands_are_sent_as_they_are(prompt: str) -> None:
    typed = typed_as_message(prompt)

    assert slash_line(typed) is None
    assert as_message(typed) == prompt
