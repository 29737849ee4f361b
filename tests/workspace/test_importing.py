"""An import adds what is new, and changes and removes nothing."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.memory_store import MemoryStore
from tests.store.values import answer, question
from tui_chat.core.errors import TranscriptError
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation
from tui_chat.transcripts.json import to_json
from tui_chat.workspace.importing import import_conversation, import_file

CONVERSATION = Conversation("c1", 1.0, "Title", head_id="a")
NODES = (question(), answer())


async def test_an_import_keeps_the_ids_of_the_file() -> None:
    store = MemoryStore()
    imported = await import_conversation(store, CONVERSATION, NODES)
    assert (imported.added, imported.already, imported.has_new_ids) == (2, 0, False)
    assert await store.load("c1") == (CONVERSATION, NODES)


async def test_the_same_once_more_is_already_here() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    await store.save_conversation(replace(CONVERSATION, title="Renamed here"))
    imported = await import_conversation(store, CONVERSATION, NODES)
    assert (imported.added, imported.already) == (0, 2)
    assert len(await store.list()) == 1
    assert (await store.load("c1"))[0].title == "Renamed here"


async def test_what_has_grown_since_is_added() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    more = (*NODES, question("q2", "And?", parent_id="a"), answer("a2", parent_id="q2"))
    imported = await import_conversation(store, replace(CONVERSATION, head_id="a2"), more)
    assert (imported.added, imported.already) == (2, 2)
    conversation, nodes = await store.load("c1")
    assert (conversation.head_id, nodes) == ("a2", more)


async def test_an_older_export_takes_nothing_away() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    imported = await import_conversation(store, replace(CONVERSATION, head_id="q"), NODES[:1])
    assert (imported.added, imported.already) == (0, 1)
    assert (await store.load("c1")) == (CONVERSATION, NODES)


async def test_other_content_under_a_known_id_gets_new_ids_the_same_ones_each_time() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    other = (question(text="Other?"), answer())
    first = await import_conversation(store, CONVERSATION, other)
    second = await import_conversation(store, CONVERSATION, other)
    assert first.has_new_ids
    assert second.has_new_ids
    assert (second.added, second.already) == (0, 2)
    assert second.conversation.id == first.conversation.id != "c1"
    assert (await store.load("c1"))[1] == NODES
    assert [node.message.text for node in (await store.load(first.conversation.id))[1]] == ["Other?", "Because."]


async def test_a_conversation_without_a_message_in_common_is_another_one() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    assert (await import_conversation(store, replace(CONVERSATION, head_id="z"), (question("z"),))).has_new_ids


async def test_an_answer_that_was_being_written_is_imported_as_cut() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, (question(), answer(text="Be", outcome=None)))
    (_, cut) = (await store.load("c1"))[1]
    assert cut.answer is not None
    assert cut.answer.outcome is Outcome.TRUNCATED


async def test_an_export_from_the_middle_of_an_answer_is_no_other_content() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    imported = await import_conversation(store, CONVERSATION, (question(), answer(text="Be", outcome=None)))
    assert (imported.added, imported.already, imported.has_new_ids) == (0, 2, False)
    assert (await store.load("c1"))[1] == NODES


@pytest.mark.parametrize(("name", "file"), [("~notes.json", "~notes.json"), ("~/notes.json", "notes.json")])
async def test_a_file_is_found_by_its_name_with_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, file: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / file).write_text(to_json(Conversation("c1", 1.0), (question("q", "Hello"),)))
    assert (await import_file(MemoryStore(), Path(name))).conversations[0].conversation.id == "c1"


async def test_a_home_that_nobody_has_is_refused_in_words() -> None:
    with pytest.raises(TranscriptError, match="~nobody-of-this-name"):
        await import_file(MemoryStore(), Path("~nobody-of-this-name/notes.json"))
