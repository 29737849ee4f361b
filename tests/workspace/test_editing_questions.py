"""A question that is asked differently: the next message takes its place, its attachments with it."""

from pathlib import Path

import pytest

from tests.fakes import Step
from tests.workspace.conversing import calling, followed, hanging, said, saying, state_of, talking, texts
from tui_chat.core.parts import File, user_message
from tui_chat.workspace.conversation import IS_ANSWERING, OpenConversation
from tui_chat.workspace.state import State
from tui_chat.workspace.submission import CommandGiven, Refused, Sent, Submission
from tui_chat.workspace.verbs import last_question

A, B = File("a.txt", "A"), File("b.txt", "B")


def attached(conversation: OpenConversation) -> list[str]:
    """The names of what the last question has."""
    return [part.name for part in last_question(conversation).message.parts if isinstance(part, File)]


async def asked_with_files(*scripts: list[Step]) -> OpenConversation:
    conversation = talking(saying("1"), *scripts)
    conversation.ask(user_message("what of @b.txt ?", (A, B)))
    await followed(conversation)
    return conversation


async def test_the_next_message_takes_the_place_of_the_question_and_the_one_after_is_new() -> None:
    conversation = talking(saying("1"), saying("2"), saying("3"))
    await said(conversation, "a")
    question = last_question(conversation)
    conversation.edit(question)
    assert conversation.editing == question
    assert conversation.submit("b") == Sent()
    assert conversation.editing is None
    await followed(conversation)
    assert texts(conversation) == ["b", "2"]
    assert len(conversation.session.tree.siblings(question.id)) == 2
    await said(conversation, "c")
    assert texts(conversation) == ["b", "2", "c", "3"]


async def test_a_question_can_be_left_as_it_is() -> None:
    conversation = talking(saying("1"), saying("2"))
    await said(conversation, "a")
    conversation.edit(last_question(conversation))
    assert conversation.end_edit() is not None
    assert conversation.end_edit() is None
    await said(conversation, "b")
    assert texts(conversation) == ["a", "1", "b", "2"]


async def test_no_question_is_replaced_while_an_answer_is_written_and_a_command_goes_through() -> None:
    given: list[Submission] = []

    def edit() -> None:
        conversation.edit(last_question(conversation))
        given.extend(conversation.submit(text) for text in ("b", "/stop"))

    conversation = talking(saying("1", edit), saying("2"))
    await said(conversation, "a")
    refused, command = given
    assert refused == Refused(IS_ANSWERING)
    assert isinstance(command, CommandGiven)
    assert conversation.editing is not None
    await said(conversation, "b")
    assert texts(conversation) == ["b", "2"]


async def test_what_waits_is_not_sent_in_the_place_of_the_question() -> None:
    conversation = talking(calling("time"), saying("2"), saying("3"))
    await said(conversation, "a")
    conversation.outbox.add("b")
    conversation.edit(last_question(conversation))
    assert conversation.submit("c") == Sent()
    await followed(conversation)
    assert texts(conversation) == ["c", "2", "b", "3"]
    assert state_of(conversation) is State.IDLE


async def test_stopped_before_it_was_sent_it_is_still_an_edit() -> None:
    conversation = talking(saying("1"), saying("2"))
    await said(conversation, "a")
    question = last_question(conversation)
    conversation.edit(question)
    conversation.submit("b")
    conversation.stop()
    assert await followed(conversation) == ["not sent: b"]
    assert conversation.editing == question
    conversation.submit("b")
    assert conversation.take_unsent() == "b"
    assert conversation.editing == question
    await said(conversation, "b")
    assert texts(conversation) == ["b", "2"]


async def test_the_successor_has_what_the_question_had() -> None:
    conversation = await asked_with_files(saying("2"))
    conversation.edit(last_question(conversation))
    await said(conversation, "and of @b.txt now?")
    assert attached(conversation) == ["a.txt", "b.txt"]


async def test_what_is_not_named_any_more_is_left_behind() -> None:
    conversation = await asked_with_files(saying("2"))
    conversation.edit(last_question(conversation))
    await said(conversation, "and else?")
    assert attached(conversation) == ["a.txt"]


async def test_what_is_detached_right_after_the_edit_began_is_left_behind() -> None:
    conversation = await asked_with_files(saying("2"), saying("3"))
    question = last_question(conversation)
    conversation.edit(question)
    conversation.attached.detach(["a.txt"])
    await said(conversation, "what of @b.txt ?")
    assert attached(conversation) == ["b.txt"]
    # The question itself has it still, and so has another successor.
    conversation.edit(question)
    await said(conversation, "what of @b.txt ?")
    assert attached(conversation) == ["a.txt", "b.txt"]


async def test_what_was_detached_from_another_question_does_not_count() -> None:
    conversation = await asked_with_files(saying("2"), saying("3"))
    first = last_question(conversation)
    conversation.ask(user_message("again", (A,)))
    await followed(conversation)
    conversation.edit(last_question(conversation))
    conversation.attached.detach(["a.txt"])
    conversation.edit(first)
    await said(conversation, "what of @b.txt ?")
    assert attached(conversation) == ["a.txt", "b.txt"]


async def test_refused_with_its_attachment_it_is_still_an_edit_and_keeps_what_was_detached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    conversation = await asked_with_files(saying("2"))
    conversation.edit(last_question(conversation))
    conversation.attached.detach(["a.txt"])
    text = "what of @b.txt and @./none.txt ?"
    (refused,) = await said(conversation, text)
    assert refused == f"not sent: {text} (./none.txt: no such file.)"
    await said(conversation, text)
    assert texts(conversation) == [text, "2"]
    assert attached(conversation) == ["b.txt"]


async def test_editing_while_stopping_gives_the_place_to_the_next_message() -> None:
    conversation: OpenConversation = talking(hanging("Half", lambda: conversation.stop()), saying("2"))
    await said(conversation, "a")
    conversation.edit(last_question(conversation))
    await said(conversation, "b")
    assert texts(conversation) == ["b", "2"]
