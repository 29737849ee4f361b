"""How a chat begins: with what was asked, or with a new conversation and the reason why."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.memory_store import MemoryStore
from tests.store.values import answer, question
from tests.workspace.conversing import said, saying, talking, texts
from tui_chat.chat.ports import Store
from tui_chat.chat.services import Services
from tui_chat.core.errors import ErrorKind, StoreError
from tui_chat.core.marks import Marks
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace import opening
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.opening import Opening, cut_answer_words, end_asked_for, open_asked, open_first


async def with_one_saved(*questions: str) -> tuple[Services, str]:
    """Services whose store has one conversation of these questions, or of one, and its id."""
    conversation = talking(saying("1"), saying("2"))
    for words in questions or ("a",):
        await said(conversation, words)
    return conversation.services, conversation.session.conversation.id


async def test_nothing_asked_opens_a_new_conversation() -> None:
    services, known = await with_one_saved()
    opened = await open_first(services, Opening())
    assert opened.session.conversation.id != known
    assert opened.session.conversation.model == "test/model"
    assert not opened.session.path
    assert not opened.has_nothing_to_continue
    assert opened.failure is None


@pytest.mark.parametrize("is_latest", [True, False])
async def test_a_saved_conversation_goes_on(is_latest: bool) -> None:
    services, known = await with_one_saved()
    asked = Opening(continue_latest=True) if is_latest else Opening(resume_id=known)
    conversation = OpenConversation((await open_first(services, asked)).session)
    await said(conversation, "b")
    assert conversation.session.conversation.id == known
    assert texts(conversation) == ["a", "1", "b", "2"]


async def test_of_a_long_conversation_that_is_asked_for_the_end_can_be_read_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services, known = await with_one_saved("a", "b")
    asked = Opening(continue_latest=True), Opening(resume_id=known[:-1])
    assert [await end_asked_for(services, one, 3) for one in asked] == [(), ()]
    monkeypatch.setattr(opening, "LONG", 4)
    session = (await open_asked(services, asked[1])).session
    path = session.path
    assert [await end_asked_for(services, one, 3) for one in asked] == [path[-3:], path[-3:]]
    await session.mark(path[-2].id, Marks(is_deleted=True))
    assert await end_asked_for(services, asked[1], 3) == (path[-3], path[-1])
    assert [await end_asked_for(services, one, 3) for one in (Opening(), Opening(resume_id="nobody"))] == [(), ()]


async def test_a_saved_conversation_is_opened_by_the_beginning_of_its_id() -> None:
    services, known = await with_one_saved("a", "b")
    opened = await open_asked(services, Opening(resume_id=known[:-1]))
    assert opened.session.conversation.id == known


async def test_model_and_instructions_are_asked_of_a_saved_conversation_too() -> None:
    services, known = await with_one_saved()
    opened = await open_asked(services, Opening(resume_id=known, model="other/model", system=""))
    assert opened.session.conversation.model == "other/model"
    kept = (await services.store.load(known))[0]
    assert (kept.model, kept.system) == ("other/model", "")


async def test_with_nothing_to_continue_a_new_one_opens_and_it_is_said() -> None:
    opened = await open_first(talking().services, Opening(continue_latest=True))
    assert opened.has_nothing_to_continue
    assert opened.failure is None


async def test_a_conversation_that_is_named_goes_before_the_latest() -> None:
    services, known = await with_one_saved()
    later = OpenConversation((await open_asked(services, Opening())).session)
    await said(later, "b")
    opened = await open_asked(services, Opening(resume_id=known, continue_latest=True))
    assert opened.session.conversation.id == known


async def test_a_temporary_copy_goes_on_without_being_written() -> None:
    services, known = await with_one_saved()
    opened = await open_asked(services, Opening(resume_id=known, is_temporary=True, model="other/model"))
    assert opened.session.is_temporary
    assert (await services.store.load(known))[0].model == "test/model"


async def test_one_that_cannot_be_had_is_an_error_or_a_new_one_with_the_reason() -> None:
    services, _ = await with_one_saved()
    asked = Opening(resume_id="nobody", model="other/model")
    with pytest.raises(StoreError):
        await open_asked(services, asked)
    opened = await open_first(services, asked)
    assert opened.failure is not None
    assert opened.session.conversation.model == "other/model"
    assert not opened.session.path


class BrokenStore(MemoryStore):
    """Cannot be read."""

    async def latest_id(self) -> str | None:
        """Fail."""
        raise StoreError("The file is damaged.", "Move it away.")


async def test_a_store_that_cannot_be_read_opens_a_new_conversation() -> None:
    opened = await open_first(talking(store=BrokenStore()).services, Opening(continue_latest=True))
    assert opened.failure is not None
    assert opened.failure.kind is ErrorKind.STORE
    assert not opened.session.path


async def with_cut_answers(path: Path, *asked: str) -> Store:
    """A store in which a program died while it wrote answers, after another one that was complete."""
    writer = SqliteStore(path)
    for number, words in enumerate(asked):
        await writer.save_conversation(Conversation(f"c{number}", 1.0, "Title", head_id="a"))
        await writer.save_node(f"c{number}", question("q", words))
        growing = answer("a", "Because", parent_id="q")
        assert growing.answer is not None
        await writer.save_node(f"c{number}", replace(growing, answer=replace(growing.answer, outcome=None)))
    await writer.save_conversation(Conversation("later", 2.0, "Title", head_id="a"))
    await writer.save_node("later", answer("a", "Whole"))
    await writer.close()
    return SqliteStore(path)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["Why is the sea\nsalt?"], "Cut when the program ended (/resume opens it): “Why is the sea salt?”."),
        (
            ["one", "two " * 20, "three", "four"],
            "4 answers were cut when the program ended (/resume lists them): “four”, “three”,"
            " “two two two two two two…”, and 1 more.",
        ),
    ],
)
async def test_answers_that_were_cut_by_the_end_of_their_program_are_told_until_something_is_said(
    tmp_path: Path, asked: list[str], words: str
) -> None:
    store = await with_cut_answers(tmp_path / "conversations.db", *asked)
    assert await cut_answer_words(store, Opening()) == words
    assert await cut_answer_words(store, Opening(continue_latest=True)) == ""
    await store.save_node("c0", question("q2", "And?", parent_id="a", at=time.time() + 1))
    assert await cut_answer_words(store, Opening()) == ""
    await store.close()


async def test_a_cut_answer_is_not_told_of_where_its_conversation_went_on_in_another_program(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    goes_on = await with_cut_answers(path, "one", "two")
    await goes_on.save_node("c0", question("q2", "And?", parent_id="a", at=3.0))
    await goes_on.save_node("c0", answer("a2", "So.", parent_id="q2", at=3.0))
    words = "Cut when the program ended (/resume opens it): “two”."
    assert await cut_answer_words(goes_on, Opening()) == words
    cut = (await goes_on.load("c0"))[1][1]
    await goes_on.save_node("c0", cut)
    assert await cut_answer_words(goes_on, Opening()) == words
    await goes_on.close()
    later = SqliteStore(path)
    assert await cut_answer_words(later, Opening()) == words
    await later.close()


async def test_an_answer_that_a_person_stopped_or_the_line_cut_is_not_offered() -> None:
    services, known = await with_one_saved()
    for outcome in (Outcome.COMPLETE, Outcome.CANCELLED, Outcome.TRUNCATED):
        answered = (await services.store.load(known))[1][-1]
        assert answered.answer is not None
        await services.store.save_node(known, replace(answered, answer=replace(answered.answer, outcome=outcome)))
        assert await cut_answer_words(services.store, Opening()) == ""


async def test_a_store_that_cannot_be_read_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "conversations.db").mkdir()
    store = SqliteStore(tmp_path / "conversations.db")
    assert await cut_answer_words(store, Opening()) == ""
    await store.close()
