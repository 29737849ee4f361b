"""An import adds what is new, and changes and removes nothing."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.memory_store import MemoryStore
from tests.store.values import answer, conversations, question
from tests.transcripts.importers.exports import chatgpt
from tui_chat.core.errors import StoreError, TranscriptError
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.marks import Marks
from tui_chat.core.parts import Message, Part, ToolCall
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.sqlite import SqliteStore
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.jsonl import to_jsonl
from tui_chat.transcripts.soundness import with_sound_labels
from tui_chat.workspace.importing import file_words, import_conversation, import_file, notes_on, opening_words

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


async def test_a_conversation_that_is_here_stays_filed_as_it_is() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES, Filed(("home",)))
    more = (*NODES, question("q2", "And?", parent_id="a"))
    await import_conversation(store, CONVERSATION, more, Filed(("work",), is_archived=True))
    (row,) = await store.list()
    assert (row.messages, row.filed) == (3, Filed(("home",)))


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


async def test_who_names_a_folder_is_asked_for_a_file_and_not_to_put_another_in_its_place(tmp_path: Path) -> None:
    for place in (tmp_path, Path("/dev/null")):
        with pytest.raises(TranscriptError) as refused:
            await import_file(MemoryStore(), place)
        assert refused.value.failure.advice.startswith("Give the path of a file")


async def test_a_home_that_nobody_has_is_refused_in_words() -> None:
    with pytest.raises(TranscriptError, match="~nobody-of-this-name"):
        await import_file(MemoryStore(), Path("~nobody-of-this-name/notes.json"))


@settings(max_examples=settings().max_examples // 4, suppress_health_check=list(HealthCheck))
@given(conversations(), st.sampled_from([to_json, to_jsonl]))
def test_export_delete_import_export_gives_the_same_bytes(
    saved: tuple[Conversation, tuple[Node, ...]], write: Callable[[Conversation, Sequence[Node], Filed], str]
) -> None:
    async def around() -> None:
        store = SqliteStore(Path(folder, "conversations.db"))
        filed = Filed(("home", "work"), is_archived=True)
        await store.add(*made_sound(saved), filed)
        before = write(*await store.load("c1"), filed)
        file = Path(folder, "export.json")
        await asyncio.to_thread(file.write_text, before, "utf-8", newline="")
        await store.delete("c1")
        imported = await import_file(store, file)
        assert write(*await store.load("c1"), (await store.find("c1")).filed) == before
        assert (imported.left_out, imported.already, await store.spent()) == ((), 0, ())
        again = await import_file(store, file)
        assert (again.added, again.already) == (0, len(saved[1]))
        assert not again.conversations[0].has_new_ids
        await store.close()

    with TemporaryDirectory() as folder:
        asyncio.run(around())


def made_sound(saved: tuple[Conversation, tuple[Node, ...]]) -> tuple[Conversation, tuple[Node, ...]]:
    """The conversation without what no import takes: parameters that act, labels as nobody types them, and two calls
    of one id in an answer."""
    conversation, nodes = saved
    sampling = replace(conversation.sampling, extra=())
    sound = []
    for node in with_sound_labels(nodes)[0]:
        calls: dict[str, Part] = {part.id: part for part in node.message.tool_calls}
        parts = tuple(part for part in node.message.parts if not isinstance(part, ToolCall) or calls[part.id] is part)
        sound.append(replace(node, message=Message(node.message.role, parts)))
    told = replace(conversation, sampling=sampling, preset="", preset_sampling=Sampling(), preset_tools=None)
    return told, tuple(sound)


@pytest.mark.parametrize("write", [to_json, to_jsonl])
async def test_a_preset_that_is_left_out_of_an_import_acts_in_nothing(
    tmp_path: Path, write: Callable[[Conversation, Sequence[Node]], str]
) -> None:
    of_preset = Sampling(temperature=0.2, max_tokens=9, extra=(("top_k", "4"),))
    for number, preset in enumerate(("short", "")):
        told = Conversation(
            f"p{number}", 1.0, sampling=Sampling(top_p=0.5), preset=preset, preset_sampling=of_preset, preset_tools=()
        )
        file = tmp_path / f"{number}.json"
        file.write_text(write(told, (question("q", "Hello"),)))

        imported = await import_file(store := MemoryStore(), file)

        (saved, _) = await store.load(told.id)
        assert (saved.preset, saved.preset_tools) == ("", None)
        assert saved.sampling_over(Sampling(seed=1)) == Sampling(top_p=0.5, seed=1)
        assert "presets that would act" in str(imported.left_out)


async def test_marks_that_were_made_here_since_are_no_other_content() -> None:
    store = MemoryStore()
    await import_conversation(store, CONVERSATION, NODES)
    await store.save_node("c1", replace(NODES[1], marks=Marks(is_muted=True)))
    imported = await import_conversation(store, CONVERSATION, NODES)
    assert (imported.added, imported.already, imported.has_new_ids) == (0, 2, False)
    assert (await store.load("c1"))[1][1].marks.is_muted


async def test_a_conversation_that_cannot_be_saved_leaves_those_before_it_whole(tmp_path: Path) -> None:
    export = [{**chatgpt(), "conversation_id": f"c{number}"} for number in range(3)]
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps(export))
    store = FullStore(1)
    with pytest.raises(StoreError, match="1 conversation came in whole") as caught:
        await import_file(store, file)
    assert "import the file again" in caught.value.failure.advice
    assert [row.messages for row in await store.list()] == [9]


class FullStore(MemoryStore):
    """Has room for so many conversations."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    async def add(self, conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> None:
        """Add it where there is room."""
        if self._room == 0:
            raise StoreError("The disk is full.", "Make room.")
        self._room -= 1
        await super().add(conversation, nodes, filed)


async def test_progress_tells_the_share_of_the_conversations(tmp_path: Path) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([{**chatgpt(), "conversation_id": f"c{number}"} for number in range(4)]))
    shares: list[float] = []
    await import_file(MemoryStore(), file, shares.append)
    assert list(dict.fromkeys(shares)) == [0.0, 0.125, 0.375, 0.625, 0.875]


async def test_what_is_left_out_and_grown_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([{**chatgpt(), "conversation_id": f"c{number}"} for number in range(2)]))
    store = MemoryStore()
    imported = await import_file(store, file)
    assert file_words(imported) == "2 conversations (18 messages)"
    assert opening_words(imported) == "/resume finds them."
    hidden, pictures = notes_on(imported)
    assert hidden.startswith("Left out: Hidden messages")
    assert hidden.endswith(": 4")
    assert pictures.endswith(": 4")
    assert file_words(await import_file(store, file)) == "2 conversations (all of them already here)"
