"""Keys that are read in one go: each goes where the one before it has led, and none is lost."""

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.fakes import make_services
from tests.memory_store import MemoryStore
from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs import choice
from tui_chat.ui.dialogs.choice import ChoiceDialog, either
from tui_chat.ui.dialogs.tree_page import TreePage
from tui_chat.ui.keys import turns
from tui_chat.workspace.opening import Opening


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine builds a dialog slowly, and writes slowly."""
    monkeypatch.setattr(turns, "LONGEST_S", 10.0)
    monkeypatch.setattr(turns, "GOES_ON_S", 60.0)


def press(app: ChatApp, *keys: str) -> None:
    """Send keys as they come out of one read."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def in_the_transcript(pilot: Pilot[None], chat: ChatScreen) -> None:
    await send(pilot, chat, "first")
    await until(pilot, lambda: chat.conversation.is_open and not chat.conversation.is_answering)
    await pilot.press("shift+tab")


async def test_a_key_that_opens_a_dialog_opens_one_however_often_it_comes(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (chat, pilot):
        await in_the_transcript(pilot, chat)
        press(app, "t", "t", "t", "down")
        await until(pilot, lambda: isinstance(app.screen, TreePage) and app.screen.is_mounted)
        await pilot.pause()
        assert [type(screen) for screen in app.screen_stack] == [ChatScreen, TreePage]


async def test_what_follows_a_key_goes_to_the_dialog_that_it_opened_and_to_the_chat_once_that_is_left(
    tmp_path: Path,
) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (chat, pilot):
        await in_the_transcript(pilot, chat)
        press(app, "t", "enter", "t", "escape", "t", "slash", *"fir")
        await until(pilot, lambda: isinstance(app.screen, TreePage) and app.screen.is_mounted)
        await until(pilot, lambda: app.screen.query_one(Input).value == "fir")
        press(app, "escape", "escape", "escape", *"words")
        await until(pilot, lambda: chat.composer.text == "words")
        assert app.screen is chat


async def test_text_behind_enter_is_the_beginning_of_the_next_message(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (chat, pilot):
        press(app, *"some words", "enter", *"and more")
        app.post_message(events.Paste(" pasted"))
        press(app, *" then")
        await until(pilot, lambda: chat.composer.text == "and more pasted then")
        await until(pilot, lambda: [node.message.text for node in chat.conversation.session.path][:1] == ["some words"])


async def test_a_sentence_goes_on_in_its_field_though_a_question_comes_up_and_after_a_pause_its_keys_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[bool | None] = []
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press(*"is my to")
        app.push_screen(either("Delete it?", "All of it.", no="Keep it", yes="Delete it"), answers.append)
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog) and app.screen.is_mounted)
        monkeypatch.setattr(choice, "SETTLES_S", 0.0)
        await pilot.press(*"yota new?")
        assert (chat.composer.text, answers) == ("is my toyota new?", [])
        monkeypatch.setattr(turns, "GOES_ON_S", 0.0)
        await pilot.press("y")
        await until(pilot, lambda: answers == [True])
        assert chat.composer.text == "is my toyota new?"


async def test_a_sentence_that_begins_under_a_question_which_came_by_itself_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "SETTLES_S", 0.0)
    answers: list[bool | None] = []
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        app.push_screen(either("Use them?", "All of them.", no="Ignore them", yes="Use them"), answers.append)
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog) and app.screen.is_mounted)
        await pilot.press(*"tell me why")
        assert (chat.composer.text, answers) == ("tell me why", [])


@pytest.mark.parametrize("leaves", ["key", "click"])
async def test_what_is_typed_behind_another_key_or_a_click_goes_where_that_led(tmp_path: Path, leaves: str) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press(*"words")
        if leaves == "key":
            await pilot.press("f1")
        else:
            app.push_screen(either("Delete it?", "All of it.", no="Keep it", yes="Delete it"))
            await until(pilot, lambda: isinstance(app.screen, ChoiceDialog) and app.screen.is_mounted)
            await pilot.click(offset=(2, 2))
        await pilot.press("x")
        assert chat.composer.text == "words"


async def test_a_key_whose_work_takes_long_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_S", 0.05)
    app, gate = chat_app(tmp_path), asyncio.Event()
    async with running(app) as (chat, _):
        chat.call_later(gate.wait)
        press(app, "escape", *"words")
        try:
            async with asyncio.timeout(10):
                while chat.composer.text != "words":  # noqa: ASYNC110 - a pilot would wait for the work
                    await asyncio.sleep(0.01)
        finally:
            gate.set()


class SlowToOpen(MemoryStore):
    """Is asked for a conversation before it can give one."""

    def __init__(self) -> None:
        super().__init__()
        self.may_open = asyncio.Event()

    async def latest_id(self) -> str | None:
        await self.may_open.wait()
        return None


async def test_words_behind_a_key_that_waits_for_the_start_go_where_it_leads(tmp_path: Path) -> None:
    store = SlowToOpen()
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(continue_latest=True))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, ChatScreen) and app.screen.composer.has_focus)
        chat = app.screen
        assert isinstance(chat, ChatScreen)
        press(app, "f9", *"words")
        await until(
            pilot, lambda: "Still starting" in chat.noting.notes.current.words if chat.noting.notes.current else False
        )
        press(app, *" sought")
        await pilot.pause()
        assert chat.composer.text == ""
        store.may_open.set()
        await until(pilot, lambda: app.screen is not chat and app.screen.query_one(Input).value == "words sought")
        assert chat.composer.text == ""
