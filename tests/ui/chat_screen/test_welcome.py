"""What an empty conversation says of the keys."""

from tui_chat.chat.services import Gateway
from tui_chat.ui.chat_screen.welcome import welcome
from tui_chat.ui.composing.keys import with_enter

HERE = Gateway("http://127.0.0.1:1/v1", has_key=False, is_demo=False)


def test_the_keys_of_the_welcome_are_those_in_force() -> None:
    assert "- `Enter` sends, `Ctrl+J` begins a new line\n" in welcome(HERE, {})
    assert "- `Alt+Enter` sends, `Enter` begins a new line\n" in welcome(HERE, with_enter({}, sends=False))


def test_a_key_that_was_taken_away_is_not_named() -> None:
    said = welcome(HERE, {"palette": (), "models": (), "help": ("f9",)})
    assert "- `/` lists the commands\n- `F9` helps\n" in said
