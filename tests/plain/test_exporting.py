"""`/export` and `/save` in plain mode: every form, and what was hidden is said."""

from pathlib import Path

import pytest

from tests.plain.support import PlainChat, answer


@pytest.mark.parametrize(
    ("form", "ending", "begins"),
    [
        ("html", "html", "<!doctype html>"),
        ("text", "txt", "draw\n===="),
        ("jsonl", "jsonl", "{"),
        ("md", "md", "# draw"),
    ],
)
async def test_each_form_is_written_by_its_name_and_by_the_ending(
    tmp_path: Path, form: str, ending: str, begins: str
) -> None:
    one, other = tmp_path / "one", tmp_path / f"other.{ending}"
    chat = PlainChat(tmp_path, answer("So."), typed=(f"/export {form} {one}", f"/save {other}"))
    await chat.converse("draw")
    assert one.read_text().startswith(begins)
    assert other.read_text() == one.read_text()


async def test_what_was_hidden_is_said_before_it_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    word = f"/export text --redact {file}"
    chat = PlainChat(tmp_path, answer("My key is sk-proj-A1b2C3d4E5f6."), typed=(word, "n", word, "y"))
    await chat.converse("draw")
    assert "Not saved." in chat.said
    assert "My key is [key hidden]" in file.read_text()
    assert "Hidden 1 × what looks like a key, in message 2.\n" in chat.said
