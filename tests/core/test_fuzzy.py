"""Fuzzy matching: which texts match, which come first, and at what price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import counted
from tui_chat.core.fuzzy import Reach, match, rank

MODELS = (
    "openai/gpt-4o",
    "openai/gpt-4o-mini",
    "anthropic/claude-3.5-sonnet",
    "meta-llama/llama-3.3-70b-instruct",
    "google/gemini-2.0-flash",
)


def best(query: str, items: tuple[str, ...] = MODELS) -> str:
    return rank(query, items, str)[0][1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gpt", "openai/gpt-4o"),
        ("mini", "openai/gpt-4o-mini"),
        ("gpt4om", "openai/gpt-4o-mini"),
        ("cs", "anthropic/claude-3.5-sonnet"),
        ("sonnet anthropic", "anthropic/claude-3.5-sonnet"),
        ("l70", "meta-llama/llama-3.3-70b-instruct"),
        ("gflash", "google/gemini-2.0-flash"),
    ],
)
def test_what_was_meant_comes_first(query: str, expected: str) -> None:
    assert best(query) == expected


@pytest.mark.parametrize(
    ("query", "text", "reaches"),
    [
        ("letter", "Why is the sky blue, and the sun at evening red", {Reach.LETTERS}),
        ("theme", "Theme", set(Reach)),
        ("theme", "Choose a theme", set(Reach)),
        ("setngs", "Settings", {Reach.LETTERS, Reach.WORDS}),
        ("lc", "Last conversation", {Reach.LETTERS, Reach.WORDS}),
        ("lue", "Why is the sky blue", {Reach.LETTERS, Reach.WORDS}),
    ],
)
def test_titles_are_found_by_words_and_sentences_by_their_beginnings(
    query: str, text: str, reaches: set[Reach]
) -> None:
    assert {reach for reach in Reach if match(query, text, reach) is not None} == reaches


def test_words_match_in_any_order() -> None:
    assert match("mini gpt", "openai/gpt-4o-mini") is not None
    assert match("mini claude", "openai/gpt-4o-mini") is None


def test_a_capital_minds_the_case_and_small_letters_do_not() -> None:
    assert match("llama", "Meta Llama") is not None
    assert match("Llama", "meta llama") is None


def test_the_beginning_of_a_word_counts_more_than_its_middle() -> None:
    assert best("mini", ("gemini", "gpt-mini")) == "gpt-mini"


def test_letters_together_count_more_than_letters_apart() -> None:
    assert best("abc", ("axbxcx", "xxabcx")) == "xxabcx"


def test_of_equals_the_shorter_then_the_earlier_comes_first() -> None:
    assert [item for _, item, _ in rank("a", ("a-longer", "a", "a"), str)] == ["a", "a", "a-longer"]
    ranked = rank("x", [("x", 1), ("x", 2)], lambda pair: pair[0])
    assert [item[1] for _, item, _ in ranked] == [1, 2]


def test_an_empty_query_keeps_everything_in_its_order() -> None:
    assert rank("  ", MODELS, str) == [(0, model, ()) for model in MODELS]


def test_letters_that_change_their_number_when_lowered_keep_positions_right() -> None:
    found = match("x", "İİx")
    assert found is not None
    assert found.positions == (2,)


@given(st.text(max_size=30), st.text(max_size=60))
def test_positions_are_ascending_places_of_the_querys_letters(query: str, text: str) -> None:
    found = match(query, text)
    if found is None:
        return
    assert list(found.positions) == sorted(set(found.positions))
    assert all(0 <= at < len(text) for at in found.positions)
    letters = {text[at] for at in found.positions} | {text[at].lower() for at in found.positions}
    assert all(letter in letters for letter in "".join(query.split()))


@given(st.text(min_size=1, max_size=40), st.data())
def test_every_subsequence_matches(text: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    query = "".join(letter for letter, keep in zip(text, kept, strict=True) if keep)
    if query == query.lower() and text == text.lower():
        assert match(query, text) is not None


@pytest.mark.parametrize("query", ["a", "gpt mini", "gm2fl", "oaigpt4"])
def test_twenty_thousand_models_are_ranked_between_two_keys(query: str) -> None:
    models = [f"{MODELS[place % len(MODELS)]}-{place}" for place in range(20_000)]
    with counted() as work:
        rank(query, models, str)
    assert work.calls < 60 * len(models)
