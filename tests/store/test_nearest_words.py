"""What was meant by words that are in no message."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.values import question
from tui_chat.core.search_query import SearchQuery
from tui_chat.core.tree import Conversation
from tui_chat.store.nearest_words import nearest_words
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.search import find

TEXT = "Lifetimes of references are generous in Größe; 漢字 too. Lifetime 42."


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(tmp_path / "conversations.db")
    await made.save_conversation(Conversation("c1", 1.0))
    await made.save_node("c1", question("a", TEXT))
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lifetmie", "lifetime"),
        ("gnerous lifetimes", "generous lifetimes"),
        ("refrences Lifetmies", "references lifetimes"),
        ("lifetimes", ""),
        ("refer", ""),  # the beginning of a word is known
        ("grose", "große"),  # as the index has Größe
        ("xylophone", ""),
        ("generous xylophone", ""),
        ("漢語", ""),
        ("43", ""),
        ("C++", ""),
    ],
)
async def test_an_unknown_word_is_replaced_by_the_most_similar_known_one(
    store: SqliteStore, typed: str, meant: str
) -> None:
    assert await store.nearest_words(typed.split()) == tuple(meant.split())


async def test_what_was_meant_is_told_with_how_often_it_is_found(store: SqliteStore) -> None:
    result = await find(store, SearchQuery(("lifetmie",)))
    assert result.meant is not None
    assert (result.meant.words, result.meant.found) == (("lifetime",), 1)


async def test_a_word_that_only_a_deleted_conversation_has_is_not_told(store: SqliteStore) -> None:
    await store.hide("c1")
    assert (await find(store, SearchQuery(("lifetmie",)))).meant is None


async def test_where_nothing_may_be_written_nothing_is_guessed_and_nothing_fails(store: SqliteStore) -> None:
    connection = sqlite3.connect(store.path)
    connection.execute("PRAGMA query_only = ON")
    assert nearest_words(connection, ("lifetmie",)) == ()
    connection.close()


async def test_without_an_index_nothing_is_guessed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "other.db", use_index=False)
    assert await store.nearest_words(("lifetmie",)) == ()
    await store.close()
