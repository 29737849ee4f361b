"""A document and a recording through the life of a conversation: sent, told in words elsewhere, kept, copied, brought
back, and edited."""

import json
from pathlib import Path

import pytest

from tests.memory_store import MemoryStore
from tests.workspace.conversing import completer_of, said, saying, talking
from tests.workspace.test_attachments import BLIND, PDF, WAV
from tui_chat.chat.session import Session
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Media
from tui_chat.core.request import Request
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.quirks import Quirks
from tui_chat.store.sqlite import SqliteStore
from tui_chat.transcripts.exporting import Choice, exported
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.jsonl import from_jsonl, to_jsonl
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.importing import import_conversation

ALL = ModelInfo(id="all/model", input_modalities=("text", "image", "file", "audio"))
MODELS = (BLIND, ALL)
TEXT = "what says @a.pdf, and what @talk.wav ?"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a document and a recording in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "talk.wav").write_bytes(WAV)
    return tmp_path


async def asked(*more: str) -> OpenConversation:
    """A conversation that began with both."""
    answers = [saying("A page, and silence."), *(saying(words) for words in more)]
    conversation = talking(*answers, models=MODELS, default_model=ALL.id)
    await said(conversation, TEXT)
    return conversation


def types_sent(request: Request) -> list[str]:
    """The types of the blocks of the first question; none where it is words alone."""
    content = json.loads(OpenAIChat().request(request, Quirks()).body)["messages"][0]["content"]
    return [block["type"] for block in content] if isinstance(content, list) else []


async def test_both_are_sent_in_their_own_form() -> None:
    conversation = await asked()
    assert types_sent(completer_of(conversation).requests[0]) == ["file", "input_audio", "text"]


async def test_another_model_is_told_in_words_and_the_first_one_sees_them_again() -> None:
    conversation = await asked("I see none.", "There they are.")
    await conversation.set_model(BLIND.id)
    await said(conversation, "and now?")
    await conversation.set_model(ALL.id)
    await said(conversation, "and now?")

    _, blind, again = completer_of(conversation).requests
    sent = OpenAIChat().request(blind, Quirks())
    first = json.loads(sent.body)["messages"][0]["content"]
    assert first == f"(The PDF a.pdf was here.)\n\n(The sound file talk.wav was here.)\n\n{TEXT}"
    assert sent.left_out == ("files", "audio")
    assert types_sent(again) == ["file", "input_audio", "text"]


async def test_a_fork_and_a_resumed_conversation_hold_every_byte(tmp_path: Path) -> None:
    conversation = await asked()
    question = conversation.session.path[0]
    assert [part.name for part in question.message.parts if isinstance(part, Media)] == ["a.pdf", "talk.wav"]
    forked = await conversation.session.fork(conversation.session.path[-1].id)
    assert forked.path[0].message == question.message

    store = SqliteStore(tmp_path / "chats.db")
    try:
        await import_conversation(store, conversation.session.conversation, conversation.session.path)
        _, nodes = await store.load(conversation.session.conversation.id)
        assert nodes[0].message == question.message
    finally:
        await store.close()
    resumed = await Session.resume(conversation.services, conversation.session.conversation.id)
    assert resumed.path[0].message == question.message


async def test_an_export_that_loses_nothing_comes_back_whole() -> None:
    session = (await asked()).session
    for data, read in (
        (to_json(session.conversation, session.path), from_json),
        (to_jsonl(session.conversation, session.path), from_jsonl),
    ):
        document = read(data.encode())
        store = MemoryStore()
        await import_conversation(store, document.conversation, document.nodes)
        assert (await store.load(session.conversation.id))[1][0].message == session.path[0].message


@pytest.mark.parametrize("form", ["markdown", "text", "html"])
async def test_exports_for_people_name_them_with_type_and_size_and_hold_no_bytes(form: str) -> None:
    session = (await asked()).session
    text = exported(Choice(form), session.conversation, session.tree).text.replace("`", "").replace("*", "")
    assert "a.pdf · application/pdf · 69 B" in text
    assert "talk.wav · audio/wav · 63 KB" in text
    assert "base64," not in text


async def test_an_edited_question_keeps_them_though_the_files_are_gone(folder: Path) -> None:
    conversation = await asked("Still a page.")
    (folder / "a.pdf").unlink()
    (folder / "talk.wav").unlink()
    conversation.edit(conversation.session.path[0])
    await said(conversation, "really, @a.pdf ?")
    parts = conversation.session.path[0].message.parts
    assert [part.name for part in parts if isinstance(part, Media)] == ["a.pdf"]


async def test_at_the_door_they_are_refused_with_a_model_that_takes_both() -> None:
    conversation = talking(models=MODELS, default_model=BLIND.id)
    (words,) = await said(conversation, TEXT)
    assert words.endswith("(blind takes no PDFs (a.pdf is one).)")
    assert not completer_of(conversation).requests
