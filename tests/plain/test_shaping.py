"""What is done to messages, in plain mode: by number, in words."""

from pathlib import Path

from tests.fakes import opening
from tests.plain.support import PlainChat, answer
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta


async def test_messages_are_marked_by_their_number_and_say_so(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("one"), typed=["/mute 1", "/pin 2", "/label 2 example", "/messages", ""])
    await chat.converse("first")

    assert "It is not sent any more." in chat.said
    assert "2. You, pinned, #example: first" in chat.said
    assert "1. Assistant (test/model), muted, not sent: one" in chat.said


async def test_variants_branches_and_undo_are_told_in_words(tmp_path: Path) -> None:
    chat = PlainChat(
        tmp_path, answer("one"), answer("two"), typed=["/retry", "/tree", "", "/branch 1", "/undo", "/variant"]
    )
    await chat.converse("first")

    assert "3 messages, 2 branches" in chat.said
    assert "1. 1 message, by test/model, cost unknown, leaves after message 2: “one”" in chat.said
    assert "2. the one that you are on, 2 messages" in chat.said
    assert "You are on branch 1 of 2" in chat.said
    assert "You are back on the branch before." in chat.said
    assert "Variant 1 of 2." in chat.said


async def test_an_answer_is_edited_and_a_note_added(tmp_path: Path) -> None:
    chat = PlainChat(
        tmp_path, answer("one"), answer("two"), typed=["/edit 1", "other words", "/note by the way", "now"]
    )
    await chat.converse("first")

    assert [node.message.text for node in chat.chat.session.path] == [
        "first",
        "other words",
        "by the way",
        "now",
        "two",
    ]
    assert "Edited. What the model wrote is a variant." in chat.said


async def test_undo_leads_back_from_a_copy_until_something_is_asked_there(tmp_path: Path) -> None:
    typed = ["/pin 1", "/fork 2", "/mute 1", "/undo", "/undo", "/undo", "/fork 1", "second", "/undo"]
    chat = PlainChat(tmp_path, answer("one"), answer("two"), typed=typed)
    await chat.converse("first")

    assert chat.said.count("You are back in the conversation that was copied") == 1
    assert "It is pinned no more." in chat.said
    assert chat.said.count("Nothing was done to messages") == 1
    assert [node.message.text for node in chat.chat.session.path] == ["first", "one", "second", "two"]


async def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("one"), typed=["/continue", "/branch 7", "/undo", "/compact", "/mute 9"])
    await chat.converse("first")

    for words in ("was not cut", "from 1 to 1", "Nothing was done", "too little", "from 1 to 2"):
        assert words in chat.said


async def test_an_answer_that_was_cut_says_so_and_is_gone_on_with(tmp_path: Path) -> None:
    cut = [*opening(), TextDelta("The sea is bl"), Stopped(Outcome.TRUNCATED, None)]
    chat = PlainChat(tmp_path, cut, answer("It is blue."), typed=["/messages", "", "/branch 1", "/usage", "/continue"])
    await chat.converse("Why?")

    assert "1. Assistant (test/model), cut off: the connection ended: The sea is bl" in chat.said
    assert "It is not whole. /continue goes on with it." in chat.said
    assert "The model is asked to go on." in chat.said
    assert "End of answer. tokens unknown, about 4 out; cost unknown; " in chat.said
    assert "Answer 1, test/model, cut off: tokens unknown; cost unknown; " in chat.said
