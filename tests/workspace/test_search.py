"""What the search of all conversations says and remembers, and how filters are completed."""

import pytest

from tui_chat.chat.found import SearchHit, SearchResult
from tui_chat.core.search_query import Shelf
from tui_chat.workspace.search import (
    MOST_RECENT,
    FilterCompletion,
    Order,
    RecentSearches,
    grouped,
    nothing_words,
    result_words,
)


def hit(conversation: str, node: str, at: float) -> SearchHit:
    return SearchHit(conversation, conversation.upper(), node, at, "")


def test_hits_stand_with_their_conversation_where_its_first_one_is() -> None:
    hits = [hit("a", "1", 1.0), hit("b", "2", 9.0), hit("a", "3", 5.0)]
    assert [(group.title, [each.node_id for each in group.hits]) for group in grouped(hits)] == [
        ("A", ["1", "3"]),
        ("B", ["2"]),
    ]
    newest = grouped(hits, Order.NEWEST)
    assert [(group.title, [each.node_id for each in group.hits]) for group in newest] == [
        ("B", ["2"]),
        ("A", ["3", "1"]),
    ]


def test_what_was_found_is_said_with_its_bounds() -> None:
    hits = (hit("a", "1", 1.0),)
    assert result_words(SearchResult(hits, 1, 1), Order.BEST, 0.041) == ("1 in 1 conversation", "best first", "41 ms")
    bounded = SearchResult(hits, 2_000, 314, is_bounded=True, indexed=0.999)
    assert result_words(bounded, Order.NEWEST, 2.0) == (
        "the newest 2,000 in 314 conversations",
        "indexed 99 %",
        "results so far",
        "newest first, of the best 1",
        "2.0 s",
    )


def test_nothing_found_names_the_archive_only_where_it_was_left_out() -> None:
    assert "archived:yes" in nothing_words("a", Shelf.USED)
    assert "archived" not in nothing_words("a", Shelf.ALL)


def test_the_last_searches_are_remembered_each_once() -> None:
    recent = RecentSearches()
    for text in ("a", "b", " a ", " ", *map(str, range(9)), "b"):
        recent.note(text)
    assert recent.texts == ("b", "8", "7", "6", "5")
    assert len(recent.texts) == MOST_RECENT


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("role:", ["role:you", "role:assistant"]),
        ("x Role:t", ["x Role:tool", None]),
        ("has:p", ["has:picture", None]),
        ("label:wo", ["label:work", "label:world"]),
        ("label:ORK", ["label:work", None]),
        ("label:zzz", [None]),
        ("role:you", [None]),
        ("std::vector", [None]),
        ("words", [None]),
        ("role:you more", [None]),
    ],
)
def test_a_value_is_completed_and_then_the_next(text: str, taken: list[str | None]) -> None:
    completion = FilterCompletion()
    values = {"label:": ["work", "world", "two words", "bad\x1b"]}
    for expected in taken:
        found = completion.next(text, values)
        assert found == expected
        text = found or text
