"""Messages of a tree that fit words and filters."""

import pytest
from msgspec.structs import replace

from tests.store.values import answer, question
from tui_chat.core.branch_query import fits
from tui_chat.core.marks import Marks
from tui_chat.core.search_query import read_query

NODES = (
    replace(question("q", "Why?"), marks=Marks(labels=("Draft",))),
    replace(answer("a", "Because.", parent_id="q", cost="0.01"), marks=Marks(is_bookmarked=True)),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("why", ["q"]),
        ("label:draft", ["q"]),
        ("label:#draft model:gpt", []),
        ("label:bookmark", ["a"]),
        ("model:GPT be", ["a"]),
        ("role:you", ["q"]),
        ("cost>0.001", ["a"]),
        ("cost>1", []),
        ("cost<1", ["a"]),
        ("has:picture", []),
    ],
)
def test_filters_hold_together_with_words(typed: str, found: list[str]) -> None:
    query = read_query(typed, 0.0).query
    assert [node.id for node in NODES if fits(node, node.message.text.casefold(), query)] == found
