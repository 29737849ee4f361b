"""What is said of a setting that was changed in the chat, as far as `tests/ui/test_following_terminal` does not say."""

from tui_chat.settings.kept import kept_words, unkept_words
from tui_chat.settings.load import Origin, Source

FLAG = Origin(Source.FLAG, "--theme")


def test_a_switch_that_is_kept_is_on_or_off_in_words() -> None:
    assert kept_words("vim", False, Origin(Source.FILE)) == "vim is off from now on, also next time."


def test_what_a_flag_rules_is_not_said_to_be_kept_by_a_temporary_run() -> None:
    assert unkept_words("theme", "x", FLAG) == "--theme rules this run, and --temporary keeps nothing for later."


def test_a_name_from_outside_stays_on_its_line() -> None:
    assert "\x1b" not in kept_words("theme", "a\x1b[31m\nb", Origin(Source.FILE))
