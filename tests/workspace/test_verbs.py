"""The half of each command that is no screen: what it does, and what it refuses without changing anything."""

import json
from pathlib import Path

import msgspec
import pytest

from tests.workspace.conversing import calling, completer_of, followed, said, saying, stored, talking, texts
from tui_chat.core.marks import Marks, Summary
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.request import Sampling
from tui_chat.transcripts.exporting import SUFFIXES
from tui_chat.workspace import shaping, verbs
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

BLOCKS = "Two ways:\n\n```python\nprint(1)\n```\n\nor\n\n```\nprint 1\n```\n"


async def talked(answer: str = "Hi.") -> OpenConversation:
    conversation = talking(saying(answer), saying("Again."))
    await said(conversation, "hello")
    return conversation


async def test_retry_answers_the_last_question_once_more() -> None:
    conversation = await talked()
    shaping.ask_again(conversation, shaping.asked(conversation), "other/model")
    await followed(conversation)
    assert texts(conversation) == ["hello", "Again."]
    assert completer_of(conversation).requests[-1].model == "other/model"


async def test_nothing_is_answered_again_before_the_first_question_or_while_an_answer_is_written() -> None:
    conversation = talking(saying("Hi."))
    with pytest.raises(CommandRefused, match="no question yet"):
        shaping.asked(conversation)
    conversation.submit("hello")
    await followed(conversation)
    conversation.go_on()
    with pytest.raises(CommandRefused, match="stop it first"):
        shaping.ask_again(conversation, shaping.asked(conversation))


async def test_stop_wants_something_to_stop() -> None:
    conversation = talking()
    with pytest.raises(CommandRefused):
        verbs.stop(conversation)
    conversation.submit("hello")
    verbs.stop(conversation)
    assert await followed(conversation) == ["not sent: hello"]


async def test_a_new_conversation_has_the_model_and_the_instructions_of_this_one() -> None:
    conversation = await talked()
    await conversation.set_model("other/model")
    await verbs.set_system(conversation, "Be brief.")
    begun = verbs.new_session(conversation, is_temporary=True)
    assert (begun.conversation.model, begun.conversation.system) == ("other/model", "Be brief.")
    assert begun.is_temporary
    assert not begun.path
    assert begun.conversation.id != conversation.session.conversation.id


async def test_a_new_conversation_is_asked_as_this_one() -> None:
    conversation = await talked()
    await conversation.session.set_sampling(Sampling(seed=1), "short", Sampling(temperature=0.5))
    begun = verbs.new_session(conversation, is_temporary=False).conversation
    assert (begun.sampling, begun.preset) == (Sampling(seed=1), "short")
    assert begun.preset_sampling == Sampling(temperature=0.5)


async def test_a_fork_is_a_copy_and_goes_its_own_way() -> None:
    conversation = await talked()
    fork = OpenConversation(await verbs.fork(conversation))
    await said(fork, "and then?")
    assert texts(fork) == ["hello", "Hi.", "and then?", "Again."]
    assert texts(conversation) == ["hello", "Hi."]
    assert await stored(fork) == list(fork.session.tree.nodes())
    with pytest.raises(CommandRefused):
        await verbs.fork(talking())


async def test_keep_rename_and_system_are_written() -> None:
    conversation = talking(saying("Hi."), is_temporary=True)
    await said(conversation, "hello")
    await verbs.keep(conversation)
    assert await verbs.rename(conversation, "A \x1b[31mred title") == "Renamed: A red title"
    assert "from the next question" in await verbs.set_system(conversation, "Be brief.")
    assert await verbs.set_system(conversation, "") == "No system prompt is sent any more."
    (summary,) = await conversation.services.store.list()
    assert summary.messages == 2
    assert not conversation.is_temporary


async def test_whether_a_model_is_listed_is_known_only_with_a_catalogue() -> None:
    assert not verbs.is_unlisted(talking(), "any/model")
    conversation = talking(models=[ModelInfo("test/model")])
    assert verbs.is_unlisted(conversation, "other/model")
    assert not verbs.is_unlisted(conversation, "test/model")


async def test_the_next_of_the_recent_models() -> None:
    conversation = talking()
    with pytest.raises(CommandRefused):
        verbs.next_recent_model(conversation)
    await conversation.set_model("other/model")
    assert verbs.next_recent_model(conversation) == "test/model"


async def test_a_conversation_is_written_in_the_format_that_the_name_or_the_ending_says(tmp_path: Path) -> None:
    conversation = await talked()
    assert "Hi." in (await verbs.export_by_path(conversation, str(tmp_path / "talk.md"))).text
    as_json = await verbs.export_by_path(conversation, str(tmp_path / "talk.json"))
    assert as_json.file == tmp_path / "talk.json"
    assert json.loads(as_json.text)
    assert (await verbs.export_by_format(conversation, f"json {tmp_path / 'talk.txt'}")).file == tmp_path / "talk.txt"
    for form, begins in (("html", "<!doctype html>"), ("text", "hello\n"), ("jsonl", "{"), ("md", "# hello")):
        assert (await verbs.export_by_format(conversation, f"{form} {tmp_path / 'x'}")).text.startswith(begins)
        assert (await verbs.export_by_path(conversation, f"x.{SUFFIXES.get(form, 'md')}")).text.startswith(begins)
    with pytest.raises(CommandRefused, match="Formats are"):
        await verbs.export_by_format(conversation, "pdf")
    with pytest.raises(CommandRefused, match="nothing to save"):
        await verbs.export_by_path(talking(), "")


async def test_an_export_hides_what_is_secret_where_that_is_asked_for(tmp_path: Path) -> None:
    conversation = await talked()
    conversation.session.use(msgspec.structs.replace(conversation.services, redact=("Hi",)))
    export = await verbs.export_by_format(conversation, f"text --redact {tmp_path / 'x.txt'}")
    assert export.file == tmp_path / "x.txt"
    assert "Hi." not in export.text
    assert export.hidden == "Hidden 1 × your pattern 1, in message 2."
    assert "Hi." in (await verbs.export_by_format(conversation, f"text {tmp_path / 'x.txt'}")).text


async def test_the_last_answer_is_copied_and_no_summary() -> None:
    conversation = await talked(BLOCKS)
    summary = Marks(summary=Summary(None, 2, 20, 10))
    await conversation.session.add(
        Message(Role.ASSISTANT, (Text("They spoke."),)), conversation.session.path[-1].id, summary
    )
    assert verbs.text_to_copy(conversation, "").text == BLOCKS
    assert verbs.text_to_copy(conversation, "1").text == "They spoke."


async def test_a_block_of_the_last_answer_is_copied() -> None:
    conversation = await talked(BLOCKS)
    assert verbs.text_to_copy(conversation, "code 1") == verbs.Copy("print(1)\n", "code block 1")
    assert verbs.text_to_copy(conversation, "code").text == "print 1\n"
    for which in ("0", "3", "x", "-1", "9" * 5_000, "²"):
        with pytest.raises(CommandRefused, match="2 code blocks"):
            verbs.text_to_copy(conversation, f"code {which}")


async def test_what_is_copied_by_number_is_a_message_from_the_end() -> None:
    conversation = await talked(BLOCKS)
    assert verbs.text_to_copy(conversation, "1") == verbs.Copy(BLOCKS, "message 1")
    question = conversation.session.path[0]
    for which, here in (("2", ""), ("", question.id)):
        assert verbs.text_to_copy(conversation, which, here).text == "hello"
    for which in ("0", "3", "x", "-1", "9" * 5_000, "²"):
        with pytest.raises(CommandRefused):
            verbs.text_to_copy(conversation, which)


async def test_there_is_nothing_to_copy_where_the_last_answer_has_no_words() -> None:
    silent = talking(calling("time"))
    await said(silent, "when?")
    for conversation in (silent, talking()):
        with pytest.raises(CommandRefused):
            verbs.text_to_copy(conversation, "")


@pytest.mark.parametrize(
    ("words", "has", "has_not"),
    [("text --last 1", "two", "one"), ("text --selection --redact", "one", "two"), ("markdown --all", "one", "zebra")],
)
async def test_an_export_takes_the_end_what_is_selected_or_every_branch(words: str, has: str, has_not: str) -> None:
    conversation = talking(saying("one"), saying("two"))
    await said(conversation, "first")
    await said(conversation, "second")
    selected = (conversation.session.path[1].id,)
    text = (await verbs.export_by_format(conversation, words, selected)).text
    assert has in text
    assert has_not not in text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("text --last", "how many"),
        ("text --last 2 --all", "not meant together"),
        ("json --last 2", "always hold"),
        ("text --selection", "Nothing is selected"),
    ],
)
async def test_what_cannot_be_exported_is_said(words: str, why: str) -> None:
    conversation = talking(saying("one"))
    await said(conversation, "first")
    with pytest.raises(CommandRefused, match=why):
        await verbs.export_by_format(conversation, words)
