"""What can be done with messages that wait, and what becomes of them when a turn ends."""

import pytest

from tests.workspace.conversing import (
    calling,
    ending,
    followed,
    followed_until,
    hanging,
    said,
    saying,
    state_of,
    talking,
    texts,
)
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import OutboxChanged
from tui_chat.workspace.state import State
from tui_chat.workspace.submission import Queued


def submitting(conversation: OpenConversation, *waiting: str) -> None:
    for text in waiting:
        assert conversation.submit(text) == Queued()


async def test_a_message_that_is_taken_out_to_be_changed_has_its_place_again() -> None:
    def change() -> None:
        submitting(conversation, "b", "c", "d")
        assert conversation.outbox.take(1) == "c"
        submitting(conversation, "C")

    conversation = talking(saying("1", change), *(saying(str(number)) for number in (2, 3, 4)))
    await said(conversation, "a")
    assert texts(conversation)[::2] == ["a", "b", "C", "d"]


async def test_messages_are_sent_in_the_order_that_they_were_moved_to() -> None:
    def reorder() -> None:
        submitting(conversation, "b", "c", "d")
        assert conversation.outbox.move(2, 0) == 0
        assert conversation.outbox.remove(1) == "b"

    conversation = talking(saying("1", reorder), saying("2"), saying("3"))
    assert await said(conversation, "a") == [
        *("asked a", "saved", "complete: 1"),
        "waiting: c",
        *("asked d", "saved", "complete: 2"),
        "waiting",
        *("asked c", "saved", "complete: 3"),
    ]


async def test_send_now_stops_the_answer_and_leaves_the_others_waiting() -> None:
    def now() -> None:
        submitting(conversation, "b", "c")
        conversation.send_now(1)

    conversation = talking(hanging("Half", now), saying("C."), saying("B."))
    assert await said(conversation, "a") == [
        *("asked a", "saved", "cancelled: Half"),
        "waiting: b",
        *("asked c", "saved", "complete: C."),
        "waiting",
        *("asked b", "saved", "complete: B."),
    ]


async def test_send_now_where_a_call_waits_leaves_the_call_open() -> None:
    conversation = talking([lambda: submitting(conversation, "b", "c"), *calling("time")], saying("C."), saying("B."))
    await said(conversation, "a")
    assert state_of(conversation) is State.WAITING
    conversation.send_now(1)
    await followed(conversation)
    assert texts(conversation)[::2] == ["a", "c", "b"]


async def test_send_now_while_it_opens_only_moves_the_message_to_the_front() -> None:
    for conversation in (OpenConversation(), talking(default_model="")):
        submitting(conversation, "a", "b")
        conversation.send_now(1)
        assert conversation.outbox.messages == ("b", "a")
        assert not conversation.is_due


async def test_a_message_that_is_sent_now_does_not_count_for_the_turn_after_next() -> None:
    def now() -> None:
        submitting(conversation, "b", "c")
        conversation.send_now(0)

    conversation = talking(hanging("Half", now), ending(Outcome.ERROR))
    assert (await said(conversation, "a"))[-2:] == ["error", "given back: c"]


@pytest.mark.parametrize("outcome", [Outcome.TRUNCATED, Outcome.ERROR, Outcome.CANCELLED])
async def test_after_an_answer_that_did_not_end_well_all_that_waits_is_given_back(outcome: Outcome) -> None:
    conversation = talking([lambda: submitting(conversation, "b", "c"), *ending(outcome, "Half")])
    assert await said(conversation, "a") == ["asked a", "saved", f"{outcome}: Half", "given back: b, c"]
    assert not len(conversation.outbox)
    assert not conversation.may_go_on


async def test_what_waits_behind_a_stopped_answer_is_given_back() -> None:
    def stop() -> None:
        submitting(conversation, "b")
        conversation.stop()

    conversation = talking(hanging("Half", stop))
    assert (await said(conversation, "a"))[-2:] == ["cancelled: Half", "given back: b"]


async def test_what_waits_behind_a_message_that_could_not_be_sent_is_given_back() -> None:
    conversation = talking()
    conversation.submit("look at @./nowhere.txt")
    submitting(conversation, "b")
    events = await followed(conversation)
    assert events[0].startswith("not sent: look at @./nowhere.txt (")
    assert events[1:] == ["given back: b"]


async def test_what_waits_stays_where_the_answer_ended_with_calls_and_goes_on_after_the_result() -> None:
    conversation = talking(
        [lambda: submitting(conversation, "b"), *calling("time")], saying("It is noon."), saying("B.")
    )
    assert (await said(conversation, "a"))[-1] == "complete"
    assert conversation.outbox.messages == ("b",)
    assert not conversation.may_go_on
    await conversation.give_result("call_time", "12:00")
    assert await followed(conversation) == [
        *("asked again", "complete: It is noon."),
        "waiting",
        *("asked b", "saved", "complete: B."),
    ]


async def test_a_message_waits_in_the_outbox_or_is_on_its_way_and_never_both() -> None:
    conversation: OpenConversation = talking(saying("1", lambda: submitting(conversation, "b")), saying("2"))
    conversation.submit("a")
    follow = conversation.follow()
    await followed_until(follow, OutboxChanged)
    assert conversation.unsaved == "b"
    assert not len(conversation.outbox)
    await follow.aclose()
    assert conversation.take_unsent() == "b"
    assert conversation.take_unsent() == ""
    assert state_of(conversation) is State.IDLE
    assert await followed(conversation) == []
