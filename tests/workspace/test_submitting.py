"""What becomes of a text that is submitted, by the state that the conversation is in."""

import pytest

from tests.fakes import make_services
from tests.workspace.conversing import calling, completer_of, followed, said, saying, state_of, talking, texts
from tui_chat.chat.session import Session
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.state import State
from tui_chat.workspace.submission import CommandGiven, Queued, Refused, Sent, Submission


async def test_a_message_is_sent_at_once_where_nothing_is_to_be_waited_for() -> None:
    conversation = talking(saying("Hi."))
    assert conversation.submit("hello") == Sent()
    assert state_of(conversation) is State.ANSWERING
    assert conversation.is_due
    assert await followed(conversation) == ["asked hello", "saved", "complete: Hi."]
    assert state_of(conversation) is State.IDLE


async def test_what_is_submitted_while_it_opens_waits_and_is_submitted_again_once_it_is_open() -> None:
    ready = talking(saying("A."), saying("B."))
    conversation = OpenConversation()
    assert state_of(conversation) is State.OPENING
    assert [conversation.submit(text) for text in ("a", "b")] == [Queued(), Queued()]
    conversation.open(ready.session)
    assert not conversation.is_due
    for text in conversation.outbox.take_all():
        conversation.submit(text)
    assert await followed(conversation) == [
        *("asked a", "saved", "complete: A."),
        "waiting",
        *("asked b", "saved", "complete: B."),
    ]


async def test_without_a_model_everything_waits() -> None:
    conversation = talking(default_model="")
    assert state_of(conversation) is State.OPENING
    assert conversation.lacks_model
    assert conversation.submit("hello") == Queued()
    assert not conversation.is_due
    assert conversation.outbox.messages == ("hello",)


async def test_what_is_submitted_while_an_answer_is_written_waits_for_its_end() -> None:
    submitted: list[Submission] = []
    conversation: OpenConversation = talking(
        saying("A", lambda: submitted.extend(map(conversation.submit, ("b", "c"))), "."), saying("B."), saying("C.")
    )
    assert await said(conversation, "a") == [
        *("asked a", "saved", "complete: A."),
        "waiting: c",
        *("asked b", "saved", "complete: B."),
        "waiting",
        *("asked c", "saved", "complete: C."),
    ]
    assert submitted == [Queued(), Queued()]


async def test_what_is_submitted_before_a_turn_was_followed_waits_too() -> None:
    conversation = talking(saying("A."), saying("B."))
    assert conversation.submit("a") == Sent()
    assert conversation.submit("b") == Queued()
    await followed(conversation)
    assert texts(conversation) == ["a", "A.", "b", "B."]


async def test_a_message_instead_of_a_result_is_sent_and_leaves_the_call_open() -> None:
    conversation = talking(calling("time"), saying("Never mind."))
    assert await said(conversation, "when?") == ["asked when?", "saved", "calls time", "complete"]
    assert state_of(conversation) is State.WAITING
    assert conversation.submit("forget it") == Sent()
    assert await followed(conversation) == ["asked forget it", "saved", "complete: Never mind."]
    assert state_of(conversation) is State.IDLE
    assert [call.state for call in conversation.calls.calls] == [CallState.LEFT]


async def test_what_waits_goes_first_where_a_call_holds_it_up() -> None:
    conversation = talking(
        [lambda: conversation.submit("first"), *calling("time")], saying("First."), saying("Second.")
    )
    await said(conversation, "when?")
    assert state_of(conversation) is State.WAITING
    assert conversation.outbox.messages == ("first",)
    assert conversation.submit("second") == Queued()
    await followed(conversation)
    assert texts(conversation) == ["when?", "", "first", "First.", "second", "Second."]


async def test_a_command_is_the_front_ends_whatever_goes_on() -> None:
    given: list[Submission] = []
    conversation: OpenConversation = talking(saying("A", lambda: given.append(conversation.submit("/quit now")), "."))
    given += [conversation.submit("/quit now"), OpenConversation().submit("/quit now")]
    await said(conversation, "a")
    quit_program = find_command("quit", FrontEnd.SCREEN)
    assert quit_program is not None
    assert given == [CommandGiven(quit_program, "now")] * 3
    assert texts(conversation) == ["a", "A."]


def test_a_command_that_needs_the_conversation_waits_until_it_is_open() -> None:
    opening = OpenConversation()
    assert opening.submit("/model x/y") == Queued()
    assert opening.outbox.messages == ("/model x/y",)


@pytest.mark.parametrize("text", ["/nonsense", "/"])
def test_what_is_no_command_is_refused_and_stays_the_persons(text: str) -> None:
    for conversation in (talking(), OpenConversation()):
        assert isinstance(conversation.submit(text), Refused)
        assert not len(conversation.outbox)


def test_each_front_end_has_its_own_commands() -> None:
    assert isinstance(talking().submit("/read"), Refused)
    in_plain = OpenConversation(Session.new(make_services()), front_end=FrontEnd.PLAIN)
    assert isinstance(in_plain.submit("/read"), CommandGiven)


async def test_two_slashes_are_a_message_with_one() -> None:
    conversation = talking(saying("A folder."))
    conversation.submit("//etc holds what?")
    assert conversation.unsaved == "//etc holds what?"
    await followed(conversation)
    assert texts(conversation)[0] == "/etc holds what?"


async def test_send_goes_before_all_that_waits() -> None:
    conversation = talking(saying("A."), saying("B."))
    conversation.outbox.add("b")
    conversation.send("a")
    await followed(conversation)
    assert texts(conversation) == ["a", "A.", "b", "B."]


async def test_an_outbox_is_handed_on_to_the_next_conversation() -> None:
    before = OpenConversation()
    before.submit("a")
    services = talking(saying("A.")).services
    after = OpenConversation(Session.new(services), outbox=before.outbox, recent=before.recent)
    assert after.outbox.messages == ("a",)
    assert before.recent.ids == ("test/model",)
    after.send(after.outbox.next())
    await followed(after)
    assert texts(after) == ["a", "A."]


async def test_ten_turns_one_after_another() -> None:
    conversation = talking(*(saying(f"Answer {number}.") for number in range(10)))
    for number in range(10):
        assert conversation.submit(f"question {number}") == Sent()
        await followed(conversation)
    assert texts(conversation)[-2:] == ["question 9", "Answer 9."]
    assert [len(request.messages) for request in completer_of(conversation).requests] == list(range(1, 20, 2))
