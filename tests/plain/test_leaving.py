"""Leaving a plain chat that could not be saved."""

from pathlib import Path

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.full_disk import FullDisk
from tests.plain.support import PlainChat, answer
from tui_chat.core.stream_events import Outcome, Stopped
from tui_chat.plain.leaving import converse_and_leave
from tui_chat.workspace.saving import SAVED_AGAIN, STAYED


def unsaved_chat(folder: Path, store: FullDisk, *typed: str) -> PlainChat:
    services = make_services(ScriptedCompleter(answer("one"), answer("two")), store=store)
    return PlainChat(folder, services=services, typed=typed)


async def test_who_stays_goes_on_and_is_asked_again(tmp_path: Path) -> None:
    chat = unsaved_chat(tmp_path, FullDisk(), "hello", "/quit", "1", "/quit", "3")
    assert await converse_and_leave(chat.chat, "")
    assert chat.said.count("Quit all the same") == 2
    assert STAYED in chat.said
    assert chat.said.count("tried again every few seconds.\n") == 2  # when it failed, and when staying


async def test_it_can_be_written_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    chat = unsaved_chat(tmp_path, FullDisk(), "hello", "/quit", "2", str(file))
    assert await converse_and_leave(chat.chat, "")
    assert '"hello"' in file.read_text()
    assert chat.chat.has_written_elsewhere
    assert str(file) in chat.said


async def test_a_place_that_cannot_be_written_asks_again(tmp_path: Path) -> None:
    chat = unsaved_chat(tmp_path, FullDisk(), "hello", "/quit", "2", str(tmp_path / "no" / "such.json"), "3")
    assert await converse_and_leave(chat.chat, "")
    assert "cannot be written" in chat.said
    assert chat.said.count("Quit all the same") == 2


async def test_what_was_saved_again_is_said_and_nobody_is_asked(tmp_path: Path) -> None:
    store = FullDisk()

    def make_room() -> None:
        store.has_room = True

    completer = ScriptedCompleter(answer("one"), [*opening(), make_room, Stopped(Outcome.COMPLETE, "stop")])
    services = make_services(completer, store=store)
    chat = PlainChat(tmp_path, services=services, typed=("hello", "again", "/quit"))
    assert await converse_and_leave(chat.chat, "")
    assert chat.said.count("The disk is full.") == 1
    assert chat.said.count(SAVED_AGAIN) == 1
    assert "Quit all the same" not in chat.said
    assert (await store.list())[0].messages == 4
