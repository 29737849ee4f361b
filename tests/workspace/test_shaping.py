"""What a person does to messages: each deed by itself, and undone."""

import pytest

from tests.memory_store import MemoryStore
from tests.workspace.conversing import calling, completer_of, ending, followed, said, saying, talking, texts
from tui_chat.chat.session import Session
from tui_chat.core.marks import Continuing
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Role
from tui_chat.core.sending import sent_nodes
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace import compacting, shaping, verbs
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

LONG = "word " * 400


def asked_last(conversation: OpenConversation) -> list[str]:
    """The texts of the last request."""
    return [message.text for message in completer_of(conversation).requests[-1].messages]


async def talked(*answers: str, store: MemoryStore | None = None) -> OpenConversation:
    conversation = talking(*map(saying, (*answers, "More.", "Yet more.")), store=store)
    for number in range(len(answers)):
        await said(conversation, f"question {number + 1}")
    return conversation


async def test_a_message_is_meant_by_its_number_from_the_end() -> None:
    conversation = await talked("one", "two")

    assert shaping.numbered(conversation, "1").message.text == "two"
    assert shaping.numbered(conversation, "4").message.text == "question 1"
    with pytest.raises(CommandRefused, match="from 1 to 4"):
        shaping.numbered(conversation, "5")


async def test_what_is_muted_is_not_sent_until_it_is_muted_no_more() -> None:
    conversation = await talked("one", "two")
    words = await shaping.toggle_muted(conversation, shaping.numbered(conversation, "3"))

    await said(conversation, "and now")
    assert words == "It is not sent any more."
    assert asked_last(conversation) == ["question 1\n\nquestion 2", "two", "and now"]
    assert await shaping.undo(conversation) == "It is sent again."
    await said(conversation, "again")
    assert "one" in asked_last(conversation)


async def test_marks_are_saved_and_come_back() -> None:
    store = MemoryStore()
    conversation = await talked("one", store=store)
    node = shaping.numbered(conversation, "1")
    await shaping.label(conversation, node, "#example")
    await shaping.toggle_bookmark(conversation, shaping.numbered(conversation, "1"))

    session = await Session.resume(conversation.services, conversation.id)
    assert session.path[-1].marks.labels == ("example",)
    assert session.path[-1].marks.is_bookmarked


async def test_a_label_that_is_given_twice_is_taken_away() -> None:
    conversation = await talked("one")
    await shaping.label(conversation, shaping.numbered(conversation, "1"), "example")

    assert "gone" in await shaping.label(conversation, shaping.numbered(conversation, "1"), "example")
    assert shaping.numbered(conversation, "1").marks.labels == ()


async def test_a_note_asks_nobody_and_goes_with_the_next_question() -> None:
    conversation = await talked("one")
    await shaping.note(conversation, "by the way")

    assert texts(conversation) == ["question 1", "one", "by the way"]
    await said(conversation, "and now")
    assert asked_last(conversation)[-1] == "by the way\n\nand now"


async def test_undo_leads_back_to_an_empty_conversation_after_its_first_note() -> None:
    store = MemoryStore()
    conversation = await talked(store=store)
    await shaping.note(conversation, "by the way")
    assert "deleted" in await shaping.undo(conversation)

    assert (await Session.resume(conversation.services, conversation.id)).path == conversation.session.path == ()
    await said(conversation, "and now")
    assert (texts(conversation), asked_last(conversation)) == (["and now", "More."], ["and now"])


async def test_any_question_is_edited_and_its_branch_stays() -> None:
    conversation = await talked("one", "two")
    conversation.edit(shaping.edited(conversation, "4"))
    await said(conversation, "another question")

    assert texts(conversation) == ["another question", "More."]
    assert await shaping.undo(conversation) == "You are back at the question before."
    assert texts(conversation) == ["question 1", "one", "question 2", "two"]


async def test_an_answer_is_edited_and_what_the_model_wrote_is_a_variant() -> None:
    conversation = await talked("one")
    original = shaping.numbered(conversation, "1")
    await shaping.edit_answer(conversation, original, "one, in other words")

    edited = shaping.numbered(conversation, "1")
    assert (edited.marks.edited_id, edited.answer) == (original.id, None)
    assert shaping.variant_of(conversation, edited) == (2, 2)
    await said(conversation, "and now")
    assert asked_last(conversation) == ["question 1", "one, in other words", "and now"]


async def test_an_answer_that_was_continued_is_edited_as_one_text() -> None:
    cut = ending(Outcome.TRUNCATED, "The sea is bl")
    conversation = talking(cut, saying("ue."), saying("Yes."), default_model="anthropic/claude-3-haiku")
    await said(conversation, "Why?")
    await shaping.continue_answer(conversation, shaping.continued(conversation, ""))
    await followed(conversation)
    for number in ("1", "2"):
        node = shaping.edited(conversation, number)
        assert shaping.words_of(conversation, node) == "The sea is blue."
        await shaping.edit_answer(conversation, node, "The sea is green.")
        assert texts(conversation) == ["Why?", "The sea is green."]
        await shaping.undo(conversation)

    rest = conversation.session.path[-1]
    await shaping.turn_variant(conversation, shaping.varied(conversation, rest.id), -1)
    assert shaping.variant_shown(conversation, conversation.session.path[-1].id) == "‹ 3/3 ›"
    await said(conversation, "Sure?")
    assert asked_last(conversation) == ["Why?", "The sea is green.", "Sure?"]


async def test_variants_are_gone_through_round_at_the_ends() -> None:
    conversation = await talked("one")
    shaping.ask_again(conversation, shaping.asked(conversation), "other/model")
    await followed(conversation)

    assert texts(conversation) == ["question 1", "More."]
    assert await shaping.turn_variant(conversation, shaping.varied(conversation), 1) == "Variant 1 of 2."
    assert texts(conversation) == ["question 1", "one"]
    assert await shaping.show_variant(conversation, shaping.varied(conversation), "2") == "Variant 2 of 2."
    assert await shaping.undo(conversation) == "You are back on the branch before."
    assert texts(conversation) == ["question 1", "one"]
    with pytest.raises(CommandRefused, match="from 1 to 2"):
        await shaping.show_variant(conversation, shaping.varied(conversation), "3")


async def test_a_cut_answer_is_taken_further_in_a_message_of_its_own() -> None:
    conversation = talking(ending(Outcome.TRUNCATED, "The sea is bl"), saying("ue."), saying("So is the sky."))
    await said(conversation, "Why?")
    cut = shaping.continued(conversation, "")
    words = await shaping.continue_answer(conversation, cut)
    await followed(conversation)

    last = conversation.session.path[-1]
    assert words == "The model is asked to go on."
    assert last.marks.continues is not None
    assert (last.marks.continues.of_id, last.marks.continues.how) == (cut.id, Continuing.ASKED)
    assert last.answer is not None
    await said(conversation, "And the sky?")
    assert asked_last(conversation) == ["Why?", "The sea is blue.", "And the sky?"]


async def test_going_on_with_an_earlier_answer_says_what_that_puts_aside_and_undo_goes_back_there() -> None:
    conversation = talking(ending(Outcome.TRUNCATED, "The sea is bl"), saying("Yes."), saying("ue."))
    await said(conversation, "Why?")
    await said(conversation, "Sure?")
    words = await shaping.continue_answer(conversation, shaping.continued(conversation, ""))
    await followed(conversation)

    assert words.endswith(" 2 messages that followed stand on another branch; /undo goes back there.")
    assert texts(conversation) == ["Why?", "The sea is bl", "ue."]
    await shaping.undo(conversation)
    assert texts(conversation) == ["Why?", "The sea is bl", "Sure?", "Yes."]


async def test_a_model_that_takes_it_goes_on_from_the_last_letter_and_is_asked_where_that_was_refused() -> None:
    models = [ModelInfo("test/model", supported_parameters=("prefill",))]
    scripts = ending(Outcome.TRUNCATED, "The sea is bl"), ending(Outcome.ERROR), saying("ue.")
    conversation = talking(*scripts, models=models)
    await conversation.services.catalog.read()
    await said(conversation, "Why?")

    assert (
        await shaping.continue_answer(conversation, shaping.continued(conversation, ""))
        == "It goes on from its last letter."
    )
    await followed(conversation)
    assert asked_last(conversation) == ["Why?", "The sea is bl"]
    cut = shaping.numbered(conversation, "2")
    assert await shaping.continue_answer(conversation, cut) == "The model is asked to go on."
    await followed(conversation)
    assert len(asked_last(conversation)) == 3


async def test_a_whole_answer_is_not_continued() -> None:
    conversation = await talked("one")

    with pytest.raises(CommandRefused, match="not cut"):
        shaping.continued(conversation, "")


async def test_a_fork_ends_with_the_message_that_is_named() -> None:
    conversation = await talked("one", "two")

    fork = await verbs.fork(conversation, "3")
    assert [node.message.text for node in fork.path] == ["question 1", "one"]


async def test_a_summary_is_sent_in_the_place_of_what_it_stands_for_and_undone() -> None:
    conversation = await talked(LONG, LONG, LONG, "four")
    assert compacting.compact(conversation, "the numbers") == "Making a summary."
    await followed(conversation)

    summary = conversation.session.path[-1].marks.summary
    assert "Above all keep: the numbers" in asked_last(conversation)[-1]
    assert summary is not None
    assert (summary.messages, summary.after_tokens < summary.before_tokens) == (6, True)
    await said(conversation, "and now")
    sent = asked_last(conversation)
    assert sent[0].endswith("More.")
    assert sent[1:] == ["question 4", "four", "and now"]
    assert len(conversation.session.path) == 11
    await compacting.undo_compacting(conversation)
    assert len(sent_nodes(conversation.session.path)) == 10


async def test_a_summary_that_was_cut_stands_for_nothing() -> None:
    conversation = talking(*map(saying, (LONG, LONG, LONG)), ending(Outcome.TRUNCATED, "They sp"))
    for number in range(3):
        await said(conversation, f"question {number}")
    compacting.compact(conversation, "")
    await followed(conversation)

    assert len(sent_nodes(conversation.session.path)) == 6


async def test_little_is_not_summarised() -> None:
    conversation = await talked("one")

    with pytest.raises(CommandRefused, match="too little"):
        compacting.compact(conversation, "")


async def test_there_is_nothing_to_undo_at_first() -> None:
    with pytest.raises(CommandRefused, match="Nothing was done"):
        await shaping.undo(await talked("one"))


async def test_what_is_summed_up_is_counted_with_the_conversation() -> None:
    conversation = await talked(LONG, LONG, LONG, "four")
    before = conversation.session.spending.answers
    compacting.compact(conversation, "")
    await followed(conversation)

    assert conversation.session.spending.answers == before + 1
    assert conversation.session.path[-1].message.role is Role.ASSISTANT


async def test_an_answer_after_results_is_given_once_more_from_the_results() -> None:
    conversation = talking(calling("look"), saying("One."), saying("Two."))
    await said(conversation, "question")
    await conversation.give_result("call_look", "12")
    await followed(conversation)
    shaping.ask_again(conversation, shaping.asked(conversation))
    await followed(conversation)

    assert [node.message.role for node in conversation.session.path] == [
        Role.USER,
        Role.ASSISTANT,
        Role.TOOL,
        Role.ASSISTANT,
    ]
    assert conversation.session.path[-1].message.text == "Two."


async def test_which_branch_it_is_can_be_said_where_the_path_ends_in_the_middle_of_it() -> None:
    conversation = talking(ending(Outcome.TRUNCATED, "The sea is bl"), saying("ue."), saying("Other."))
    await said(conversation, "Why?")
    await shaping.continue_answer(conversation, shaping.continued(conversation, ""))
    await followed(conversation)
    await shaping.undo(conversation)

    assert await shaping.go_to_branch(conversation, shaping.numbered(conversation, "1")) == ""


async def test_a_second_summary_takes_in_the_first() -> None:
    conversation = await talked(LONG, LONG, LONG, "four")
    compacting.compact(conversation, "")
    await followed(conversation)
    for _ in range(3):
        await shaping.note(conversation, LONG)
    compacting.compact(conversation, "")
    await followed(conversation)

    assert "More." in asked_last(conversation)[0]
    assert "question 1" not in "".join(asked_last(conversation))


async def test_a_deleted_message_is_neither_shown_nor_sent_and_what_follows_it_stays() -> None:
    store = MemoryStore()
    conversation = await talked("one", "two", store=store)
    await shaping.toggle_deleted(conversation, shaping.deleted(conversation, "3"))
    assert texts(conversation) == ["question 1", "question 2", "two"]
    await said(conversation, "and now")
    assert asked_last(conversation) == ["question 1\n\nquestion 2", "two", "and now"]
    assert (await Session.resume(conversation.services, conversation.id)).path == conversation.session.path
    fork = await conversation.session.fork(conversation.session.path[-1].id)
    assert [node.message.text for node in fork.path] == texts(conversation)
    await shaping.undo(conversation)
    assert texts(conversation) == ["question 1", "one", "question 2", "two", "and now", "More."]


async def test_a_version_that_is_deleted_at_the_end_gives_its_place_to_another_one() -> None:
    conversation = await talked("one")
    shaping.ask_again(conversation, shaping.asked(conversation))
    await followed(conversation)
    assert texts(conversation) == ["question 1", "More."]
    await shaping.toggle_deleted(conversation, shaping.deleted(conversation, "1"))
    assert (texts(conversation), shaping.variant_of(conversation, conversation.session.path[-1])) == (
        ["question 1", "one"],
        (1, 1),
    )
    await shaping.undo(conversation)
    assert (texts(conversation), shaping.variant_of(conversation, conversation.session.path[-1])) == (
        ["question 1", "More."],
        (2, 2),
    )


async def test_results_are_deleted_with_the_answer_that_called_for_them() -> None:
    conversation = talking(calling("list"), saying("Done."), saying("Yes."))
    await said(conversation, "look")
    (call,) = conversation.session.pending_calls
    await conversation.session.answer_call(call.id, "two files")
    with pytest.raises(CommandRefused, match="with results"):
        shaping.deleted(conversation, "1")
    await shaping.toggle_deleted(conversation, shaping.deleted(conversation, "2"))
    assert (texts(conversation), conversation.session.pending_calls) == (["look"], ())


async def test_a_summarys_tail_begins_with_what_follows_its_first_message_where_that_is_deleted() -> None:
    conversation = await talked(LONG, LONG, LONG, "short")
    compacting.compact(conversation, "")
    await followed(conversation)
    summary = conversation.session.path[-1].marks.summary
    assert summary is not None
    tail = next(at for at, node in enumerate(reversed(conversation.session.path), 1) if node.id == summary.tail_id)
    await shaping.toggle_deleted(conversation, shaping.deleted(conversation, f"{tail}"))
    assert [node.message.text for node in sent_nodes(conversation.session.path)] == ["More.", "short"]
    await shaping.undo(conversation)
    assert conversation.session.path[-1].marks.summary == summary
