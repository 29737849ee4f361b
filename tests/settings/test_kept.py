"""What is said of a setting that was changed in the chat."""

import pytest

from tui_chat.settings.kept import is_overridden, kept_words, unkept_words
from tui_chat.settings.load import Origin, Source

FLAG = Origin(Source.FLAG, "--theme")


@pytest.mark.parametrize("source", [Source.FILE, Source.DEFAULT])
def test_what_was_written_holds_also_next_time(source: Source) -> None:
    assert kept_words("theme", "fjord", Origin(source)) == "theme is fjord from now on, also next time."
    assert kept_words("vim", True, Origin(source)) == "vim is on from now on, also next time."
    assert kept_words("vim", False, Origin(source)) == "vim is off from now on, also next time."


def test_what_a_flag_overrides_holds_later() -> None:
    assert is_overridden(FLAG)
    assert kept_words("theme", "fjord", FLAG) == "theme is fjord, kept for later: --theme rules this run."


def test_what_was_not_written_is_not_said_to_be_kept() -> None:
    assert unkept_words("vim", True, Origin(Source.DEFAULT)) == "vim is on for this run: --temporary keeps nothing."
    assert unkept_words("theme", "x", FLAG) == "--theme rules this run, and --temporary keeps nothing for later."


def test_a_name_from_outside_stays_on_its_line() -> None:
    assert "\x1b" not in kept_words("theme", "a\x1b[31m\nb", Origin(Source.FILE))
