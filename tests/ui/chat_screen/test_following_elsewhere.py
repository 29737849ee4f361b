"""An answer that another program is writing, in sight."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.events import AppFocus

from tests.fakes import ScriptedCompleter, make_services
from tests.store.values import answer, question
from tests.ui.chat_screen.test_shaping import heads
from tests.ui.support import answer as said
from tests.ui.support import chat_app, notes, press, running, send, until
from tests.workspace.test_elsewhere import store_with_half
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.marks import Marks
from tui_chat.core.stream_events import TextDelta
from tui_chat.ui.chat_screen import coming_back, following_elsewhere
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.search_page import SearchPage
from tui_chat.workspace.elsewhere import WORDS
from tui_chat.workspace.opening import Opening


def shown(chat: ChatScreen) -> str:
    return "\n".join(section.source for section in chat.transcript.whole.sections)


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following_elsewhere, "LOOKS_EVERY_S", 0.01)


async def test_it_is_said_grows_and_ends_in_sight_and_nothing_is_sent_onto_its_half(tmp_path: Path) -> None:
    store = await store_with_half()
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(resume_id="c1"))
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: WORDS in notes(app))
        assert "Half" in shown(chat)
        await send(pilot, chat, "And then?")
        await until(pilot, lambda: "Nothing was sent" in notes(app) and chat.composer.text == "And then?")
        await store.append_journal("c1", "a", [TimedEvent(0.9, TextDelta(" and"))])
        await until(pilot, lambda: "Half and" in shown(chat))
        assert chat.transcript.whole.is_growing
        await store.save_node("c1", answer(text="Half and whole"))
        await until(pilot, lambda: "Half and whole" in shown(chat) and not chat.transcript.whole.is_growing)
        assert len(chat.conversation.session.path) == 2


async def test_who_asks_right_behind_its_end_has_all_of_it_in_sight_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_elsewhere, "LOOKS_EVERY_S", 60)
    store = await store_with_half()
    services = make_services(ScriptedCompleter(said("two")), store=store)
    async with running(chat_app(tmp_path, services=services, opens_with=Opening(resume_id="c1"))) as (chat, pilot):
        await until(pilot, lambda: "Half" in shown(chat))
        await store.save_node("c1", answer(text="Half and whole"))
        await send(pilot, chat, "And then?")
        await until(pilot, lambda: "two" in shown(chat) and not chat.conversation.is_answering)
        assert shown(chat).count("Half and whole") == 1
        assert len(chat.conversation.session.path) == 4


async def test_what_another_program_marks_and_adds_beside_is_told_once_it_is_looked_at(tmp_path: Path) -> None:
    store = await store_with_half()
    await store.save_node("c1", answer(text="Whole"))
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(resume_id="c1"))
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: "Whole" in shown(chat))
        await store.save_node("c1", replace(answer(text="Whole"), marks=Marks(labels=("good",))))
        app.post_message(AppFocus())
        await until(pilot, lambda: "#good" in heads(chat))
        await store.save_node("c1", answer("a2", "Another"))
        app.post_message(AppFocus())
        await until(pilot, lambda: "‹ 1/2 ›" in heads(chat))
        await store.save_node("c1", replace(answer(text="Whole"), marks=Marks(is_deleted=True)))
        app.post_message(AppFocus())
        await until(pilot, lambda: "Whole" not in shown(chat))


@pytest.mark.parametrize(
    "looks", ["at the window", "by a key in a terminal without focus", "by resuming it", "where a word was found"]
)
async def test_what_another_program_asks_meanwhile_is_shown_once_it_is_looked_at_and_its_answer_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: str
) -> None:
    store = await store_with_half()
    await store.save_node("c1", answer(text="Whole"))
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(resume_id="c1"))
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: "Whole" in shown(chat))
        await store.add(replace((await store.load("c1"))[0], head_id="q2"), [question("q2", "Quokka?", parent_id="a")])
        await store.save_node("c1", answer("a2", "Ye", parent_id="q2", outcome=None))
        await store.save_conversation(replace((await store.load("c1"))[0], head_id="a2"))
        match looks:
            case "at the window":
                app.post_message(AppFocus())
            case "by a key in a terminal without focus":
                monkeypatch.setattr(coming_back, "REST_S", 0.0)
                await press(pilot, "a")
            case "by resuming it":
                await send(pilot, chat, "/resume c1")
            case _:
                await send(pilot, chat, "/search Quokka")
                await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
                await press(pilot, "enter")
        await until(pilot, lambda: "Quokka?" in shown(chat) and WORDS in notes(app))
        await store.save_node("c1", answer("a2", "Yes, a quokka.", parent_id="q2", cost="0.5"))
        await until(pilot, lambda: "Yes, a quokka." in shown(chat) and not chat.transcript.whole.is_growing)
        assert chat.status.status.spending.usd == Decimal("0.5")
