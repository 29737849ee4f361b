"""Prompts of one's own: files of a folder."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.slash import slash_line
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.own_prompts import LARGEST_BYTES, MOST, OwnPrompt, OwnPrompts, begun
from tui_chat.workspace.refusal import CommandRefused


def prompts(folder: Path, **files: str) -> OwnPrompts:
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return OwnPrompts(folder)


def test_a_file_is_a_prompt_with_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "Code review_2.MD").write_text("\n# Review \x1b[31mcode\n\nOf {path}.\n")
    (tmp_path / "notes.txt").write_text("no prompt")
    (tmp_path / ".hidden.md").write_text("no prompt")
    found = OwnPrompts(tmp_path).read()
    assert [(each.name, each.places) for each in found] == [("code-review-2", ("path",))]
    assert "\x1b" not in found[0].description
    assert found[0].description.startswith("Review")


def test_places_are_filled_once_and_braces_stay() -> None:
    prompt = OwnPrompt("p", "", 'Say {who} and {who} {other name}: {{who}} { "json": 1 } {1} {}')
    assert prompt.places == ("who", "other name")
    filled = prompt.filled({"who": "{other name}", "other name": "x"})
    assert filled == 'Say {other name} and {other name} x: {who} { "json": 1 } {1} {}'


def test_words_behind_the_name_fill_the_first_place_or_stand_below() -> None:
    assert begun(OwnPrompt("p", "", "{a} {b}"), "one two")[1] == {"a": "one two"}
    prompt, values = begun(OwnPrompt("p", "", "Explain."), "the {thing}")
    assert prompt.filled(values) == "Explain.\n\nthe {thing}"


def test_what_cannot_be_used_is_left_out_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.md").write_text("x" * (LARGEST_BYTES + 1))
    (tmp_path / "c.md").write_text(" \n")
    (tmp_path / "d.md").mkdir()
    os.mkfifo(tmp_path / "e.md")
    (tmp_path / "f.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "___.md").write_text("no name")
    (tmp_path / "g g.md").write_text("one")
    (tmp_path / "g-g.md").write_text("two")
    own = OwnPrompts(tmp_path)
    assert [(each.name, each.text) for each in own.read()] == [("g-g", "one")]
    assert len(own.problems) == 8
    assert all("left out" in problem for problem in own.problems)


def test_no_more_prompts_than_a_list_can_hold(tmp_path: Path) -> None:
    own = prompts(tmp_path, **{f"p{number:04d}": "x" for number in range(MOST + 5)})
    assert len(own.read()) == MOST
    assert "more than 200" in own.problems[-1]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    own = prompts(tmp_path, one="First")
    assert [each.description for each in own.read()] == ["First"]
    prompts(tmp_path, one="Another text", two="Second")
    assert [each.description for each in own.read()] == ["Another text", "Second"]
    (tmp_path / "one.md").unlink()
    assert [each.name for each in own.read()] == ["two"]


def test_a_missing_folder_has_no_prompts_and_says_where_they_go(tmp_path: Path) -> None:
    own = OwnPrompts(tmp_path / "prompts")
    assert own.read() == ()
    with pytest.raises(CommandRefused, match=r"no prompt x\. Markdown files in .*/prompts are offered here"):
        own.named("x")


def test_the_nearest_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandRefused, match="Did you mean review"):
        prompts(tmp_path, review="x").named("reviw")


@pytest.mark.parametrize("front_end", FrontEnd)
def test_no_prompt_takes_the_place_of_a_command(tmp_path: Path, front_end: FrontEnd) -> None:
    own = prompts(tmp_path, model="Not the models", clear="an alias", review="Review it")
    assert [each.name for each in own.offered(front_end)] == ["review"]
    assert own.as_command("/model", front_end) == "/model"
    assert own.as_command("/Review a b", front_end) == "/prompt Review a b"
    assert own.as_command("/review", front_end) == "/prompt review"
    for text in ("/prompt model", "/nothing", "//review", "review", "/review/x"):
        assert own.as_command(text, front_end) == text
    assert own.named("model").text == "Not the models"


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_any_text_can_be_filled(text: str, values: dict[str, str]) -> None:
    prompt = OwnPrompt("p", "", text)
    filled = prompt.filled(values)
    assert all(f"{{{place}}}" in text for place in prompt.places)
    if "{" not in text and "}" not in text:
        assert filled == text


@given(st.text(min_size=1, max_size=30).filter(lambda name: "/" not in name and "\0" not in name))
def test_every_name_that_is_offered_can_be_typed(name: str) -> None:
    from tui_chat.workspace.own_prompts import _name_of

    typed = _name_of(f"{name}.md")
    if typed:
        line = slash_line(f"/{typed}")
        assert line is not None
        assert line.name == typed
