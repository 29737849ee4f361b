"""Keys as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.keys.command import key_label
from tui_chat.ui.keys.key_names import read_key


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("ctrl+k", ("ctrl+k", "Ctrl+K", "C-k", "control+k", " ctrl + k ")),
        ("ctrl+shift+k", ("shift+ctrl+k", "Ctrl+Shift+K")),
        ("escape", ("esc", "Escape")),
        ("pageup", ("PgUp", "page up")),
        ("G", ("G", "shift+g")),
        ("question_mark", ("?", "question_mark")),
        ("ctrl+plus", ("ctrl++", "ctrl+plus")),
        ("minus", ("-",)),
        ("alt+x", ("M-x", "option+x")),
        ("super+c", ("cmd+c",)),
        ("leader m", ("leader m", "<leader>m", "<leader> m", "Leader+m")),
        ("leader question_mark", ("leader ?",)),
    ],
)
def test_a_key_is_read_however_it_is_written(name: str, forms: tuple[str, ...]) -> None:
    assert {form: read_key(form) for form in forms} == dict.fromkeys(forms, name)


@pytest.mark.parametrize("words", ["", "ctlr+k", "ctrl+kk", "f36", "leader", "leader leader m", "ctrl+", "hello"])
def test_what_is_no_key_is_none(words: str) -> None:
    assert read_key(words) is None


def test_the_keys_as_shipped_are_written_as_they_are_read() -> None:
    keys = [key for command in COMMANDS for key in command.keys.split(",") if key]
    assert [key for key in keys if read_key(key) != key] == []


def test_a_label_is_read_as_the_key_that_it_is_for() -> None:
    keys = [key for command in COMMANDS for key in command.keys.split(",") if key]
    assert [key for key in keys if read_key(key_label(key)) != key] == []


@given(st.text(st.characters(max_codepoint=0x7F), max_size=20))
def test_no_words_break_the_reader(words: str) -> None:
    key = read_key(words)
    assert key is None or read_key(key) == key
