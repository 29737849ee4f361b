"""A conversation that another program changes while it is open here."""

from collections.abc import Mapping
from contextlib import aclosing
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.memory_store import MemoryStore
from tests.store.values import answer, question
from tests.workspace.conversing import said
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerStarted
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.merging import Marked
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.added_elsewhere import take_added
from tui_chat.workspace.conversation import OpenConversation

DONE = Stopped(Outcome.COMPLETE, "stop")


async def test_a_question_here_leaves_the_name_and_the_system_prompt_that_were_given_there(tmp_path: Path) -> None:
    ours, other = SqliteStore(tmp_path / "c.db"), SqliteStore(tmp_path / "c.db")
    answers = [[*opening(), TextDelta(text), DONE] for text in ("one", "two", "three")]
    here = Session.new(make_services(ScriptedCompleter(*answers), store=ours))
    id_ = here.conversation.id
    _ = [event async for event in here.send(user_message("first"))]
    await here.rename("Named here")
    there = await Session.resume(make_services(ScriptedCompleter(), store=other), id_)
    await there.rename("Named there")
    await there.set_system("Be brief.")
    _ = [event async for event in here.send(user_message("second"))]
    await here.set_model("other/model")
    kept, _ = await ours.load(id_)
    assert (kept.title, kept.system, kept.model) == ("Named there", "Be brief.", "other/model")
    assert kept.head_id == here.conversation.head_id
    await ours.close()
    await other.close()


async def test_a_mark_leaves_what_was_said_since_it_was_seen_here(tmp_path: Path) -> None:
    now = 1000.0
    ours, other = SqliteStore(tmp_path / "c.db", now=lambda: now), SqliteStore(tmp_path / "c.db", now=lambda: now)
    conversation = Conversation("c1", 1.0, "T", head_id="a", model="m")
    await other.save(conversation, (question(), answer(text="Half", outcome=None)), before=None)
    now += 20  # its gateway is silent for so long that it is shown as cut
    session = await Session.resume(make_services(ScriptedCompleter(), store=ours), "c1")
    assert not session.path[-1].is_being_written
    await other.save_node("c1", answer(text="Half and whole", cost="0.5"))
    await session.mark("a", Marks(labels=("good",)))
    _, (_, kept) = await ours.load("c1")
    assert (kept.message.text, kept.marks.labels) == ("Half and whole", ("good",))
    await ours.close()
    await other.close()


async def conversing(store: MemoryStore, *answers: str) -> OpenConversation:
    """A conversation that is open here, with a question that was answered."""
    await store.add(Conversation("c1", 1.0, "T", "m", head_id="a"), (question(), answer()))
    completer = ScriptedCompleter(*([*opening(), TextDelta(text), DONE] for text in answers))
    return OpenConversation(await Session.resume(make_services(completer, store=store), "c1"), wants_title=False)


async def says_more(store: MemoryStore, end: str = "a") -> None:
    nodes = question("q2", "There?", parent_id=end), answer("a2", "There.", parent_id="q2", cost="0.5")
    await store.add(replace((await store.load("c1"))[0], head_id="a2"), nodes)


def words(conversation: OpenConversation) -> list[str]:
    return [node.message.text for node in conversation.session.path]


async def test_what_was_said_there_is_gone_on_with_here_once_it_was_looked_at() -> None:
    conversation = await conversing(store := MemoryStore(), "Here.")
    await says_more(store)
    await take_added(conversation)
    assert words(conversation) == ["Why?", "Because.", "There?", "There."]
    assert conversation.session.spending.usd == Decimal("0.5")
    conversation.submit("Here?")
    _ = [event async for event in conversation.follow()]
    assert words(conversation) == ["Why?", "Because.", "There?", "There.", "Here?", "Here."]


@pytest.mark.parametrize("turns_back", [False, True], ids=["said more here", "went back here"])
async def test_what_does_not_continue_the_path_here_is_another_branch(turns_back: bool) -> None:
    conversation = await conversing(store := MemoryStore(), "Here.")
    if turns_back:
        await conversation.session.go_to("q")
    else:
        conversation.submit("Here?")
        _ = [event async for event in conversation.follow()]
    before = words(conversation)
    await says_more(store)
    await take_added(conversation)
    assert words(conversation) == before
    assert conversation.session.tree.get("a2") is not None


async def test_a_question_goes_on_behind_what_was_said_there_though_nobody_looked() -> None:
    conversation = await conversing(store := MemoryStore(), "Here.")
    await says_more(store)
    await said(conversation, "Here?")
    assert words(conversation) == ["Why?", "Because.", "There?", "There.", "Here?", "Here."]
    assert (await store.load("c1"))[0].head_id == conversation.session.conversation.head_id


async def marks_there(store: MemoryStore, before: Marks, marks: Marks) -> None:
    await store.save((await store.load("c1"))[0], (), [Marked("q", before, marks)], before=None)


async def test_what_was_marked_there_is_marked_here_and_not_sent() -> None:
    gone = Marks(is_deleted=True, labels=("dull",))
    conversation = await conversing(store := MemoryStore(), "Here.")
    await marks_there(store, UNMARKED, gone)
    await said(conversation, "Here?")
    assert (node := conversation.session.tree.get("q")) is not None
    assert node.marks == gone
    completer = conversation.services.completer
    assert isinstance(completer, ScriptedCompleter)
    assert "Why?" not in [message.text for message in completer.requests[0].messages]
    await marks_there(store, gone, UNMARKED)
    assert await take_added(conversation)
    assert "Why?" in words(conversation)
    assert not await take_added(conversation)


async def test_marks_stay_where_the_conversation_was_deleted_there() -> None:
    conversation = await conversing(store := MemoryStore(), "Here.")
    await conversation.session.mark("a", Marks(labels=("good",)))
    await store.delete("c1")
    await said(conversation, "Here?")
    _, nodes = await store.load("c1")
    assert next(node.marks for node in nodes if node.id == "a") == Marks(labels=("good",))


async def test_what_is_marked_here_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = await conversing(store := MemoryStore())
    marks = store.marks

    async def slow(conversation_id: str) -> Mapping[str, Marks]:
        there = await marks(conversation_id)
        await conversation.session.mark("a", Marks(is_pinned=True))
        return there

    monkeypatch.setattr(store, "marks", slow)
    await take_added(conversation)
    assert conversation.session.path[-1].marks.is_pinned


async def test_nothing_is_taken_while_an_answer_is_written_here() -> None:
    conversation = await conversing(store := MemoryStore(), "Here.")
    conversation.submit("Here?")
    async with aclosing(conversation.follow()) as events:
        async for event in events:
            if isinstance(event, AnswerStarted):
                await says_more(store)
                await take_added(conversation)
                assert conversation.session.tree.get("a2") is None
    await take_added(conversation)
    assert conversation.session.tree.get("a2") is not None
    assert words(conversation) == ["Why?", "Because.", "Here?", "Here."]


async def test_a_tool_that_was_switched_off_there_is_not_offered_here_any_more() -> None:
    conversation = await conversing(store := MemoryStore(), "One.", "Two.")
    here = conversation.session
    assert not here.is_tool_off("list")
    there = await Session.resume(make_services(store=store), "c1")
    await there.switch_tools(["list"], is_off=True)
    conversation.submit("Here?")
    _ = [event async for event in conversation.follow()]
    assert here.is_tool_off("list")
    await here.switch_tools(["list"], is_off=False)
    conversation.submit("And now?")
    _ = [event async for event in conversation.follow()]
    assert not here.is_tool_off("list")


async def test_a_budget_that_was_set_there_holds_here_unless_another_was_set_here() -> None:
    conversation = await conversing(store := MemoryStore(), "One.", "Two.")
    here = conversation.session
    there = await Session.resume(make_services(store=store), "c1")
    for budget in (Decimal(2), None):
        await there.set_budget(budget)
        conversation.submit("Here?")
        _ = [event async for event in conversation.follow()]
        assert here.conversation.budget_usd == budget
    await here.set_budget(Decimal(1))
    assert (await store.load("c1"))[0].budget_usd == 1
