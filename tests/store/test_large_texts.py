"""Texts of many megabytes in the file: whole, findable, and in rows and words of a bounded size."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.parts import user_message
from tui_chat.core.search_query import SearchQuery
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import Conversation, Node
from tui_chat.store import index
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


async def test_a_message_too_long_for_the_index_is_found_all_the_same_and_goes_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_LONGEST", 100)
    path = tmp_path / "c.db"
    store = SqliteStore(path)
    await store.save_conversation(Conversation("c1", 1.0))
    await store.save_node("c1", question("long", "words " * 50 + "needle"))
    await store.save_node("c1", question("short", "needle"))
    assert await store.tend() == 1.0
    assert sorted(hit.node_id for hit in await look_for(store, "needle")) == ["long", "short"]
    assert (await store.search(SearchQuery(("needle",)))).indexed == 1.0
    await store.save_node("c1", question("long", "words " * 50 + "haystack"))
    assert [hit.node_id for hit in await look_for(store, "needle")] == ["short"]
    await store.delete("c1")
    assert await look_for(store, "haystack") == ()
    await store.close()
    assert b"haystack" not in path.read_bytes()


async def test_one_that_waited_and_is_too_long_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.db"
    without = SqliteStore(path, use_index=False)
    await without.save_conversation(Conversation("c1", 1.0))
    await without.save_node("c1", question("long", "words " * 50 + "needle"))
    await without.close()
    monkeypatch.setattr(index, "_LONGEST", 100)
    store = SqliteStore(path)
    while await store.tend() < 1.0:
        pass
    assert [hit.node_id for hit in await look_for(store, "needle")] == ["long"]
    assert (await store.search(SearchQuery(("needle",)))).indexed == 1.0
    await store.close()
