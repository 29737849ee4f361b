"""The open conversation as a whole: what is on disk when, several at once, and what it says of itself."""

import asyncio
from collections.abc import AsyncGenerator

from tests.memory_store import MemoryStore
from tests.workspace.conversing import (
    FailingStore,
    calling,
    completer_of,
    ending,
    followed,
    followed_until,
    hanging,
    said,
    saying,
    state_of,
    stored,
    talking,
    texts,
    told,
    until,
)
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerStarted
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent, QuestionSaved
from tui_chat.workspace.state import State

# What is on disk


async def test_a_question_is_called_saved_exactly_where_it_is_on_disk() -> None:
    conversation = talking(saying("Hi."))
    conversation.submit("hello")
    on_disk: list[tuple[str, bool]] = []
    async for event in conversation.follow():
        if isinstance(event, AnswerStarted):
            assert conversation.unsaved == "hello"
            on_disk.append(("asked", bool(await conversation.services.store.list())))
        elif isinstance(event, QuestionSaved):
            question, *_ = await stored(conversation)
            assert question.id == event.node_id
            on_disk.append(("saved", question.message.text == "hello"))
            assert not completer_of(conversation).requests
    assert on_disk == [("asked", False), ("saved", True)]
    assert conversation.unsaved == ""


async def test_no_question_is_called_saved_while_the_disk_is_full() -> None:
    conversation = talking(saying("1"), saying("2"), store=FailingStore())
    assert await said(conversation, "a") == ["asked a", "notice: The disk is full.", "complete: 1"]
    # The failure is said once, and holds all the same.
    assert await said(conversation, "b") == ["asked b", "complete: 2"]
    assert texts(conversation) == ["a", "1", "b", "2"]


async def test_a_question_is_called_saved_late_where_the_disk_has_room_again_late() -> None:
    store = FailingStore()

    def make_room() -> None:
        store.is_full = False

    conversation = talking(saying("1", make_room), saying("2"), store=store)
    assert await said(conversation, "a") == ["asked a", "notice: The disk is full.", "saved", "complete: 1"]
    assert await said(conversation, "b") == ["asked b", "saved", "complete: 2"]
    assert await stored(conversation) == list(conversation.session.tree.nodes())


async def test_a_question_is_called_saved_also_where_something_else_could_not_be_saved_before() -> None:
    store = FailingStore(is_full=False)
    conversation = talking(saying("1"), saying("2"), store=store)
    await said(conversation, "a")
    store.is_full = True
    await conversation.session.rename("Another title")
    store.is_full = False
    assert await said(conversation, "b") == ["asked b", "saved", "notice: The disk is full.", "complete: 2"]


async def test_of_a_temporary_conversation_nothing_is_written_until_it_is_kept() -> None:
    conversation = talking(saying("1"), saying("2"), is_temporary=True)
    assert conversation.is_temporary
    assert await said(conversation, "a") == ["asked a", "complete: 1"]
    assert not await conversation.services.store.list()
    await conversation.session.keep()
    assert not conversation.is_temporary
    assert await stored(conversation) == list(conversation.session.tree.nodes())
    assert await said(conversation, "b") == ["asked b", "saved", "complete: 2"]


async def test_a_conversation_that_is_kept_in_the_midst_of_an_answer_has_its_question_on_disk() -> None:
    conversation = talking(saying("Half", "whole"), is_temporary=True)
    conversation.submit("a")
    events = []
    async for event in conversation.follow():
        if isinstance(event, AnswerStarted):
            assert conversation.unsaved == "a"
        elif conversation.is_temporary:
            await conversation.session.keep()
        events.append(event)
    assert told(events) == ["asked a", "saved", "complete: Halfwhole"]
    assert await stored(conversation) == list(conversation.session.tree.nodes())


def test_whether_it_is_temporary_is_known_before_it_is_open() -> None:
    assert OpenConversation(is_temporary=True).is_temporary
    assert not OpenConversation().is_temporary


# Turns


async def test_a_question_is_answered_once_more_also_by_another_model() -> None:
    conversation = talking(ending(Outcome.ERROR), saying("2"), saying("3"))
    await said(conversation, "a")
    conversation.retry()
    assert await followed(conversation) == ["asked again", "complete: 2"]
    conversation.retry("other/model")
    assert await followed(conversation) == ["asked again", "complete: 3"]
    assert [request.model for request in completer_of(conversation).requests] == [*["test/model"] * 2, "other/model"]
    assert texts(conversation) == ["a", "3"]
    assert len(conversation.session.tree.siblings(conversation.session.path[-1].id)) == 3
    assert conversation.session.conversation.model == "test/model"


async def test_what_is_submitted_while_it_is_answered_again_waits() -> None:
    conversation: OpenConversation = talking(saying("1"), saying("2", lambda: conversation.submit("b")), saying("3"))
    await said(conversation, "a")
    conversation.retry()
    await followed(conversation)
    assert texts(conversation) == ["a", "2", "b", "3"]


async def test_retry_can_be_stopped_before_it_begins() -> None:
    conversation = talking(saying("1"))
    await said(conversation, "a")
    conversation.retry()
    conversation.stop()
    assert await followed(conversation) == ["not sent: "]
    assert texts(conversation) == ["a", "1"]


async def test_a_whole_message_is_asked_as_it_is() -> None:
    conversation = talking(saying("Hi."))
    conversation.ask(user_message("/etc and @nobody"))
    assert await followed(conversation) == ["asked /etc and @nobody", "saved", "complete: Hi."]


async def test_a_failed_answer_is_an_event_and_the_conversation_goes_on() -> None:
    conversation = talking(ending(Outcome.ERROR, "Half"), saying("2"))
    assert await said(conversation, "a") == ["asked a", "saved", "error: Half"]
    assert state_of(conversation) is State.IDLE
    assert not conversation.may_go_on
    assert await said(conversation, "b") == ["asked b", "saved", "complete: 2"]
    assert conversation.may_go_on


# Several


async def test_several_conversations_live_at_once_over_the_same_services() -> None:
    begun = [asyncio.Event(), asyncio.Event()]
    first = talking(*(hanging(f"answer {number}", event.set) for number, event in enumerate(begun)), calling("time"))
    second, third = (OpenConversation(Session.new(first.services)) for _ in range(2))
    all_three = (first, second, third)
    for conversation, text in zip(all_three, "abc", strict=True):
        conversation.submit(text)
    follows = [conversation.follow() for conversation in all_three]
    for follow in follows:
        await followed_until(follow, QuestionSaved)
    assert {conversation.state for conversation in all_three} == {State.ANSWERING}
    rests = asyncio.gather(*(_rest_of(follow) for follow in follows))
    for conversation, event in zip((first, second), begun, strict=True):
        await until(event)
        conversation.stop()
    assert await rests == [["cancelled: answer 0"], ["cancelled: answer 1"], ["calls time", "complete"]]
    assert [conversation.state for conversation in all_three] == [State.IDLE, State.IDLE, State.WAITING]
    assert [texts(conversation)[0] for conversation in all_three] == ["a", "b", "c"]
    assert [len(conversation.calls.calls) for conversation in all_three] == [0, 0, 1]
    for conversation in all_three:
        assert await stored(conversation) == list(conversation.session.tree.nodes())


async def _rest_of(follow: AsyncGenerator[ConversationEvent, None]) -> list[str]:
    return told([event async for event in follow])


async def test_one_that_is_stopped_does_not_stop_the_others() -> None:
    has_begun = asyncio.Event()
    first: OpenConversation = talking(hanging("first", has_begun.set), saying("second", lambda: first.stop(), "whole"))
    second = OpenConversation(Session.new(first.services))
    first.submit("a")
    following = asyncio.ensure_future(followed(first))
    await until(has_begun)
    assert await said(second, "b") == ["asked b", "saved", "complete: secondwhole"]
    assert await following == ["asked a", "saved", "cancelled: first"]


async def test_resumed_it_goes_on_where_it_was_left() -> None:
    store = MemoryStore()
    before = talking(saying("1"), saying("2"), store=store)
    await said(before, "a")
    after = OpenConversation(await Session.resume(before.services, before.session.conversation.id))
    assert state_of(after) is State.IDLE
    assert await said(after, "b") == ["asked b", "saved", "complete: 2"]
    assert texts(after) == ["a", "1", "b", "2"]
