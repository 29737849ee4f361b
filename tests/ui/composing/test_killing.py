"""Killing and yanking in a list of lines: no screen is needed to know what is deleted and what comes back."""

from collections.abc import Callable

import pytest

from tests.ui.composing.plain_text import PlainText
from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.killing import Killing

TEXT = "one two-three four\nfive"
END: Location = (0, 18)


def killing_in(text: str, caret: Location) -> tuple[PlainText, Killing]:
    plain = PlainText(text, caret)
    return plain, Killing(plain)


@pytest.mark.parametrize(
    ("kill", "caret", "expected"),
    [
        (Killing.word_left, (0, 13), "one two- four\nfive"),
        (Killing.blank_left, (0, 13), "one  four\nfive"),
        (Killing.word_right, (0, 4), "one -three four\nfive"),
        (Killing.to_start, (0, 4), "two-three four\nfive"),
        (Killing.to_end, (0, 4), "one \nfive"),
        (Killing.word_left, (1, 0), "one two-three fourfive"),
        (Killing.to_start, (1, 0), "one two-three fourfive"),
        (Killing.word_right, END, "one two-three fourfive"),
        (Killing.to_end, END, "one two-three fourfive"),
        (Killing.to_start, (0, 0), TEXT),
        (Killing.to_end, (1, 4), TEXT),
    ],
)
def test_a_kill_takes_what_is_before_the_edge_and_at_the_edge_the_newline(
    kill: Callable[[Killing], None], caret: Location, expected: str
) -> None:
    text, killing = killing_in(TEXT, caret)
    kill(killing)
    assert text.text == expected


def test_kills_that_follow_one_another_are_yanked_as_one() -> None:
    text, killing = killing_in(TEXT, END)
    killing.word_left()
    killing.blank_left()
    text.select((1, 0), (1, 0))
    killing.yank()
    assert text.text == "one \ntwo-three fourfive"


def test_a_kill_elsewhere_begins_anew_and_the_older_one_takes_its_place() -> None:
    text, killing = killing_in(TEXT, END)
    killing.word_left()
    text.select((1, 4), (1, 4))
    killing.word_left()
    killing.yank()
    assert text.text == "one two-three \nfive"
    killing.yank_older()
    assert text.text == "one two-three \nfour"


def test_nothing_older_is_yanked_once_the_text_was_edited() -> None:
    text, killing = killing_in("one two", (0, 7))
    killing.word_left()
    killing.yank()
    text.insert_text("!")
    killing.yank_older()
    assert text.text == "one two!"


def test_what_is_selected_is_killed_whichever_key_it_is() -> None:
    text, killing = killing_in(TEXT, END)
    text.select((0, 4), (0, 8))
    killing.to_end()
    assert text.text == "one three four\nfive"


def test_a_line_is_cut_with_its_newline_where_nothing_is_selected() -> None:
    text, killing = killing_in(TEXT, (0, 4))
    assert killing.cut() == "one two-three four\n"
    assert text.text == "five"
    assert killing.cut() == "five"
    assert killing.cut() == ""
