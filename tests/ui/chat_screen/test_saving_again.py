"""The screen while something is not on disk."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.fakes import ScriptedCompleter, make_services
from tests.full_disk import FullDisk
from tests.ui.support import answer, asked_something, chat_app, notes, running, send, until
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.choice import ChoiceDialog
from tui_chat.workspace.saving import SAVED_AGAIN, STAYED


def unsaved_app(folder: Path, store: FullDisk) -> ChatApp:
    return chat_app(folder, services=make_services(ScriptedCompleter(answer("one")), store=store))


async def ask(pilot: Pilot[None], chat: ChatScreen) -> None:
    await send(pilot, chat, "hello")
    await until(pilot, lambda: "unsaved" in chat.status.status.badges and not chat.conversation.is_answering)


async def test_it_is_shown_while_it_lasts_and_said_when_it_is_over(tmp_path: Path) -> None:
    store = FullDisk()
    app = unsaved_app(tmp_path, store)
    async with running(app) as (chat, pilot):
        await ask(pilot, chat)
        assert "tried again every few seconds" in notes(app)
        store.has_room = True
        await chat.conversation.services.unsaved.save_again()
        await until(pilot, lambda: "unsaved" not in chat.status.status.badges)
        assert SAVED_AGAIN in notes(app)
        app.leave(0)
        await until(pilot, lambda: app.return_code == 0)
    assert (await store.list())[0].messages == 2


async def test_who_quits_saves_it_first_where_there_is_room(tmp_path: Path) -> None:
    store = FullDisk()
    app = unsaved_app(tmp_path, store)
    async with running(app) as (chat, pilot):
        await ask(pilot, chat)
        store.has_room = True
        app.leave(0)
        await until(pilot, lambda: app.return_code == 0)
    assert (await store.list())[0].messages == 2


async def test_who_stays_goes_on_and_who_quits_all_the_same_leaves(tmp_path: Path) -> None:
    app = unsaved_app(tmp_path, FullDisk())
    async with running(app) as (chat, pilot):
        await ask(pilot, chat)
        app.leave(0)
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat and STAYED in notes(app))
        assert app.return_code is None
        app.leave(0)
        await asked_something(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: app.return_code == 0)


async def test_it_can_be_written_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = unsaved_app(tmp_path, FullDisk())
    async with running(app) as (chat, pilot):
        await ask(pilot, chat)
        app.leave(0)
        await asked_something(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: not isinstance(app.screen, ChoiceDialog) and app.screen is not chat)
        await pilot.press(*"kept", "enter")
        await until(pilot, lambda: app.return_code == 0)
    assert '"hello"' in (tmp_path / "kept").read_text()


async def test_a_signal_does_not_wait_for_an_answer(tmp_path: Path) -> None:
    app = unsaved_app(tmp_path, FullDisk())
    async with running(app) as (chat, pilot):
        await ask(pilot, chat)
        app.leave(0)
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        app.leave(143)
        await until(pilot, lambda: app.return_code == 143)
