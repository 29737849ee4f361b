"""What could not be saved is saved again."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tests.full_disk import FullDisk
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.core.errors import TranscriptError
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.transcripts.importing import from_json
from tui_chat.workspace.saving import NotSaved, SavedAgain, Saving


def answer(words: str) -> list[Step]:
    return [*opening(), TextDelta(words), Stopped(Outcome.COMPLETE, "stop")]


async def asked(services: Services, words: str) -> Session:
    session = Session.new(services)
    async for _ in session.send(user_message(words)):
        pass
    return session


async def test_it_is_tried_again_until_there_is_room_and_said_once_each_way() -> None:
    store = FullDisk()
    services = make_services(ScriptedCompleter(answer("one")), store=store)
    saving = Saving(services.unsaved, first_wait_s=0.001)
    begun: list[str] = []
    services.unsaved.when_owed(lambda: begun.append("owed"))
    session = await asked(services, "hello")
    assert saving.is_owed
    assert begun == ["owed"]
    async with aclosing(saving.news()) as news:
        assert isinstance(await anext(news), NotSaved)
        second = asyncio.ensure_future(anext(news))
        await store.tried(3)
        assert not second.done()
        store.has_room = True
        assert await second == SavedAgain()
    assert not saving.is_owed
    _, nodes = await store.load(session.conversation.id)
    assert [node.message.text for node in nodes] == ["hello", "one"]


async def test_a_conversation_that_was_left_is_saved_too() -> None:
    store = FullDisk()
    services = make_services(ScriptedCompleter(answer("one"), answer("two")), store=store)
    for words in ("first", "second"):
        await asked(services, words)
    saving = Saving(services.unsaved)
    assert not await saving.save(1.0)
    assert "2 conversations" in saving.words
    assert "The disk is full." in saving.words
    store.has_room = True
    assert await saving.save(1.0)
    assert len(await store.list()) == 2


async def test_a_change_between_turns_is_owed_as_well() -> None:
    store = FullDisk()
    store.has_room = True
    services = make_services(ScriptedCompleter(answer("one")), store=store)
    session = await asked(services, "hello")
    store.has_room = False
    await session.rename("A name")
    saving = Saving(services.unsaved)
    assert saving.is_owed
    store.has_room = True
    assert await saving.save(1.0)
    assert (await store.list())[0].title == "A name"


async def test_a_temporary_conversation_owes_nothing() -> None:
    services = make_services(ScriptedCompleter(answer("one")), store=FullDisk())
    session = Session.new(services, is_temporary=True)
    async for _ in session.send(user_message("hello")):
        pass
    assert not Saving(services.unsaved).is_owed


async def test_a_store_that_hangs_is_not_waited_for() -> None:
    store = FullDisk()
    services = make_services(ScriptedCompleter(answer("one")), store=store)
    await asked(services, "hello")

    async def hang(conversation: object) -> None:
        await asyncio.Event().wait()

    store.save_conversation = hang  # type: ignore[method-assign]
    assert not await Saving(services.unsaved).save(0.001)


async def test_what_another_file_lacks_is_written_to_it_whole() -> None:
    store = FullDisk()
    store.has_room = True
    services = make_services(ScriptedCompleter(answer("one"), answer("two")), store=store)
    session = await asked(services, "hello")
    store.forgets = True
    async for _ in session.send(user_message("again")):
        pass
    _, nodes = await store.load(session.conversation.id)
    assert [node.message.text for node in nodes] == ["hello", "one", "again", "two"]
    assert not Saving(services.unsaved).is_owed


async def test_it_can_be_written_to_another_place_and_imported_again(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("one"), answer("two")), store=FullDisk())
    sessions = [await asked(services, words) for words in ("first", "second")]
    files = await Saving(services.unsaved).export(str(tmp_path / "kept.json"))
    assert [file.name for file in files] == ["kept.json", "kept-2.json"]
    for file, session in zip(files, sessions, strict=True):
        document = from_json(file.read_bytes())
        assert (document.conversation, document.nodes) == (session.conversation, session.tree.nodes())
    with pytest.raises(TranscriptError):
        await Saving(services.unsaved).export(str(tmp_path / "kept.json"))


async def test_a_front_end_that_only_reads_lines_tries_when_it_is_due() -> None:
    store = FullDisk()
    services = make_services(ScriptedCompleter(answer("one")), store=store)
    saving = Saving(services.unsaved, first_wait_s=0.0)
    await saving.save_if_due(1.0)
    await asked(services, "hello")
    for _ in range(2):
        await saving.save_if_due(1.0)
        assert saving.is_owed
    store.has_room = True
    await saving.save_if_due(1.0)
    assert not saving.is_owed
