"""The list of conversations over a chat: opened by key, over a real file, and what it does to the one that is open."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace as changed
from textual.events import AppFocus
from textual.pilot import Pilot

from tests.fakes import ScriptedCompleter, make_services
from tests.memory_store import MemoryStore
from tests.store.values import answer as stored_answer
from tests.store.values import question
from tests.ui.support import answer, asked_something, chat_app, list_files, notes, press, running, send, until
from tui_chat.chat.ports import Store
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.history_picker import HistoryPicker
from tui_chat.ui.fields.row_field import RowField


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "c.db")
    for number in range(3):
        nodes = (question(at=100.0 + number), changed(stored_answer(), created_at=101.0 + number))
        await made.add(Conversation(f"c{number}", 1.0, f"Title {number}", "m", head_id="a"), nodes)
    yield made
    await made.close()


def over(store: Store, folder: Path) -> ChatApp:
    services = make_services(ScriptedCompleter(answer("Yes.")), store=store)
    return chat_app(folder, services=services)


async def opened(app: ChatApp, pilot: Pilot[None]) -> HistoryPicker:
    await press(pilot, "f7")
    await until(pilot, lambda: isinstance(app.screen, HistoryPicker))
    assert isinstance(app.screen, HistoryPicker)
    return app.screen


def titles(picker: HistoryPicker) -> list[str]:
    return [hit.entry.title for hit in picker.finder.items]


def badges(chat: ChatScreen) -> tuple[str, ...]:
    return chat.status.status.badges


async def test_f7_lists_and_enter_opens(store: Store, tmp_path: Path) -> None:
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        picker = await opened(app, pilot)
        assert titles(picker) == ["Title 2", "Title 1", "Title 0"]
        await press(pilot, *"1", "enter")
        await until(pilot, lambda: app.screen is chat and chat.conversation.session.conversation.id == "c1")


async def test_deleting_the_open_one_asks_and_begins_a_new_one(store: Store, tmp_path: Path) -> None:
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/resume c2")
        await until(pilot, lambda: chat.conversation.session.conversation.id == "c2")
        picker = await opened(app, pilot)
        await press(pilot, "tab", "d")
        dialog = await asked_something(pilot)
        assert "“Title 2” is open: a new conversation is begun." in dialog._words
        await press(pilot, "y")
        await until(pilot, lambda: titles(picker) == ["Title 1", "Title 0"])
        assert not chat.conversation.session.path
        assert "Deleted “Title 2”. u brings it back until you quit." in notes(app)
        await press(pilot, "u")
        await until(pilot, lambda: titles(picker) == ["Title 2", "Title 1", "Title 0"])


async def test_what_was_deleted_is_brought_back_in_a_list_that_is_opened_later(store: Store, tmp_path: Path) -> None:
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        picker = await opened(app, pilot)
        await press(pilot, "tab", "d")
        await until(pilot, lambda: titles(picker) == ["Title 1", "Title 0"])
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is chat)
        picker = await opened(app, pilot)
        await press(pilot, "tab", "u")
        await until(pilot, lambda: titles(picker) == ["Title 2", "Title 1", "Title 0"])


async def test_renaming_the_open_one_in_its_row_renames_it_in_the_chat(store: Store, tmp_path: Path) -> None:
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/resume c2")
        await until(pilot, lambda: chat.conversation.session.conversation.id == "c2")
        picker = await opened(app, pilot)
        await press(pilot, "tab", "r")
        await until(pilot, lambda: isinstance(picker.focused, RowField))
        await press(pilot, *"!", "enter")
        await until(pilot, lambda: chat.conversation.session.conversation.title == "Title 2!")
        await until(pilot, lambda: titles(picker)[0] == "Title 2!")


async def test_what_another_program_did_to_the_open_one_is_seen_when_the_window_is_looked_at(
    store: Store, tmp_path: Path
) -> None:
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/resume c2")
        await until(pilot, lambda: chat.conversation.session.conversation.id == "c2")
        await store.rename("c2", "From the shell")
        await store.set_archived("c2", True)
        app.post_message(AppFocus())
        await until(pilot, lambda: chat.conversation.session.conversation.title == "From the shell")
        await until(pilot, lambda: "archived" in badges(chat))


async def test_an_archived_conversation_opens_and_says_what_it_is(store: Store, tmp_path: Path) -> None:
    await store.set_archived("c1", True)
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        picker = await opened(app, pilot)
        await press(pilot, "f6")
        await until(pilot, lambda: titles(picker) == ["Title 1"])
        await press(pilot, "enter")
        await until(pilot, lambda: "archived" in badges(chat))
        await send(pilot, chat, "/archive")
        await until(pilot, lambda: "archived" not in badges(chat))
        assert "Brought back “Title 1”." in notes(app)
        await send(pilot, chat, "/archive")
        await until(pilot, lambda: "archived" in badges(chat))
        await send(pilot, chat, "/new")
        await until(pilot, lambda: "archived" not in badges(chat))


async def test_what_is_not_saved_is_not_archived(store: Store, tmp_path: Path) -> None:
    app = over(store, tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/archive")
        await until(pilot, lambda: "Nothing of this conversation is saved yet." in notes(app))


async def test_w_saves_the_conversation_under_the_cursor_as_markdown(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = over(store, tmp_path)
    async with running(app) as (_, pilot):
        await opened(app, pilot)
        await press(pilot, "tab", "down", "w")
        await until(pilot, lambda: "Saved to" in notes(app))
    (saved,) = (file for file in list_files(tmp_path) if file.suffix == ".md")
    assert "Because." in saved.read_text()
