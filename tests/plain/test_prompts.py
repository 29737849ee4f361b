"""Prompts for words: a command leaves them and is carried out, and a slash is not taken for an answer."""

from pathlib import Path

import pytest

from tests.connectors import NoConnector
from tests.fakes import make_services, opening
from tests.plain.support import PlainChat, answer
from tests.plain.test_chat import CALL, CALLED
from tests.plain.test_connecting import Reached

LEFT = "Left; nothing was changed."


async def test_a_command_at_the_prompt_of_an_address_is_no_address(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, connector=NoConnector(), typed=["/messages", "/quit"])

    await chat.converse("/connect")

    assert LEFT in chat.said
    assert "Asking" not in chat.said
    assert "You: /messages\nThere is no message yet." in chat.said
    assert chat.chat.is_leaving


async def test_a_command_at_the_prompt_of_the_system_prompt_leaves_it_as_it_is(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, typed=["/quit", "not read"])

    await chat.converse("/system")

    assert chat.chat.session.conversation.system == ""
    assert LEFT in chat.said
    assert chat.chat.is_leaving
    assert "not read" not in chat.said


async def test_a_command_at_the_prompt_of_another_question_is_sent_to_nobody(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("Hello"), typed=["/edit", "/facts", "/quit"])

    await chat.converse("Hi")

    assert [node.message.text for node in chat.chat.session.path] == ["Hi", "Hello"]
    assert LEFT in chat.said
    assert "You: /facts\n" in chat.said
    assert chat.chat.is_leaving


@pytest.mark.parametrize("command", ["/rename", "/note", "/find", "/search", "/import"])
async def test_a_command_leaves_every_prompt_for_words(tmp_path: Path, command: str) -> None:
    chat = PlainChat(tmp_path, answer("Hello"), typed=[command, "/quit", "not read"])

    await chat.converse("Hi")

    assert chat.chat.is_leaving
    assert "not read" not in chat.said


async def test_quit_leaves_a_list_and_the_program(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("Hello"), typed=["/messages", "/quit", "not read"])

    await chat.converse("Hi")

    assert "Nothing was chosen." in chat.said
    assert chat.chat.is_leaving
    assert "not read" not in chat.said


async def test_a_slash_that_is_no_command_is_refused_and_the_prompt_stays(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, typed=["/usgae", "//usgae is a word"])

    await chat.converse("/system")

    assert "There is no command /usgae. Did you mean /usage?" in chat.said
    assert chat.chat.session.conversation.system == "/usgae is a word"


async def test_a_script_leaves_the_prompt_with_a_slash_that_is_no_command(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("Hello"), typed=["/usgae", "Hi"])
    chat.lines.is_terminal = False

    await chat.converse("/system")

    assert chat.chat.session.conversation.system == ""
    assert "There is no command /usgae." in chat.said
    assert [node.message.text for node in chat.chat.session.path] == ["Hi", "Hello"]


async def test_a_question_that_begins_with_a_slash_is_edited_as_it_is_typed(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("One"), answer("Two"), typed=["/edit", "//usage is what?"])

    await chat.converse("//usage was what?")

    assert "//usage was what?" in chat.lines.prefills
    assert chat.chat.session.path[0].message.text == "/usage is what?"


async def test_a_path_may_begin_with_a_slash(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, typed=["/nowhere.json"])

    await chat.converse("/import")

    assert "There is no command" not in chat.said
    assert "/nowhere.json" in chat.said.replace("File: /nowhere.json", "")


async def test_a_password_takes_what_is_typed_and_a_command_behind_it_keeps_nothing(tmp_path: Path) -> None:
    connector = Reached(make_services(default_model="b/two"))
    chat = PlainChat(tmp_path, connector=connector, typed=["", "/usage", "/quit", "not read"])

    await chat.converse("/connect")

    assert [key.reveal() for key in connector.keys] == ["/usage"]
    assert connector.kept == []
    assert LEFT in chat.said
    assert chat.chat.session.conversation.model != "b/two"


async def test_a_command_in_the_place_of_a_name_leaves_the_address_without_one(tmp_path: Path) -> None:
    connector = Reached(make_services(default_model="b/two"))
    chat = PlainChat(tmp_path, connector=connector, typed=["", "sr_secret_key_1", "f", "/quit"])

    await chat.converse("/connect")

    assert connector.named == {}
    assert "The address has no name." in chat.said
    assert LEFT not in chat.said
    assert chat.chat.session.conversation.model == "b/two"


async def test_a_command_in_the_place_of_a_result_leaves_the_call_and_is_carried_out(tmp_path: Path) -> None:
    typed = ["1", "/quit", "not read"]
    chat = PlainChat(tmp_path, [*opening(), CALL, CALLED], answer("Sorry."), typed=typed)
    await chat.converse("hi")
    assert "Left without a result." in chat.said
    assert chat.chat.is_leaving
    assert len(chat.chat.session.pending_calls) == 1
    assert "not read" not in chat.said
