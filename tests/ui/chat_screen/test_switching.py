"""Going from one open conversation to another: what runs goes on, is said, and is there again live."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.connectors import NoConnector
from tests.fakes import Step, make_services, opening
from tests.ui.support import answer, asked_something, chat_app, notes, press, running, send, until
from tests.workspace.conversing import ClosableCompleter, calling, completer_of, ending
from tui_chat.chat.services import Services
from tui_chat.core.stream_events import Outcome, ReasoningDelta, Stopped, TextDelta
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.chat_screen.status_words import state_words
from tui_chat.ui.dialogs.history_picker import HistoryPicker
from tui_chat.ui.dialogs.search_page import SearchPage
from tui_chat.ui.panes.tool_inspector import ToolInspector
from tui_chat.ui.transcript.extraction import all_text, last_answer_text
from tui_chat.workspace.followed import Standing


def gated(gate: asyncio.Event, before: str = "one", after: str = " two") -> list[Step]:
    """An answer that goes on once the gate is open."""
    return [*opening(), TextDelta(before), gate, TextDelta(after), Stopped(Outcome.COMPLETE, "stop")]


def hanging(words: str = "one") -> list[Step]:
    return [*opening(), TextDelta(words)]


async def begun(pilot: Pilot[None], chat: ChatScreen, question: str, words: str = "one") -> str:
    """Ask, and wait until these words have come; the conversation's id."""
    await send(pilot, chat, question)
    await until(pilot, lambda: last_answer_text(chat.transcript.whole) == words)
    return chat.conversation.session.conversation.id


async def begin_another(pilot: Pilot[None], chat: ChatScreen) -> None:
    old = chat.conversation
    await press(pilot, "ctrl+n")
    await until(pilot, lambda: chat.conversation is not old and last_answer_text(chat.transcript.whole) == "")


async def went_to(pilot: Pilot[None], chat: ChatScreen, id_: str) -> None:
    await until(pilot, lambda: chat.conversation.session.conversation.id == id_)


async def test_an_answer_goes_on_out_of_sight_and_says_when_it_is_done(tmp_path: Path) -> None:
    gate = asyncio.Event()
    app = chat_app(tmp_path, gated(gate), answer("other"))
    async with running(app) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        session = chat.conversation.session
        await begin_another(pilot, chat)
        assert chat.status.status.at_work == 1
        await send(pilot, chat, "second question")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "other")
        gate.set()
        await until(pilot, lambda: "“first question” is done. Ctrl+X Ctrl+X goes there." in notes(app))
        assert session.path[-1].message.text == "one two"
        assert chat.status.status.at_work == 0
        assert last_answer_text(chat.transcript.whole) == "other"
        await press(pilot, "ctrl+x", "ctrl+x")
        await went_to(pilot, chat, first)
        assert chat.conversation.session is session
        assert last_answer_text(chat.transcript.whole) == "one two"


async def test_coming_back_shows_what_came_meanwhile_and_follows_it_live(tmp_path: Path) -> None:
    middle, end = asyncio.Event(), asyncio.Event()
    script: list[Step] = [
        *opening(), ReasoningDelta("Hm, "), ReasoningDelta("well."), TextDelta("one"), middle, TextDelta(" two"),
        TextDelta(" three"), end, TextDelta(" four"), Stopped(Outcome.COMPLETE, "stop"),
    ]  # fmt: skip
    async with running(chat_app(tmp_path, script)) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        session = chat.conversation.session
        await begin_another(pilot, chat)
        middle.set()
        await until(pilot, lambda: chat.opened.others[0].progress().characters == len("Hm, well.one two three"))
        await press(pilot, "ctrl+x", "ctrl+x")
        await went_to(pilot, chat, first)
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one two three")
        assert "Hm, well." in all_text(chat.transcript.whole)
        assert state_words(chat.status.status).startswith("writing")
        end.set()
        await until(pilot, lambda: not chat.conversation.is_answering)
        assert last_answer_text(chat.transcript.whole) == "one two three four"
        assert chat.conversation.session is session
        assert chat.status.status.at_work == 0


async def test_an_open_conversation_is_never_opened_twice(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, hanging())) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        conversation = chat.conversation
        await begin_another(pilot, chat)
        await send(pilot, chat, f"/resume {first[:4]}")
        await went_to(pilot, chat, first)
        assert chat.conversation is conversation
        assert conversation.is_answering


async def test_a_conversation_that_rests_is_let_go_of_and_can_be_gone_back_to(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        await until(pilot, lambda: not chat.conversation.is_answering)
        chat.composer.put("a draft")
        await begin_another(pilot, chat)
        await until(pilot, lambda: not chat.opened.others)
        await press(pilot, "ctrl+x", "ctrl+x")
        await went_to(pilot, chat, first)
        await until(pilot, lambda: chat.composer.text == "a draft")
        await press(pilot, "ctrl+x", "ctrl+x")
        await until(pilot, lambda: not chat.conversation.session.path)


async def test_there_is_nothing_to_go_back_to_at_first(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        conversation = chat.conversation
        await press(pilot, "ctrl+x", "ctrl+x")
        await until(pilot, lambda: "no conversation to go back to" in notes(app))
        assert chat.conversation is conversation


async def test_what_waits_is_sent_out_of_sight_and_the_draft_stays_with_its_conversation(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with running(chat_app(tmp_path, gated(gate), answer("next"))) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        session = chat.conversation.session
        await send(pilot, chat, "queued")
        chat.composer.put("a draft")
        await begin_another(pilot, chat)
        assert chat.composer.text == ""
        gate.set()
        await until(pilot, lambda: session.path[-1].message.text == "next")
        await until(pilot, lambda: chat.opened.others[0].standing is Standing.UNREAD)
        await send(pilot, chat, f"/resume {first}")
        await went_to(pilot, chat, first)
        assert chat.composer.text == "a draft"
        assert [node.message.text for node in session.path] == ["first question", "one two", "queued", "next"]


async def test_what_fails_out_of_sight_is_said_and_its_queue_is_in_its_draft(tmp_path: Path) -> None:
    gate = asyncio.Event()
    script = [*ending(Outcome.ERROR, "one")[:-1], gate, ending(Outcome.ERROR)[-1]]
    app = chat_app(tmp_path, script)
    async with running(app) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        await send(pilot, chat, "queued")
        chat.composer.put("a draft")
        await begin_another(pilot, chat)
        gate.set()
        await until(pilot, lambda: "“first question” failed: The line is dead." in notes(app))
        assert chat.composer.text == ""
        assert chat.opened.others[0].standing is Standing.FAILED
        await until(pilot, lambda: "queued" in "".join(f.read_text() for f in (tmp_path / "drafts").glob("*.json")))
        await press(pilot, "ctrl+x", "ctrl+x")
        await went_to(pilot, chat, first)
        await until(pilot, lambda: chat.composer.text == "queued\n\na draft")


async def test_a_call_that_waits_out_of_sight_is_said_and_answered_there(tmp_path: Path) -> None:
    gate = asyncio.Event()
    script = [*calling("get_weather")[:-1], gate, calling("get_weather")[-1]]
    app = chat_app(tmp_path, script, answer("sunny"))
    async with running(app, size=(120, 40)) as (chat, pilot):
        await send(pilot, chat, "weather?")
        await until(pilot, lambda: state_words(chat.status.status).startswith("calling"))
        first = chat.conversation.session.conversation.id
        await begin_another(pilot, chat)
        gate.set()
        await until(pilot, lambda: "“weather?” waits for you." in notes(app))
        await press(pilot, "ctrl+x", "ctrl+x")
        await went_to(pilot, chat, first)
        await until(pilot, lambda: isinstance(chat.side.pane, ToolInspector))
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: chat.side.has_focus_inside)
        await press(pilot, *"21", "enter")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "sunny")


async def test_the_list_has_what_is_at_work_on_top_and_goes_there(tmp_path: Path) -> None:
    gate = asyncio.Event()
    app = chat_app(tmp_path, hanging(), gated(gate, "short", "er"), hanging("three"))
    async with running(app, size=(100, 30)) as (chat, pilot):
        first = await begun(pilot, chat, "long question")
        await begin_another(pilot, chat)
        await begun(pilot, chat, "short question", "short")
        await begin_another(pilot, chat)
        gate.set()
        await until(pilot, lambda: chat.opened.at_work == 1)
        await press(pilot, "f7")
        await until(pilot, lambda: isinstance(app.screen, HistoryPicker))
        rows = [(row.title, row.standing) for row in chat.opened.rows()]
        assert rows == [("short question", Standing.UNREAD), ("long question", Standing.BUSY)]
        await press(pilot, *"long", "enter")
        await went_to(pilot, chat, first)


async def test_quitting_names_what_still_runs_and_stops_all_of_it_only_when_told(tmp_path: Path) -> None:
    app = chat_app(tmp_path, hanging(), hanging("two"))
    async with running(app) as (chat, pilot):
        await begun(pilot, chat, "first question")
        first = chat.conversation
        await begin_another(pilot, chat)
        await begun(pilot, chat, "second question", "two")
        second = chat.conversation
        await press(pilot, "ctrl+q")
        dialog = await asked_something(pilot)
        assert "“first question”" in dialog._words
        assert "“second question”" in dialog._words
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is chat)
        assert first.is_answering
        assert second.is_answering
        await press(pilot, "ctrl+q")
        await asked_something(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: app.return_code == 0)
        for conversation in (first, second):
            _, nodes = await conversation.services.store.load(conversation.session.conversation.id)
            assert [node.answer.outcome for node in nodes if node.answer] == [Outcome.CANCELLED]


async def test_a_signal_stops_and_saves_all_of_them_without_a_question(tmp_path: Path) -> None:
    app = chat_app(tmp_path, hanging(), hanging("two"))
    async with running(app) as (chat, pilot):
        await begun(pilot, chat, "first question")
        first = chat.conversation
        await send(pilot, chat, "queued")
        await begin_another(pilot, chat)
        await begun(pilot, chat, "second question", "two")
        app.leave(143)
        await until(pilot, lambda: app.return_code == 143)
        assert first.session.path[-1].message.text == "one"
        assert not first.is_answering
    assert "queued" in "".join(file.read_text() for file in (tmp_path / "drafts").glob("*.json"))


class Elsewhere(NoConnector):
    """Connects to one other gateway."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def connect_named(self, name: str, key: str = "") -> Services:
        return self._services


async def test_another_gateway_leaves_the_answers_out_of_sight_their_connections(tmp_path: Path) -> None:
    gate = asyncio.Event()
    completer = ClosableCompleter(gated(gate))
    here = make_services(completer)
    there = make_services(ClosableCompleter(answer("there")), store=here.store)
    async with running(chat_app(tmp_path, services=here, connector=Elsewhere(there))) as (chat, pilot):
        await begun(pilot, chat, "first question")
        await begin_another(pilot, chat)
        await send(pilot, chat, "/connect other")
        await until(pilot, lambda: chat.conversation.services is there)
        assert not completer.is_closed
        gate.set()
        await until(pilot, lambda: not chat.opened.at_work)
        await press(pilot, "ctrl+x", "ctrl+x")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one two")
        assert not completer.is_closed
        await begin_another(pilot, chat)
        await send(pilot, chat, "/connect other")
        await until(pilot, lambda: completer.is_closed)


async def test_one_at_work_that_is_deleted_is_counted_no_more(tmp_path: Path) -> None:
    app = chat_app(tmp_path, hanging())
    async with running(app) as (chat, pilot):
        await begun(pilot, chat, "first question")
        await begin_another(pilot, chat)
        assert chat.status.status.at_work == 1
        await press(pilot, "f7")
        await until(pilot, lambda: isinstance(app.screen, HistoryPicker) and app.screen.listed.is_whole)
        await press(pilot, "tab", "d")
        await asked_something(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: chat.status.status.at_work == 0)


class There(NoConnector):
    """Connects to one other gateway."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def connect(self, base_url: str, key: str) -> Services:
        return self._services


@pytest.mark.parametrize("way", ["keys", "id", "list", "place", "search"])
async def test_what_was_said_in_one_conversation_never_goes_to_the_gateway_of_another(tmp_path: Path, way: str) -> None:
    here = make_services(ClosableCompleter(answer("one"), answer("two")))
    there = replace(make_services(ClosableCompleter(answer("three")), default_model="there/model"), store=here.store)
    there = replace(there, new_id=here.new_id, gateway=replace(there.gateway, base_url="http://b.invalid", name="work"))
    app = chat_app(tmp_path, services=here, connector=There(there))
    async with running(app) as (chat, pilot):
        first = await begun(pilot, chat, "first question")
        await begin_another(pilot, chat)
        await send(pilot, chat, "/connect work")
        await until(pilot, lambda: chat.conversation.services is there)
        await begun(pilot, chat, "second question", "three")
        match way:
            case "keys":
                await press(pilot, "ctrl+x", "ctrl+x")
            case "id":
                await send(pilot, chat, f"/resume {first}")
            case "list":
                await press(pilot, "f7")
                await until(pilot, lambda: isinstance(app.screen, HistoryPicker))
                await press(pilot, "down", "enter")
            case "place":
                await press(pilot, "ctrl+x", "2")
            case _:
                await send(pilot, chat, "/search first question")
                await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
                await press(pilot, "enter")
        await went_to(pilot, chat, first)
        await begun(pilot, chat, "more", "two")
        requests = completer_of(chat.conversation).requests
        assert [request.messages[-1].text for request in requests] == ["first question", "more"]
        assert "work" not in chat.status.status.badges
