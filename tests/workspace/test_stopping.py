"""A turn that is stopped, closed or fails to begin: what arrived is kept, what was not sent is the person's again."""

import asyncio
import gc

import pytest
from msgspec.structs import replace

from tests.fakes import make_services
from tests.workspace.conversing import (
    FAILURE,
    ClosableCompleter,
    calling,
    completer_of,
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
)
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerStarted, ReplyGrew
from tui_chat.core.errors import Failure
from tui_chat.core.models import Catalog
from tui_chat.core.parts import Image, user_message
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.state import State
from tui_chat.workspace.submission import Queued


async def test_stopping_where_nothing_runs_stops_nothing_later() -> None:
    opening, idle, waiting = OpenConversation(), talking(saying("Hi.")), talking(calling("time"), saying("Noon."))
    await said(waiting, "when?")
    for conversation in (opening, idle, waiting):
        conversation.stop(FAILURE)
    assert await said(idle, "hello") == ["asked hello", "saved", "complete: Hi."]
    await waiting.give_result("call_time", "12:00")
    assert await followed(waiting) == ["asked again", "complete: Noon."]


async def test_stopped_in_its_midst_an_answer_keeps_what_arrived() -> None:
    conversation: OpenConversation = talking(hanging("Half", lambda: conversation.stop()), saying("Whole."))
    assert await said(conversation, "a") == ["asked a", "saved", "cancelled: Half"]
    assert state_of(conversation) is State.IDLE
    assert await said(conversation, "b") == ["asked b", "saved", "complete: Whole."]


async def test_given_up_for_a_reason_an_answer_is_cut_with_it() -> None:
    conversation: OpenConversation = talking(hanging("Half", lambda: conversation.stop(FAILURE)))
    assert await said(conversation, "a") == ["asked a", "saved", "truncated: Half"]
    info = conversation.session.path[-1].answer
    assert info is not None
    assert info.failure == FAILURE


@pytest.mark.parametrize("failure", [None, FAILURE])
async def test_stopped_before_anybody_followed_the_message_is_not_sent(failure: Failure | None) -> None:
    conversation = talking()
    conversation.submit("hello")
    conversation.stop(failure)
    assert await followed(conversation) == ["not sent: hello" + (f" ({FAILURE.message})" if failure else "")]
    assert state_of(conversation) is State.IDLE
    assert not conversation.session.path
    assert not completer_of(conversation).requests
    assert conversation.unsaved == conversation.take_unsent() == ""


SEEN = user_message("hello", (Image("data:image/png;base64,AA", "cat.png"),))


class SlowCatalog:
    """Never says which models there are."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()

    def known(self) -> Catalog:
        return Catalog((), fetched_at=0.0)

    async def cached(self) -> Catalog:
        return self.known()

    async def read(self, *, refresh: bool = False) -> Catalog:
        del refresh
        self.is_asked.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_stopped_while_it_is_looked_what_the_model_takes_nothing_is_sent() -> None:
    conversation, catalog = slow_to_begin()
    conversation.ask(SEEN)
    conversation.submit("and then?")
    following = asyncio.ensure_future(followed(conversation))
    await catalog.is_asked.wait()
    assert state_of(conversation) is State.ANSWERING
    conversation.stop()
    assert await asyncio.wait_for(following, 5) == ["not sent: hello", "given back: and then?"]


async def test_cancelled_while_it_is_looked_what_the_model_takes_the_message_can_be_taken_back() -> None:
    conversation, catalog = slow_to_begin()
    conversation.ask(SEEN)
    following = asyncio.ensure_future(followed(conversation))
    await catalog.is_asked.wait()
    assert conversation.take_unsent() == ""  # it may be sent yet
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert conversation.take_unsent() == "hello"
    assert state_of(conversation) is State.IDLE
    assert not conversation.session.path


def slow_to_begin() -> tuple[OpenConversation, SlowCatalog]:
    """A conversation of which nobody says what its model takes."""
    catalog = SlowCatalog()
    services = make_services(ClosableCompleter())
    conversation = OpenConversation(Session.new(replace(services, catalog=catalog)))
    return conversation, catalog


# Closed from outside


async def test_closed_at_the_question_it_is_in_the_tree_and_not_given_back() -> None:
    conversation = talking(hanging())
    conversation.submit("hello")
    follow = conversation.follow()
    await followed_until(follow, AnswerStarted)
    await follow.aclose()
    assert conversation.take_unsent() == ""
    assert texts(conversation) == ["hello", ""]
    assert state_of(conversation) is State.IDLE
    assert await stored(conversation) == list(conversation.session.tree.nodes())


async def test_closed_in_its_midst_an_answer_keeps_what_arrived() -> None:
    conversation = talking(hanging("Half"), saying("Whole."))
    conversation.submit("a")
    conversation.submit("b")
    follow = conversation.follow()
    async for event in follow:
        if isinstance(event, ReplyGrew) and getattr(event.event, "text", "") == "Half":
            break
    await follow.aclose()
    assert completer_of(conversation).closed == 1
    assert texts(conversation) == ["a", "Half"]
    assert outcome(conversation) is Outcome.CANCELLED
    assert conversation.outbox.messages == ("b",)
    assert conversation.take_unsent() == ""
    assert not conversation.may_go_on
    assert await stored(conversation) == list(conversation.session.tree.nodes())


async def test_a_message_that_nobody_followed_can_be_taken_back_and_is_not_sent() -> None:
    conversation = talking()
    conversation.submit("hello")
    assert conversation.take_unsent() == "hello"
    assert state_of(conversation) is State.IDLE
    assert not conversation.is_due
    assert await followed(conversation) == []
    await asyncio.wait_for(conversation.rest(), 5)


async def test_a_cancelled_follower_leaves_nothing_running() -> None:
    conversation = talking(hanging("Half"))
    conversation.submit("a")
    arrived = asyncio.Event()

    async def follow() -> None:
        async for event in conversation.follow():
            if isinstance(event, ReplyGrew):
                arrived.set()

    following = asyncio.ensure_future(follow())
    await arrived.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    gc.collect()
    await conversation.rest()
    assert state_of(conversation) is State.IDLE
    assert outcome(conversation) is Outcome.CANCELLED
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_second_follower_of_the_same_turn_gets_nothing() -> None:
    conversation = talking(hanging("Half"))
    conversation.submit("a")
    first = conversation.follow()
    await followed_until(first, AnswerStarted)
    assert not conversation.is_due
    assert await followed(conversation) == []
    assert told([event async for event in conversation.turn()]) == []
    await first.aclose()


async def test_rest_waits_for_what_waits_in_the_outbox_too() -> None:
    conversation: OpenConversation = talking(saying("1", lambda: conversation.submit("b")), saying("2"))
    conversation.submit("a")

    async def rested() -> list[str]:
        await conversation.rest()
        return texts(conversation)

    resting = asyncio.ensure_future(rested())
    await followed(conversation)
    assert await asyncio.wait_for(resting, 5) == ["a", "1", "b", "2"]


async def test_what_comes_while_a_stopped_turn_is_ending_is_given_back() -> None:
    def stop() -> None:
        conversation.stop()
        assert conversation.submit("b") == Queued()

    conversation = talking(hanging("Half", stop), saying("2"))
    assert (await said(conversation, "a"))[-1] == "given back: b"
    assert (await said(conversation, "b"))[-1] == "complete: 2"


def outcome(conversation: OpenConversation) -> Outcome | None:
    info = conversation.session.path[-1].answer
    return info.outcome if info else None
