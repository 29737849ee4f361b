"""What is relied on in terminals, by their environments."""

import pytest

from tui_chat.terminal.abilities import abilities


@pytest.mark.parametrize(
    ("environ", "erases", "scrolls"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "alacritty"}, True, True),
        ({"TERM": "tmux-256color", "TMUX": "x"}, True, True),
        ({"TERM": "screen-256color", "TMUX": "x"}, True, True),
        ({"TERM": "screen-256color"}, False, False),
        ({"TERM": "xterm-256color", "STY": "1.pts"}, False, False),
        ({"TERM": "xterm-kitty"}, False, True),
        ({"TERM": "linux"}, False, False),
        ({"TERM": "vt220"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({}, False, False),
    ],
)
def test_only_what_a_terminal_is_known_for_is_relied_on(environ: dict[str, str], erases: bool, scrolls: bool) -> None:
    found = abilities(environ)

    assert (found.erases_with_background, found.scrolls) == (erases, scrolls)


@pytest.mark.parametrize("term", ["xterm-256color", "vt220"])
def test_what_a_person_says_of_the_terminal_counts_before_what_is_known_of_it(term: str) -> None:
    plain, full = abilities({"TERM": term}, "plain"), abilities({"TERM": term}, "full")

    assert not plain.scrolls
    assert not plain.erases_with_background
    assert full.scrolls
    assert full.erases_with_background


def test_characters_of_ambiguous_width_are_doubted_where_terminals_show_them_wide() -> None:
    assert abilities({"LANG": "ja_JP.UTF-8"}).doubts_ambiguous
    assert not abilities({"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}).doubts_ambiguous
    assert not abilities({"LANG": "de_DE.UTF-8"}).doubts_ambiguous
