"""The chat screen: sending, streaming, stopping, queueing, and never losing what was typed."""

import asyncio
import json
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.widget import Widget

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.ui.support import answer, chat_app, list_files, notes, press, running, send, starting, until
from tui_chat.chat.session_events import Phase
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import Connected, Outcome, Stopped, TextDelta, ToolCallDelta
from tui_chat.ui.chat_screen.queue_line import QueueLine
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.chat_screen.status_words import state_words
from tui_chat.ui.panes.model_pane import ModelPane
from tui_chat.ui.panes.tool_inspector import ToolInspector
from tui_chat.ui.panes.usage_pane import UsagePane
from tui_chat.ui.rows.edge import Edge
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.workspace.opening import Opening


async def test_enter_sends_and_the_answer_is_shown(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("hel", "lo"))) as (chat, pilot):
        await pilot.press(*"hi", "enter")
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == "hello" and not chat.conversation.is_answering
        )
        assert chat.composer.text == ""
        assert chat.status.status.phase is Phase.READY


async def test_a_prompt_given_at_the_start_is_sent_at_once(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("here"), opens_with=Opening(prompt="/not a command"))
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "here")
        assert chat.conversation.session.path[0].message.text == "/not a command"


async def test_enter_waits_for_the_services_and_so_does_what_is_typed_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    services = make_services(ScriptedCompleter(answer("late")))

    def make() -> object:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        return services

    app = chat_app(tmp_path, make=make)  # type: ignore[arg-type]  # the gate is worth a looser type
    async with starting(app) as (chat, pilot):
        said = asyncio.Event()
        monkeypatch.setattr(chat, "note", lambda words, **_: said.set() if "Still starting" in words else None)
        for key in ("enter", *"early", "enter", *"next"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await asyncio.wait_for(said.wait(), 10)  # a pilot would wait for the keys, too
        assert not chat.conversation.is_open
        assert chat.composer.text == "early"
        gate.set()
        await until(pilot, lambda: chat.conversation.is_open and last_answer_text(chat.transcript.whole) == "late")
        assert chat.conversation.session.path[0].message.text == "early"
        assert chat.composer.text == "next"


async def test_escape_stops_and_keeps_what_arrived(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, [*opening(), TextDelta("half of")])) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        await pilot.press("escape")
        await until(pilot, lambda: not chat.conversation.is_answering)
        info = chat.conversation.session.path[-1].answer
        assert info is not None
        assert info.outcome is Outcome.CANCELLED
        assert last_answer_text(chat.transcript.whole) == "half of"
        assert chat.status.status.phase is Phase.READY


async def test_escape_leads_from_the_conversation_to_the_composer_before_it_stops_the_answer(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, [*opening(), TextDelta("half of")])) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        await pilot.press("tab")
        await until(pilot, lambda: chat.composer.placeholder == "Esc to write")
        await pilot.press("escape")
        await until(pilot, lambda: chat.composer.has_focus)
        assert chat.conversation.is_answering
        await pilot.press("escape")
        await until(pilot, lambda: not chat.conversation.is_answering)


async def test_escape_stops_while_connecting(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, [])) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.status.status.phase is Phase.CONNECTING)
        await pilot.press("escape")
        await until(pilot, lambda: not chat.conversation.is_answering)
        assert chat.conversation.session.path[0].message.text == "go"


async def test_a_message_sent_while_an_answer_streams_follows_it(tmp_path: Path) -> None:
    gate = asyncio.Event()
    first = [*opening(), TextDelta("one"), gate, Stopped(Outcome.COMPLETE, "stop")]
    async with running(chat_app(tmp_path, first, answer("two"))) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        await send(pilot, chat, "second")
        assert chat.conversation.outbox.messages == ("second",)
        assert chat.query_one(QueueLine).display
        gate.set()
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "two")
        assert not chat.query_one(QueueLine).display


async def test_stopping_gives_queued_messages_back(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, [*opening(), TextDelta("one")])) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        await send(pilot, chat, "second")
        chat.composer.put("third")
        await pilot.press("escape")
        await until(pilot, lambda: not chat.conversation.is_answering)
        await until(pilot, lambda: chat.composer.text == "second\n\nthird")


async def test_a_failure_is_shown_and_retry_asks_again(tmp_path: Path) -> None:
    failure = Failure(ErrorKind.GATEWAY, "It fell over.", "Try again.", retryable=True)
    app = chat_app(tmp_path, [Connected(), Stopped(Outcome.ERROR, failure=failure)], answer("well"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering)
        assert chat.composer.text == ""
        assert chat.conversation.session.path[0].message.text == "question"
        await send(pilot, chat, "/retry")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "well")
        assert [node.message.text for node in chat.conversation.session.path] == ["question", "well"]


async def test_a_slash_doubled_is_sent_as_text(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("yes"))) as (chat, pilot):
        await send(pilot, chat, "//help me")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "yes")
        assert chat.conversation.session.path[0].message.text == "/help me"


async def test_an_unknown_command_is_said_and_stays(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/frobnicate [red] now")
        assert chat.composer.text == "/frobnicate [red] now"
        assert "/frobnicate" in notes(app)


async def test_a_call_that_waits_takes_the_focus_from_nobody_and_its_result_lets_the_model_go_on(
    tmp_path: Path,
) -> None:
    call = [*opening(), ToolCallDelta(0, "c1", "get_weather", "{}"), Stopped(Outcome.COMPLETE, "tool_calls")]
    async with running(chat_app(tmp_path, call, answer("sunny")), size=(120, 40)) as (chat, pilot):
        await send(pilot, chat, "weather?")
        await until(pilot, lambda: isinstance(chat.side.pane, ToolInspector))
        assert state_words(chat.status.status) == "waits for you · Ctrl+O"
        assert "get_weather waits for your answer." in notes(chat.app)
        assert "Ctrl+O answer it" in chat.frame.bottom_edge.words
        await pilot.press(*"a draft")
        assert (chat.composer.text, chat.side.has_focus_inside) == ("a draft", False)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: chat.side.has_focus_inside)
        await pilot.press(*"21 degrees", "enter")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "sunny")
        assert chat.status.status.phase is Phase.READY


async def test_a_conversation_whose_call_waits_says_so_when_it_is_opened_again(tmp_path: Path) -> None:
    call = [*opening(), ToolCallDelta(0, "c1", "get_weather", "{}"), Stopped(Outcome.COMPLETE, "tool_calls")]
    async with running(chat_app(tmp_path, call), size=(120, 40)) as (chat, pilot):
        await send(pilot, chat, "weather?")
        await until(pilot, lambda: chat.conversation.session.pending_calls)
        session = chat.conversation.session
        chat.composer.focus()
        await send(pilot, chat, "/new")
        await until(pilot, lambda: chat.conversation.session is not session)
        assert state_words(chat.status.status) == "ready"
        await chat.open(session)
        assert state_words(chat.status.status) == "waits for you · Ctrl+O"


async def test_ctrl_c_stops_then_clears_then_quits(tmp_path: Path) -> None:
    app = chat_app(tmp_path, [*opening(), TextDelta("half")])
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        chat.composer.put("a draft")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not chat.conversation.is_answering)
        assert chat.composer.text == "a draft"
        await pilot.press("ctrl+c")
        assert chat.composer.text == ""
        await pilot.press("ctrl+z")
        assert chat.composer.text == "a draft"
        await pilot.press("ctrl+c", "ctrl+c", "ctrl+c")
        await until(pilot, lambda: app.return_code is not None)
        assert app.return_code == 0


async def test_ctrl_c_copies_a_selection_once_and_then_stops(tmp_path: Path) -> None:
    app = chat_app(tmp_path, [*opening(), TextDelta("half")])
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        chat.composer.put("a draft")
        chat.composer.select_all()
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app.clipboard == "a draft")
        assert chat.conversation.is_answering
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not chat.conversation.is_answering)
        assert chat.composer.text == "a draft"


async def test_escape_leaves_the_pane_one_is_in_then_stops_then_closes_the_other(tmp_path: Path) -> None:
    app = chat_app(tmp_path, [*opening(), TextDelta("half")])
    async with running(app, size=(120, 40)) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: chat.side.has_focus_inside)
        await pilot.press("escape")
        await until(pilot, lambda: chat.side.pane is None)
        assert chat.conversation.is_answering
        await pilot.press("f3")
        await until(pilot, lambda: chat.side.has_focus_inside)
        chat.composer.focus()
        await pilot.press("escape")
        await until(pilot, lambda: not chat.conversation.is_answering)
        assert chat.side.pane is not None
        await pilot.press("escape")
        await until(pilot, lambda: chat.side.pane is None)


async def test_ctrl_d_quits_only_where_nothing_is_written(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.composer.put("ab")
        chat.composer.move_cursor((0, 0))
        await pilot.press("ctrl+d")
        assert chat.composer.text == "b"
        await pilot.press("ctrl+d")
        assert app.return_code is None
        await pilot.press("ctrl+d")
        await until(pilot, lambda: app.return_code is not None)


def _is_open(chat: ChatScreen, kind: type[Widget]) -> bool:
    return isinstance(chat.side.pane, kind)


async def test_panes_open_by_key_and_close_by_escape(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        for key, kind in (("ctrl+l", ModelPane), ("ctrl+o", ToolInspector), ("f3", UsagePane)):
            await pilot.press(key)
            await until(pilot, partial(_is_open, chat, kind))
            await pilot.press("escape")
            await until(pilot, lambda: chat.side.pane is None)
            assert chat.composer.has_focus


async def test_a_pane_lies_beside_the_transcript_or_over_it(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one")), size=(120, 40)) as (chat, pilot):
        await send(pilot, chat, "first")
        await pilot.press("f3")
        await until(pilot, lambda: chat.side.pane is not None and chat.side.size.width)
        assert chat.transcript.outer_size.width + chat.side.outer_size.width == 120
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: chat.side.outer_size.width == 60)
        assert chat.transcript.outer_size.width == 60


async def test_switching_the_model_keeps_the_conversation(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one")
        await send(pilot, chat, "/model other/model")
        await until(pilot, lambda: chat.status.status.model == "other/model")
        await pilot.press("f2")
        await until(pilot, lambda: chat.status.status.model == "test/model")
        assert len(chat.conversation.session.path) == 2


async def test_editing_asks_in_the_place_of_the_question(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        await send(pilot, chat, "frist")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await send(pilot, chat, "/edit")
        assert chat.composer.text == "frist"
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "two")
        assert [node.message.text for node in chat.conversation.session.path] == ["first", "two"]
        assert len(chat.conversation.session.tree) == 4


async def test_saving_says_which_file(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("kept"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await send(pilot, chat, f"/save {tmp_path / 'out.md'}")
        await until(pilot, (tmp_path / "out.md").exists)
        assert "kept" in (tmp_path / "out.md").read_text()
        await until(pilot, lambda: "out.md" in notes(app))


async def test_a_new_chat_keeps_the_model_and_shows_nothing_of_the_old(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        old = chat.conversation.session.conversation.id
        await pilot.press("ctrl+n")
        await until(pilot, lambda: chat.conversation.session.conversation.id != old)
        assert chat.conversation.session.conversation.model == "test/model"
        assert last_answer_text(chat.transcript.whole) == ""


async def test_a_temporary_chat_is_badged_and_remembers_no_prompt(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), opens_with=Opening(is_temporary=True))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "secret")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        assert "temporary" in chat.status.status.badges
    assert not any(b"secret" in file.read_bytes() for file in list_files(tmp_path))


async def test_a_prompt_is_kept_with_the_conversation_in_which_it_was_typed(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        conversation_id = chat.conversation.id
    (file,) = (file for file in list_files(tmp_path) if file.name == "prompts.jsonl")
    assert json.loads(file.read_text()) == {"prompt": "question", "conversation": conversation_id}


async def test_the_keys_on_the_edges_can_be_turned_off(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings="hints = false\n")) as (chat, pilot):
        await pilot.press("ctrl+l")
        await until(pilot, lambda: chat.side.pane is not None)
        pane = chat.side.pane
        assert isinstance(pane, Frame)
        assert all("Enter" not in edge.words for edge in chat.query(Edge))
        assert pane.top_edge.words


@pytest.mark.parametrize(
    ("settings", "key"),
    [('enter = "newline"\n', "Ctrl+J"), ('enter = "newline"\n[keys]\nsend = ["alt+enter", "f2"]\n', "F2")],
)
async def test_where_enter_begins_a_new_line_the_empty_composer_and_its_edge_name_the_same_key(
    tmp_path: Path, settings: str, key: str
) -> None:
    async with running(chat_app(tmp_path, answer("ok"), settings=settings)) as (chat, pilot):
        assert f"{key} sends it" in str(chat.composer.placeholder)
        chat.composer.put("hello")
        await until(pilot, lambda: f"{key} send ·" in chat.frame.bottom_edge.words)
        await pilot.press(key.lower())
        await until(pilot, lambda: chat.conversation.session.path)


async def test_only_what_has_the_focus_shows_a_caret(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.cursor_blink = False

        def has_caret() -> bool:
            style = chat.composer.render_line(0).crop(0, 1)._segments[0].style
            return style is not None and bool(style.reverse or style.bgcolor != chat.composer.rich_style.bgcolor)

        await until(pilot, has_caret)
        await pilot.press("f1")
        await until(pilot, lambda: pilot.app.screen is not chat and not has_caret())
        await pilot.press("escape")
        await until(pilot, has_caret)
