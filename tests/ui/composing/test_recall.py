"""The walk through the prompts, with a field that is a string."""

from tui_chat.ui.composing.recall import Recall
from tui_chat.workspace.prompt_history import PromptHistory


class Field:
    """Tells how a text came back."""

    def __init__(self) -> None:
        self.text = "draft"
        self.came: list[tuple[str, str]] = []

    def put(self, text: str) -> None:
        self.text = text
        self.came.append(("put", text))

    def recall(self, text: str) -> None:
        self.text = text
        self.came.append(("recall", text))


def test_the_draft_is_there_again_at_the_end_of_the_walk() -> None:
    field = Field()
    recall = Recall(field, PromptHistory(["first", "second"]))
    assert [recall.earlier(), recall.earlier(), recall.earlier()] == [True, True, False]
    assert field.text == "first"
    assert [recall.later(), recall.later(), recall.later()] == [True, True, False]
    assert field.text == "draft"


def test_a_prompt_is_recalled_as_it_was_sent_and_what_was_edited_is_put_as_it_stands() -> None:
    field = Field()
    recall = Recall(field, PromptHistory(["first", "second"]))
    recall.earlier()
    field.text = "second, edited"
    recall.earlier()
    recall.later()
    assert field.came == [("recall", "second"), ("recall", "first"), ("put", "second, edited")]
