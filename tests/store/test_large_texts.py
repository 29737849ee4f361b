"""Texts of many megabytes in the file: whole, findable, and in rows and words of a bounded size."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.parts import Message, Role, ToolCall, user_message
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.search import searchable
from tui_chat.store.sqlite import SqliteStore

CONVERSATION = Conversation("c1", 1.0, "Title", head_id="q")


@pytest.mark.parametrize("text", ["words " * 100_000, "🐎 " * 100_000, '"\\\0\x01\n' * 100_000, "漢é" * 100_000])
async def test_a_large_text_comes_back_whole_and_is_found(tmp_path: Path, text: str) -> None:
    store = SqliteStore(tmp_path / "c.db")
    node = question("q", f"needle {text}")
    await store.add(CONVERSATION, [node])

    assert (await store.load("c1"))[1] == (node,)
    assert [hit.node_id for hit in await look_for(store, "needle")] == ["q"]
    await store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "c.db")) as raw:
        assert raw.execute("SELECT DISTINCT typeof(data) FROM parts").fetchall() == [("text",)]
        assert raw.execute("SELECT DISTINCT typeof(text) FROM search_text").fetchall() == [("text",)]


async def test_a_large_text_that_is_replaced_or_deleted_is_found_no_more(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "c.db")
    await store.add(CONVERSATION, [question("q", "before " + "words " * 100_000)])
    await store.save_node("c1", question("q", "after " + "other " * 100_000))

    assert not await look_for(store, "before")
    assert not await look_for(store, "words")
    assert len(await look_for(store, "after other")) == 1
    await store.delete("c1")
    assert not await look_for(store, "other")
    await store.close()


async def test_halves_of_a_pair_in_a_large_text_become_replacement_characters(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "c.db")
    await store.add(CONVERSATION, [Node("q", None, 1.0, user_message("\ud83d" + "x" * 300_000))])

    _, (node,) = await store.load("c1")
    assert node.message.text == "\ufffd" + "x" * 300_000
    await store.close()


async def test_what_arrives_at_once_is_kept_in_rows_of_a_bounded_size(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "c.db")
    await store.add(CONVERSATION, [question("q"), answer("a", "", parent_id="q", outcome=None)])
    await store.append_journal("c1", "a", [TimedEvent(1.0, TextDelta("x" * 10_000))] * 200)

    with contextlib.closing(sqlite3.connect(tmp_path / "c.db")) as raw:
        sizes = [length for (length,) in raw.execute("SELECT length(events) FROM journal")]
    assert len(sizes) > 1
    assert max(sizes) < 1_000_000
    assert (await store.load("c1"))[1][1].message.text == "x" * 2_000_000
    await store.close()


def test_a_word_of_millions_of_characters_is_cut_up_for_the_index() -> None:
    call = ToolCall("1", "write", "x" * 5_000_000)

    words = searchable(answer("a", "short").message).split(), searchable(Message(Role.ASSISTANT, (call,))).split()
    assert words[0] == ["short"]
    assert max(map(len, words[1])) <= 30_000
    assert "".join(words[1]) == "write" + "x" * 5_000_000
