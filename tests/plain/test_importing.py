"""`/import` in plain mode says what `history import` says."""

import json
from pathlib import Path

from tests.plain.support import PlainChat
from tests.store.values import answer, question
from tests.transcripts.importers.exports import chatgpt
from tui_chat.core.tree import Conversation
from tui_chat.transcripts.json import to_json
from tui_chat.workspace.importing import OTHER_IDS

CONVERSATION = Conversation("c1", 1.0, "Title", head_id="a")


def exported(folder: Path, text: str = "Why?") -> Path:
    file = folder / "export.json"
    file.write_text(to_json(CONVERSATION, (question("q", text), answer("a", parent_id="q"))))
    return file


async def test_a_conversation_comes_in_once_and_is_opened_by_its_id(tmp_path: Path) -> None:
    command = f"/import {exported(tmp_path)}"
    chat = PlainChat(tmp_path, typed=(command, command, "/resume c1"))
    await chat.converse()
    assert "c1  Title (2 messages)\n/resume c1 opens it.\n" in chat.said
    assert "c1  Title (already here)\n" in chat.said
    assert "Conversation: Title, 2 messages" in chat.said
    assert len(await chat.services.store.list()) == 1


async def test_a_conversation_with_a_known_id_and_other_messages_gets_an_id_of_its_own(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path)
    await chat.services.store.add(CONVERSATION, (question("q", "Something else?"),))
    await chat.converse(f"/import {exported(tmp_path)}")
    assert OTHER_IDS in chat.said
    assert len(await chat.services.store.list()) == 2


async def test_a_file_that_cannot_be_taken_is_named_and_the_chat_goes_on(tmp_path: Path) -> None:
    noise = tmp_path / "noise.json"
    noise.write_text("no export")
    chat = PlainChat(tmp_path, typed=(f"/import {tmp_path / 'missing.json'}", f"/import {noise}", "/queue"))
    await chat.converse()
    assert "missing.json cannot be read" in chat.said
    assert "noise.json: " in chat.said
    assert "Nothing waits." in chat.said
    assert not await chat.services.store.list()


async def test_an_export_of_many_conversations_is_counted_and_what_is_left_out_said(tmp_path: Path) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([chatgpt(), {**chatgpt(), "conversation_id": "other"}]))
    chat = PlainChat(tmp_path, typed=(f"/import {file}",))
    await chat.converse()
    assert "2 conversations (18 messages)\n/resume finds them.\n" in chat.said
    assert "Left out: Hidden messages" in chat.said
