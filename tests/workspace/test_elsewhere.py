"""The answer that another program is writing: followed, and nothing is sent onto the half of it."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.memory_store import MemoryStore
from tests.store.values import answer, question
from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerStarted, ReplyGrew
from tui_chat.core.media import data_url
from tui_chat.core.parts import Image, Message, Part, Reasoning, Role, Text, ToolCall, ToolResult
from tui_chat.core.reply import ReplyFold
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.tree import Conversation, Node, spending
from tui_chat.core.usage import Cost, CostSource
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.elsewhere import WORDS, catch_up, grown, so_far, written_elsewhere
from tui_chat.workspace.events import NotSent


async def store_with_half() -> MemoryStore:
    """A conversation whose answer another program is writing; half of it has come."""
    store = MemoryStore()
    await store.save_conversation(Conversation("c1", 1.0, "Title", head_id="a", model="m"))
    await store.save_node("c1", question())
    await store.save_node("c1", answer(text="", outcome=None))
    await store.append_journal("c1", "a", [TimedEvent(0.5, TextDelta("Half"))])
    return store


async def test_a_question_is_refused_while_the_half_grows_and_sent_after_its_end() -> None:
    store = await store_with_half()
    services = make_services(
        ScriptedCompleter([*opening(), TextDelta("two"), Stopped(Outcome.COMPLETE, "stop")]), store=store
    )
    conversation = OpenConversation(await Session.resume(services, "c1"))
    conversation.submit("And then?")
    (refused,) = [event async for event in conversation.follow()]
    assert isinstance(refused, NotSent)
    assert refused.text == "And then?"
    assert refused.failure is not None
    assert (refused.failure.message, len((await store.load("c1"))[1])) == (WORDS, 2)

    await store.save_node("c1", answer(text="Half and whole"))
    conversation.submit("And then?")
    assert [event async for event in conversation.follow()]
    texts = [node.message.text for node in conversation.session.path]
    assert texts == ["Why?", "Half and whole", "And then?", "two"]


async def test_one_whose_conversation_was_deleted_there_is_cut_and_one_may_go_on() -> None:
    store = await store_with_half()
    services = make_services(
        ScriptedCompleter([*opening(), TextDelta("two"), Stopped(Outcome.COMPLETE, "stop")]), store=store
    )
    conversation = OpenConversation(await Session.resume(services, "c1"))
    await store.save_node("c1", answer(text="Half and whole", cost="0.5"))
    await store.delete("c1")
    conversation.submit("And then?")
    assert any(isinstance(event, AnswerStarted) for event in [event async for event in conversation.follow()])
    _, nodes = await store.load("c1")
    assert [node.message.text for node in nodes] == ["Why?", "Half", "And then?", "two"]
    half = nodes[1].answer
    assert half is not None
    assert (half.outcome, half.cost) == (Outcome.TRUNCATED, Cost(Decimal("0.5"), CostSource.GATEWAY))
    (summary,) = await store.list()
    assert summary.spending == spending(nodes)


async def test_what_has_come_is_told_as_it_would_have_been_here() -> None:
    store = await store_with_half()
    session = await Session.resume(make_services(store=store), "c1")
    started, *events = so_far(session)
    assert isinstance(started, AnswerStarted)
    assert [event.event for event in events if isinstance(event, ReplyGrew)] == [TextDelta("Half")]

    await store.append_journal("c1", "a", [TimedEvent(0.9, TextDelta(" and"))])
    before = written_elsewhere(session)
    now = await catch_up(session)
    assert now is not None
    assert [event.event for event in grown(now, before) if isinstance(event, ReplyGrew)] == [TextDelta(" and")]
    assert session.path[-1] == now


async def test_one_that_went_on_there_is_found_behind_newer_messages() -> None:
    store = await store_with_half()
    session = await Session.resume(make_services(store=store), "c1")
    await store.save_node("c1", answer(text="Whole"))
    for at in range(6):
        await store.save_node("c1", question(f"q{at}", parent_id=f"q{at - 1}" if at else "a"))
    await store.save_conversation(Conversation("c1", 1.0, "Title", head_id="q5", model="m"))
    assert (await catch_up(session)) == session.path[-1]
    assert (session.path[-1].message.text, written_elsewhere(session)) == ("Whole", None)


PICTURE = Image(data_url("aGk=", "image/png"))


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ([], [Reasoning("hm"), Text("So"), ToolCall("call", "f", '{"a"'), ToolCall("other", "g", ""), PICTURE], 5),
        ([Reasoning("h"), Text("S")], [Reasoning("h"), Text("So"), PICTURE], 2),
        ([Text("So"), ToolCall("call", "f", '{"a"')], [Text("So"), ToolCall("call", "f", '{"a": 1}')], 1),
        ([Text("So")], [Reasoning("So")], 0),  # it was thought: only its end tells
        ([Text("So"), Text("?")], [Text("So")], 0),
        ([Text("So")], [Text("Not so")], 0),
    ],
)
def test_what_an_answer_grew_by_makes_the_one_of_the_other(
    before: Sequence[Part], now: Sequence[Part], count: int
) -> None:
    events = [event for event in grown(node_of(now), node_of(before)) if isinstance(event, ReplyGrew)]
    assert len(events) == count
    fold = ReplyFold("m")
    if not before:
        for event in events:
            fold.feed(event.event, event.at_s)
        told = fold.reply().message
        assert (told.text, [(each.name, each.arguments) for each in told.tool_calls]) == (
            "So",
            [("f", '{"a"'), ("g", "")],
        )


def node_of(parts: Sequence[Part]) -> Node:
    return Node("a", "q", 1.0, Message(Role.ASSISTANT, tuple(parts)), answer(outcome=None).answer)


def test_what_no_answer_is_made_of_is_no_growth() -> None:
    assert grown(node_of([ToolResult("call", "f", "3")]), None) == ()
