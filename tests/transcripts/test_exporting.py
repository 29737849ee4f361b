"""Which document a conversation becomes, and where it goes."""

from pathlib import Path

import pytest

from tui_chat.core.parts import user_message
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.transcripts.exporting import document, file_for, form_named, form_of_path

NODE = Node("n1", None, 1_750_000_000.0, user_message("Where is the sea?"))
CONVERSATION = Conversation("c1", 1_750_000_000.0, title="The sea", head_id="n1")


@pytest.mark.parametrize(
    ("name", "form"), [("Markdown", "markdown"), ("md", "markdown"), ("json", "json"), ("x", None)]
)
def test_a_form_has_its_name_and_its_ending(name: str, form: str | None) -> None:
    assert form_named(name) == form


def test_the_ending_of_a_path_chooses_the_form() -> None:
    assert form_of_path("talk.JSON") == "json"
    assert form_of_path("talk.txt") == "text"
    assert form_of_path("talk.rst") == form_of_path("") == "markdown"


def test_each_form_holds_what_was_said() -> None:
    tree = Tree([NODE])
    assert document("json", CONVERSATION, tree).startswith("{")
    assert "Where is the sea?" in document("markdown", CONVERSATION, tree)


def test_a_folder_gets_a_file_with_a_name_of_its_own(tmp_path: Path) -> None:
    named = file_for(str(tmp_path), "json", CONVERSATION)
    assert named.parent == tmp_path
    assert named.name.endswith("the-sea.json")
    assert file_for(str(tmp_path / "a.md"), "markdown", CONVERSATION) == tmp_path / "a.md"
