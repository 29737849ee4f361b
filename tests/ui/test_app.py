"""The app: starting, breaking, leaving."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from tests.fakes import ScriptedCompleter, make_services
from tests.memory_store import MemoryStore
from tests.store.values import question
from tests.ui.support import answer, chat_app, list_files, notes, running, send, starting, until
from tests.ui.transcript.samples import long_path
from tui_chat.chat.services import Services
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import PROGRAM_ENDED, ErrorKind, Failure, SettingsError
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.redact import remember
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.crash_report import describe
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.prompt import TextDialog, TextField
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.ui.transcript.view import TranscriptView
from tui_chat.workspace import opening
from tui_chat.workspace.opening import Opening


async def test_the_first_screen_is_made_of_few_widgets(tmp_path: Path) -> None:
    async with chat_app(tmp_path).run_test() as pilot:
        assert len(list(pilot.app.screen.walk_children())) < 10


async def test_a_screen_that_is_removed_is_styled_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    styled: set[str] = set()
    apply = Stylesheet.apply

    def note(sheet: Stylesheet, node: DOMNode, **given: Any) -> None:
        styled.update(type(part).__name__ for part in node.ancestors_with_self)
        apply(sheet, node, **given)

    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.app.push_screen(TextDialog("a title"))
        await until(pilot, lambda: isinstance(chat.app.focused, TextField))
        monkeypatch.setattr(Stylesheet, "apply", note)
        await pilot.press("escape")
        await until(pilot, lambda: chat.app.focused is chat.composer)
        assert ChatScreen.__name__ in styled
        assert TextDialog.__name__ not in styled
        styled.clear()
    assert not styled


async def test_services_that_cannot_be_made_are_said_and_typing_goes_on(tmp_path: Path) -> None:
    def make() -> Services:
        raise SettingsError("The tools file is [/broken].", "Mend it.")

    app = chat_app(tmp_path, make=make)
    async with starting(app) as (chat, pilot):
        await until(pilot, lambda: "[/broken]" in notes(app))
        await pilot.press(*"text")
        assert chat.composer.text == "text"


async def test_what_is_wrong_in_the_settings_is_said(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="retries = 'many'\n")
    async with running(app) as (_, pilot):
        await until(pilot, lambda: "retries" in notes(app))


async def test_the_latest_conversation_comes_back_whole(tmp_path: Path) -> None:
    store = MemoryStore()
    first = make_services(ScriptedCompleter(answer("remembered")), store=store)
    async with running(chat_app(tmp_path, services=first)) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(continue_latest=True))
    async with running(app) as (chat, pilot):
        assert [node.message.text for node in chat.conversation.session.path] == ["question", "remembered"]
        assert last_answer_text(chat.transcript.whole) == "remembered"
        await pilot.press("up")
        assert chat.composer.text == "question"


def shown(chat: ChatScreen) -> list[str]:
    """The rows of the transcript."""
    return [chat.transcript.render_line(y).text.rstrip() for y in range(chat.transcript.size.height)]


async def test_the_end_of_a_long_conversation_is_seen_while_all_of_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SlowStore(MemoryStore):
        is_read = asyncio.Event()

        async def load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
            await self.is_read.wait()
            return await super().load(id_prefix)

        async def load_end(self, conversation_id: str, count: int) -> tuple[Node, ...]:
            conversation, nodes = await super().load(conversation_id)
            return Tree(nodes).path(conversation.head_id)[-count:]

    monkeypatch.setattr(opening, "LONG", 100)
    store = SlowStore()
    parents = (None, *(node.id for node in long_path(200)))
    path = tuple(replace(node, parent_id=parent) for node, parent in zip(long_path(200), parents, strict=False))
    await store.add(Conversation("c1", 1.0, "Long", head_id="a199"), path)
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(resume_id="c1"))
    async with starting(app) as (chat, pilot):
        await until(pilot, lambda: any(view.virtual_size.height > 100 for view in chat.query(TranscriptView)))
        end = shown(chat)
        await pilot.press(*"typed")
        assert not chat.conversation.is_open
        store.is_read.set()
        await until(pilot, lambda: chat.conversation.is_open)
        assert "That is all." in "".join(end)
        assert shown(chat) == end
        assert chat.conversation.session.path == path
        assert [node.id for node in chat.transcript.whole.path] == [node.id for node in path]
        assert chat.composer.text == "typed"


async def test_a_crash_report_shows_no_local_variables_and_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLROUTER_API_KEY", "sr_environment_key")
    app = chat_app(tmp_path)

    def broken() -> None:
        words = "what the person wrote"
        raise RuntimeError(f"broke with sr_secret_key_1234 and \x1b[31m {len(words)}")

    async def break_it() -> None:
        async with running(app) as (_, pilot):
            app.call_later(broken)
            await until(pilot, lambda: app.return_code is not None)

    with pytest.raises(RuntimeError):
        await break_it()
    assert app.return_code == 1
    report = next(file for file in list_files(tmp_path) if file.name.startswith("crash-"))
    text = report.read_text()
    assert "RuntimeError" in text
    assert "what the person wrote" not in text
    assert "sr_secret_key_1234" not in text
    assert "\x1b" not in text
    assert report.stat().st_mode & 0o077 == 0


def test_a_description_masks_keys_wherever_they_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLROUTER_API_KEY", "odd:key:of:mine")
    text = describe(ValueError("odd:key:of:mine, sk-abcdefghij, Authorization: Bearer xyz.123"))
    assert "mine" not in text
    assert "abcdefghij" not in text
    assert "xyz.123" not in text


def test_a_description_masks_what_the_program_has_learned() -> None:
    remember("learned:from:a:command")
    assert "learned" not in describe(ValueError("Illegal header value learned:from:a:command"))


async def test_what_was_not_sent_is_back_after_the_terminal_was_closed(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.composer.put("half a thought")
        app.leave(129)
        await until(pilot, lambda: app.return_code is not None)
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await until(pilot, lambda: chat.composer.text == "half a thought")


async def test_a_dialog_that_opens_as_the_program_ends_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = chat_app(tmp_path)
    leaves = app.exit

    def leave_while_one_opens(*, return_code: int) -> None:
        leaves(return_code=return_code)
        app.action_command_palette()

    monkeypatch.setattr(app, "exit", leave_while_one_opens)
    async with running(app) as (_, pilot):
        app.leave(143)
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 143
    assert not [file for file in list_files(tmp_path) if file.name.startswith("crash-")]


async def test_a_crash_keeps_the_draft(tmp_path: Path) -> None:
    app = chat_app(tmp_path)

    def broken() -> None:
        raise RuntimeError("broke")

    async def break_it() -> None:
        async with running(app) as (chat, pilot):
            chat.composer.put("half a thought")
            app.call_later(broken)
            await until(pilot, lambda: app.return_code is not None)

    with pytest.raises(RuntimeError):
        await break_it()
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await until(pilot, lambda: chat.composer.text == "half a thought")


async def test_a_conversation_resumed_as_temporary_is_not_written_to(tmp_path: Path) -> None:
    store = MemoryStore()
    first = make_services(ScriptedCompleter(answer("kept")), store=store)
    async with running(chat_app(tmp_path, services=first)) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
    services = make_services(ScriptedCompleter(answer("forgotten")), store=store)
    opening = Opening(continue_latest=True, is_temporary=True)
    async with running(chat_app(tmp_path, services=services, opens_with=opening)) as (chat, pilot):
        assert "temporary" in chat.status.status.badges
        await send(pilot, chat, "secret")
        await until(
            pilot, lambda: not chat.conversation.is_answering and last_answer_text(chat.transcript.whole) == "forgotten"
        )
    _, nodes = await store.load(await store.latest_id() or "")
    assert [node.message.text for node in nodes] == ["question", "kept"]


class DamagedStore(MemoryStore):
    """Has something to tell, once."""

    def __init__(self) -> None:
        super().__init__()
        self._told = ["A damaged file was moved aside."]

    def notices(self) -> tuple[str, ...]:
        told, self._told = tuple(self._told), []
        return told


async def test_what_the_store_has_to_tell_is_said(tmp_path: Path) -> None:
    app = chat_app(tmp_path, services=make_services(store=DamagedStore()))
    async with running(app) as (_, pilot):
        await until(pilot, lambda: "moved aside" in notes(app))


async def test_an_answer_that_was_cut_by_the_end_of_its_program_is_offered(tmp_path: Path) -> None:
    store = MemoryStore()
    ended = Failure(ErrorKind.INTERNAL, "The program ended.", "Ask again.", code=PROGRAM_ENDED)
    info = AnswerInfo("m", outcome=Outcome.TRUNCATED, failure=ended)
    nodes = (question("q", "Why?"), Node("a", "q", 1.0, Message(Role.ASSISTANT, (Text("Because"),)), info))
    await store.add(Conversation("c1", 1.0, head_id="a"), nodes)
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (_, pilot):
        await until(pilot, lambda: "Cut when the program ended (/resume opens it): “Why?”" in notes(app))


async def test_leaving_while_an_answer_streams_keeps_it(tmp_path: Path) -> None:
    from tests.fakes import opening
    from tui_chat.core.stream_events import TextDelta

    store = MemoryStore()
    services = make_services(ScriptedCompleter([*opening(), TextDelta("half")]), store=store)
    app = chat_app(tmp_path, services=services)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "half")
        app.leave(143)
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 143
    _, nodes = await store.load(await store.latest_id() or "")
    assert nodes[-1].message.text == "half"
