"""A conversation that another program deletes while it is open here."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.store.values import answer, question
from tui_chat.chat.ports import ConversationSummary
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import Notice, ReplyGrew, SessionEvent
from tui_chat.chat.titles import GivenTitle
from tui_chat.core.errors import DELETED
from tui_chat.core.filed import Filed
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.tree import Conversation, spending
from tui_chat.core.usage import Cost, CostSource
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.conversations import Conversations

DONE = Stopped(Outcome.COMPLETE, "stop")


async def said(session: Session, words: str) -> list[str]:
    """Send these, and return the codes of what the person is told."""
    events: list[SessionEvent] = [event async for event in session.send(user_message(words))]
    return [event.failure.code or "" for event in events if isinstance(event, Notice)]


async def words_of(store: SqliteStore, id_: str) -> list[str]:
    _, nodes = await store.load(id_)
    return [node.message.text for node in nodes]


@pytest.mark.parametrize("is_undoable", [False, True], ids=["at once", "until it ends"])
async def test_what_is_said_in_it_brings_all_of_it_back_and_the_person_is_told_once(
    tmp_path: Path, is_undoable: bool
) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    answers = [[*opening(), TextDelta(text), DONE] for text in ("one", "two", "three")]
    session = Session.new(make_services(ScriptedCompleter(*answers), store=ours))
    id_ = session.conversation.id
    assert await said(session, "first") == []
    await (other.hide(id_) if is_undoable else other.delete(id_))
    assert await said(session, "second") == [DELETED]
    assert await said(session, "third") == []
    await other.close()  # what it has hidden is removed here
    assert await words_of(ours, id_) == ["first", "one", "second", "two", "third", "three"]
    await ours.close()


@pytest.mark.parametrize("is_undoable", [False, True], ids=["at once", "until it ends"])
async def test_an_answer_that_is_being_written_is_kept_with_its_question(tmp_path: Path, is_undoable: bool) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    arrived, goes_on = TextDelta("half an "), asyncio.Event()
    session = Session.new(
        make_services(ScriptedCompleter([*opening(), arrived, goes_on, TextDelta("answer"), DONE]), store=ours)
    )
    id_ = session.conversation.id
    told: list[str] = []
    async for event in session.send(user_message("a question")):
        if isinstance(event, Notice):
            told.append(event.failure.code or "")
        if isinstance(event, ReplyGrew) and event.event == arrived:
            await (other.hide(id_) if is_undoable else other.delete(id_))
            await other.close()
            goes_on.set()
    assert told == [DELETED]
    assert await words_of(ours, id_) == ["a question", "half an answer"]
    await ours.close()


async def test_an_answer_of_the_other_comes_back_as_it_was_seen_with_what_it_was_billed(tmp_path: Path) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    growing = answer(text="Half", outcome=None)
    await other.save(Conversation("c1", 1.0, "T", head_id="a", model="m"), (question(), growing), before=None)
    session = await Session.resume(make_services(ScriptedCompleter(), store=ours), "c1")
    await other.save_node("c1", answer(text="Half and whole", cost="0.5"))
    await other.delete("c1")
    await session.rename("Mine")
    _, (_, half) = await ours.load("c1")
    assert half.answer is not None
    assert (half.message.text, half.answer.outcome) == ("Half", Outcome.TRUNCATED)
    assert half.answer.cost == Cost(Decimal("0.5"), CostSource.GATEWAY)
    (summary,) = await ours.list()
    assert summary.spending == spending((half,))
    await ours.close()
    await other.close()


async def test_a_title_that_comes_late_does_not_bring_it_back(tmp_path: Path) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    services = make_services(ScriptedCompleter([*opening(), TextDelta("one"), DONE]), store=ours)
    session = Session.new(services)
    await said(session, "first")
    await other.delete(session.conversation.id)
    await session.take_title(GivenTitle("A title"))
    assert await ours.list() == ()
    assert services.unsaved.take_unsaid() is None
    await session.rename("Mine")
    told = services.unsaved.take_unsaid()
    assert told is not None
    assert told.code == DELETED
    assert await words_of(ours, session.conversation.id) == ["first", "one"]
    await ours.close()
    await other.close()


async def opened_and_filed(ours: SqliteStore, other: SqliteStore) -> tuple[Conversations, Session]:
    """A conversation with a label that is open here."""
    await other.add(Conversation("c1", 1.0, "T", head_id="a", model="m"), (question(), answer()), Filed(("work",)))
    session = await Session.resume(make_services(ScriptedCompleter(), store=ours), "c1")
    opened = OpenConversation(session)
    return Conversations(lambda: opened), session


async def summary_of(store: SqliteStore) -> ConversationSummary:
    found = await store.summary("c1")
    assert found is not None
    return found


@pytest.mark.parametrize("is_undoable", [False, True], ids=["at once", "until it ends"])
@pytest.mark.parametrize("deed", ["nothing", "label", "archive"])
async def test_it_comes_back_with_its_labels_and_into_the_archive(tmp_path: Path, deed: str, is_undoable: bool) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    conversations, session = await opened_and_filed(ours, other)
    await conversations.look_up()
    match deed:
        case "label":
            await conversations.label([await summary_of(ours)], "#home")
        case "archive":
            await conversations.toggle_archived()
    filed = (await summary_of(ours)).filed
    assert filed == Filed(("home",) if deed == "label" else ("work",), deed == "archive")
    await (other.hide("c1") if is_undoable else other.delete("c1"))
    await conversations.look_up()
    await session.rename("Mine")
    assert (await summary_of(ours)).filed == filed
    await ours.close()
    await other.close()


async def test_archiving_it_brings_it_back_into_the_archive(tmp_path: Path) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    conversations, session = await opened_and_filed(ours, other)
    await conversations.look_up()
    await other.delete("c1")
    assert await conversations.toggle_archived() == "Archived “T”. /archive brings it back."
    assert (await summary_of(ours)).filed == Filed(("work",), is_archived=True)
    told = session.services.unsaved.take_unsaid()
    assert told is not None
    assert told.code == DELETED
    await ours.close()
    await other.close()


def move_away(folder: Path) -> None:
    for path in folder.glob("c.db*"):
        path.rename(folder / f"away-{path.name}")


async def test_in_another_file_that_took_the_place_of_its_own_it_is_filed_as_before(tmp_path: Path) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    conversations, session = await opened_and_filed(ours, other)
    await conversations.look_up()
    await other.close()
    move_away(tmp_path)
    other = SqliteStore(tmp_path / "c.db")
    await other.add(Conversation("c2", 1.0, "T", head_id="a", model="m"), (question(), answer()))
    await session.rename("Mine")
    assert (await summary_of(other)).filed == Filed(("work",))
    assert await words_of(other, "c1") == await words_of(other, "c2")
    await ours.close()
    await other.close()
