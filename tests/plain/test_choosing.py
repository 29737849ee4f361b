"""Numbered choices."""

import io
from pathlib import Path

import pytest

from tests.plain.support import PlainChat, ScriptedLines, answer
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


def test_a_command_leaves_a_list_that_words_narrow() -> None:
    item, said = chosen("/model item 3", "2")
    assert item is None
    assert said.endswith("/model item 3\nNothing was chosen.\n")


@pytest.mark.parametrize("is_terminal", [True, False], ids=["at a terminal", "in a script"])
async def test_a_command_in_the_place_of_a_choice_leaves_it_and_is_carried_out(
    tmp_path: Path, *, is_terminal: bool
) -> None:
    plain = PlainChat(tmp_path, answer("Well."), typed=["hello", "/messages", "/read", "/find well", "/read 2"])
    plain.lines.is_terminal = is_terminal
    await plain.converse()
    assert plain.said.count("Nothing was chosen.\n") == 2
    assert "You: /read\nAssistant (test/model): Well.\n" in plain.said
    assert "You: /read 2\nYou: hello\n" in plain.said


async def test_no_line_of_a_script_is_lost_to_a_question_that_it_does_not_answer(tmp_path: Path) -> None:
    path = tmp_path / "there.md"
    path.write_text("mine")
    plain = PlainChat(
        tmp_path,
        *(answer("Well.") for _ in range(3)),
        typed=["one", "/messages", "two", f"/save {path}", "three"],
    )
    plain.lines.is_terminal = False
    await plain.converse()
    assert plain.said.count("End of answer.") == 3
    assert path.read_text() == "mine"


@pytest.mark.parametrize("said", ["n", "no", "", "y"])
async def test_an_answer_to_a_question_is_no_line_of_its_own(tmp_path: Path, said: str) -> None:
    path = tmp_path / "there.md"
    path.write_text("mine")
    plain = PlainChat(tmp_path, answer("Well."), typed=["one", f"/save {path}", said])
    plain.lines.is_terminal = False
    await plain.converse()
    assert plain.said.count("You: ") == 2
