"""Numbered choices."""

import io

from tests.plain.support import ScriptedLines
from tui_chat.plain.choosing import choose
from tui_chat.plain.speech import Speech

ITEMS = [f"item {number}" for number in range(1, 46)]


def chosen(*typed: str) -> tuple[str | None, str]:
    out = io.StringIO()
    speech = Speech(out)
    lines = ScriptedLines(speech, typed)

    def narrowed(words: str) -> list[str]:
        return [item for item in ITEMS if words in item]

    return choose(speech, lines, ITEMS, str, narrowed=narrowed), out.getvalue()


def test_a_number_chooses() -> None:
    item, said = chosen("3")
    assert item == "item 3"
    assert "20. item 20\n" in said
    assert "21." not in said
    assert "Choose 1 to 45, Enter for more of 45, words to narrow the list, q to leave: " in said


def test_enter_lists_more_and_leaves_at_the_end() -> None:
    item, said = chosen("", "", "")
    assert item is None
    assert "45. item 45\n" in said
    assert said.endswith("Nothing was chosen.\n")


def test_words_narrow_the_list_and_numbers_count_anew() -> None:
    item, said = chosen("item 4", "2")
    assert item == "item 40"
    assert "7 fit:\n1. item 4\n2. item 40\n" in said


def test_what_is_no_choice_is_said() -> None:
    item, said = chosen("99", "0", "nothing like it", "q")
    assert item is None
    assert "There is no number 99 here." in said
    assert "There is no number 0 here." in said
    assert "Nothing fits these words." in said
