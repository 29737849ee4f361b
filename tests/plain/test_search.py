"""The search of all conversations in plain mode."""

from pathlib import Path

import pytest

from tests.fakes import make_services
from tests.memory_store import MemoryStore
from tests.plain.support import PlainChat
from tests.store.damaging import root_of, spoil
from tests.ui.gallery_states.words import NOW, searched_conversations
from tui_chat.core.parts import user_message
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.sqlite import SqliteStore


async def chat_with(folder: Path, *typed: str) -> PlainChat:
    store = MemoryStore()
    for conversation, nodes in searched_conversations():
        await store.add(conversation, nodes)
    services = make_services(store=store)
    vars(services.clock)["_now"] = NOW
    return PlainChat(folder, typed=typed, services=services)


async def test_a_number_opens_the_conversation_and_says_where_the_words_are(tmp_path: Path) -> None:
    plain = await chat_with(tmp_path, "/search ticket", "1")
    await plain.converse()
    assert "Found 1 in 1 conversation." in plain.said
    assert "1. Trip to Lisbon, Sat 12:00, you: “Is the lifetime of a ticket 90 days? May I borrow one?”" in plain.said
    assert plain.chat.session.conversation.id == "s1"
    assert "Found in message 2, You: Is the lifetime" in plain.said


async def test_enter_gives_five_more(tmp_path: Path) -> None:
    plain = await chat_with(tmp_path, "/search lifetime", "", "q")
    await plain.converse()
    first, _, rest = plain.said.partition("Enter for more of 8")
    assert "5. " in first
    assert "6. " not in first
    assert "6. " in rest
    assert "Nothing was chosen." in rest


async def test_filters_are_said_wrong_ones_too_and_nothing_found_names_the_archive(tmp_path: Path) -> None:
    plain = await chat_with(tmp_path, "/search zebra model:claude sinc:monday", "/search", "")
    await plain.converse()
    assert "“sinc:” is no filter. Did you mean since: ?" in plain.said
    assert "Only: model contains claude." in plain.said
    assert "Nothing has “zebra”. Archived conversations were left out: archived:yes." in plain.said


async def test_what_was_likely_meant_is_asked(tmp_path: Path) -> None:
    plain = await chat_with(tmp_path, "/search tikcet", "")
    await plain.converse()
    assert "Nothing has “tikcet”. Did you mean ticket (1)?" in plain.said


async def test_a_message_on_another_branch_is_opened_on_its_branch(tmp_path: Path) -> None:
    plain = await chat_with(tmp_path, "/search wombat", "1")
    store = plain.services.store
    nodes = [Node(id_, None, NOW, user_message(text)) for id_, text in (("a", "A wombat?"), ("b", "A bat?"))]
    await store.add(Conversation("c9", NOW, "Animals", head_id="b"), nodes)
    await plain.converse()
    assert [node.id for node in plain.chat.session.path] == ["a"]


@pytest.mark.parametrize("bad", ["\x1b[2J", "\u202e"])
async def test_what_comes_from_the_store_is_made_harmless(tmp_path: Path, bad: str) -> None:
    plain = await chat_with(tmp_path, "/search wombat", "q")
    nodes = [Node("a", None, NOW, user_message(f"A wombat {bad}"))]
    await plain.services.store.add(Conversation("c9", NOW, f"T{bad}", head_id="a"), nodes)
    await plain.converse()
    assert bad not in plain.said


async def test_a_damage_that_a_search_meets_is_told_before_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = SqliteStore(path)
    for conversation, nodes in searched_conversations():
        await store.add(conversation, nodes)
    await store.close()
    spoil(path, root_of(path, "search_index_0_data"))
    plain = PlainChat(tmp_path, typed=("/search ticket", "q"), services=make_services(store=store))
    await plain.converse()
    told, found = plain.said.partition("Found ")[::2]
    assert "The conversations file was damaged." in told
    assert found
    await store.close()
