"""What a person does with saved conversations, in every kind of store."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.full_disk import FullDisk
from tests.memory_store import MemoryStore
from tests.store.values import answer, question
from tests.workspace.conversing import hanging
from tui_chat.chat.ports import ConversationSummary, Store
from tui_chat.chat.session import Session
from tui_chat.core.parts import user_message
from tui_chat.core.search_query import Filters, Shelf
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.conversations import Conversations, common_labels, labels_in, labels_text
from tui_chat.workspace.open_conversations import OpenConversations
from tui_chat.workspace.refusal import CommandRefused

ANSWER = [*opening(), TextDelta("Yes."), Stopped(Outcome.COMPLETE, "stop")]


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "c.db")
    for number in range(3):
        await made.add(Conversation(f"c{number}", 1.0, f"Title {number}", "m", head_id="a"), (question(), answer()))
    yield made
    await made.close()


async def opened(store: Store, id_: str = "") -> tuple[Conversations, OpenConversation]:
    services = make_services(ScriptedCompleter(ANSWER), store=store)
    session = await Session.resume(services, id_) if id_ else Session.new(services)
    conversation = OpenConversation(session)
    return Conversations(lambda: conversation), conversation


async def row(store: Store, id_: str) -> ConversationSummary:
    found = await store.summary(id_)
    assert found is not None
    return found


async def test_renaming_one_that_is_not_open_loads_none_of_it(store: Store) -> None:
    conversations, _ = await opened(store)
    assert await conversations.rename("c1", " Another\nname ") == "Renamed: Another name"
    assert (await store.load("c1"))[0].title == "Another name"
    assert (await store.load("c1"))[0].is_named


async def test_renaming_the_open_one_goes_through_its_session(store: Store) -> None:
    conversations, conversation = await opened(store, "c1")
    await conversations.rename("c1", "Another name")
    assert conversation.session.conversation.title == "Another name"
    assert (await row(store, "c1")).title == "Another name"


async def test_what_was_deleted_comes_back_the_newest_first(store: Store) -> None:
    conversations, _ = await opened(store)
    assert await conversations.delete([await row(store, "c0")]) == (
        "Deleted “Title 0”. u brings it back until you quit."
    )
    await conversations.delete([await row(store, "c1"), await row(store, "c2")])
    assert await store.list() == ()
    assert {each.id for each in await conversations.bring_back()} == {"c1", "c2"}
    assert conversations.can_bring_back
    await conversations.bring_back()
    assert len(await store.list()) == 3
    with pytest.raises(CommandRefused):
        await conversations.bring_back()


async def test_archiving_the_open_one_is_known_and_taken_back(store: Store) -> None:
    conversations, _ = await opened(store, "c1")
    assert await conversations.toggle_archived() == "Archived “Title 1”. /archive brings it back."
    assert conversations.is_archived
    assert [each.id for each in await store.list(filters=Filters(shelf=Shelf.ARCHIVED))] == ["c1"]
    assert await conversations.toggle_archived() == "Brought back “Title 1”."
    assert not conversations.is_archived


async def test_whether_one_is_archived_is_looked_up_when_it_is_opened(store: Store) -> None:
    await store.set_archived("c1", True)
    conversations, _ = await opened(store, "c1")
    await conversations.look_up()
    assert conversations.is_archived


async def test_a_title_that_another_program_gave_is_seen(store: Store) -> None:
    conversations, conversation = await opened(store, "c1")
    await store.rename("c1", "From the shell")
    await conversations.look_up()
    assert conversation.session.conversation.title == "From the shell"


async def test_a_title_from_here_that_could_not_be_saved_yet_stays() -> None:
    store = FullDisk()
    store.has_room = True
    await store.add(Conversation("c1", 1.0, "Title", "m", head_id="a"), (question(), answer()))
    conversations, conversation = await opened(store, "c1")
    store.has_room = False
    await conversation.session.rename("Mine")
    await conversations.look_up()
    assert conversation.session.conversation.title == "Mine"


async def test_what_is_not_saved_cannot_be_archived(store: Store) -> None:
    conversations, conversation = await opened(store)
    with pytest.raises(CommandRefused):
        await conversations.toggle_archived()
    async for _ in conversation.session.send(user_message("Is it?")):
        pass
    await conversations.toggle_archived()
    assert conversations.is_archived


async def test_labels_of_several_take_the_place_of_those_that_all_had(store: Store) -> None:
    await store.set_labels("c0", ("work", "old"))
    await store.set_labels("c1", ("home", "old"))
    conversations, _ = await opened(store)
    rows = [await row(store, id_) for id_ in ("c0", "c1")]
    assert common_labels(rows) == ("old",)
    assert await conversations.label(rows, "#new") == "Labelled 2 conversations: #new."
    assert [(await row(store, id_)).labels for id_ in ("c0", "c1")] == [("new", "work"), ("home", "new")]
    assert await conversations.labels() == ("home", "new", "work")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("", ()),
        ("#work  home #work", ("work", "home")),
        ("my home, #work", ("my home", "work")),
        ("my home,", ("my home",)),
        ("#", ()),
    ],
)
def test_labels_are_read_as_they_are_typed_and_written_so(text: str, labels: tuple[str, ...]) -> None:
    assert labels_in(text) == labels
    assert labels_in(labels_text(labels)) == labels


def test_labels_are_bounded() -> None:
    labels = labels_in(" ".join(f"{number}{'x' * 100}" for number in range(100)))
    assert (len(labels), max(map(len, labels))) == (20, 40)


async def test_a_conversation_is_exported_as_markdown(store: Store) -> None:
    conversations, _ = await opened(store)
    export = await conversations.export("c1")
    assert export.file.suffix == ".md"
    assert "Title 1" in export.text


async def test_deleting_one_that_is_written_out_of_sight_stops_it_and_keeps_what_had_arrived(store: Store) -> None:
    begun = asyncio.Event()
    services = make_services(ScriptedCompleter(hanging("half", begun.set)), store=store)
    told: list[object] = []
    opened = OpenConversations(lambda followed, event: told.append(event))
    conversations = Conversations(lambda: opened.shown.conversation, opened)
    busy = opened.shown
    busy.conversation.open(Session.new(services))
    busy.conversation.submit("Why?")
    following = asyncio.create_task(busy.follow())
    await begun.wait()
    opened.show(Session.new(services))
    await conversations.rename(busy.id, "Another name")
    assert busy.title == "Another name"
    assert conversations.is_answering(busy.id)
    id_, told[:] = busy.id, []
    await conversations.delete([await row(store, id_)])
    await following
    assert (opened.others, told) == ((), [])
    with pytest.raises(CommandRefused):
        await opened.before()
    await conversations.bring_back()
    _, nodes = await store.load(id_)
    assert [node.message.text for node in nodes] == ["Why?", "half"]
