"""The table of commands, and what is made of it: bindings, completion, palette."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.fakes import make_services
from tests.memory_store import MemoryStore
from tests.store.values import answer as stored_answer
from tests.store.values import question
from tests.transcripts.importers.exports import chatgpt
from tests.ui.support import answer, chat_app, notes, running, send, until
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.json import to_json
from tui_chat.ui.commands.table import BY_ID, COMMANDS
from tui_chat.ui.composing.completion import Candidate, CompletionPopup, match
from tui_chat.ui.keys.command import first_label, key_label, keymap, keys_of
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.workspace.command_table import names_for
from tui_chat.workspace.front_end import FrontEnd

CONTRACT = (
    "/help /new /model /models /resume /rename /system /tools /usage /save /export /import /copy /retry /edit /fork "
    "/params /preset /prompt /effort /find /temporary /theme /keys /settings /connect /stop /quit"
)


def test_every_slash_command_of_the_contract_is_there() -> None:
    assert set(CONTRACT.replace("/", "").split()) <= set(names_for(FrontEnd.SCREEN))


def test_ids_and_slash_names_are_unique() -> None:
    names = [name for command in COMMANDS for name in (command.slash, *command.aliases) if name]
    assert max(Counter(names).values()) == 1
    assert len(BY_ID) == len(COMMANDS)


def test_no_key_does_two_things() -> None:
    keys = [(command.place, key) for command in COMMANDS for key in keys_of(command, {})]
    assert [key for key, uses in Counter(keys).items() if uses > 1] == []


def test_own_keys_replace_and_remove() -> None:
    own = {"models": ("ctrl+k",), "usage": (), "nonsense": ("x",)}
    assert keymap(COMMANDS, own) == {"models": "ctrl+k", "usage": "f63"}
    assert keys_of(BY_ID["usage"], own) == ()


def test_keys_are_shown_as_people_write_them() -> None:
    assert [key_label(key) for key in ("ctrl+l", "f1", "escape", "shift+enter")] == [
        "Ctrl+L",
        "F1",
        "Esc",
        "Shift+Enter",
    ]


def test_a_pair_is_shown_with_the_key_that_leads_it() -> None:
    retry, leader = BY_ID["retry"], BY_ID["leader"]
    assert first_label(retry, {}, leader) == "Ctrl+X a"
    assert first_label(retry, {"leader": ("f7",)}, leader) == "F7 a"
    assert first_label(retry, {"leader": ()}, leader) == ""
    assert first_label(BY_ID["models"], {}, leader) == "Ctrl+L"
    assert first_label(retry, {"retry": ()}, leader) == ""


def test_beginnings_come_before_what_merely_fits() -> None:
    candidates = [Candidate("/resume", ""), Candidate("/rename", ""), Candidate("/models", "", others=("/mo",))]
    assert [each.text for each in match("/re", candidates)] == ["/resume", "/rename"]
    assert [each.text for each in match("/rsm", candidates)] == ["/resume"]


async def test_a_slash_opens_the_list_and_tab_completes(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press("/", "r", "e", "n")
        await until(pilot, lambda: chat.completing.is_open)
        assert chat.query_one(CompletionPopup).chosen is not None
        await pilot.press("tab")
        assert chat.composer.text == "/rename "
        await until(pilot, lambda: chat.query_one(CompletionPopup).is_hint)


async def test_enter_runs_the_highlighted_command(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press("/", "u", "s", "a")
        await until(pilot, lambda: chat.completing.is_open)
        await pilot.press("enter")
        await until(pilot, lambda: chat.side.pane is not None)
        assert chat.composer.text == ""


async def test_a_click_on_a_line_of_the_list_takes_it(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press("/", "u", "s", "a")
        await until(pilot, lambda: chat.completing.is_open and chat.query_one(CompletionPopup).size.height)
        await pilot.click(CompletionPopup, offset=(4, 1))
        await until(pilot, lambda: chat.side.pane is not None)
        assert chat.composer.text == ""


async def test_the_chosen_line_of_the_list_is_told_without_colours(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings='theme = "terminal"\n')) as (chat, pilot):
        await pilot.press("/", "r", "e")
        await until(pilot, lambda: chat.completing.is_open and chat.query_one(CompletionPopup).size.height)
        popup = chat.query_one(CompletionPopup).query_one(PickList)
        chosen, other = (popup.render_line(y) for y in (0, 1))
        assert any(segment.style and segment.style.reverse for segment in chosen)
        assert not any(segment.style and segment.style.reverse for segment in other)


async def test_escape_closes_the_list_and_keeps_the_text(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press("/", "m")
        await until(pilot, lambda: chat.completing.is_open)
        await pilot.press("escape")
        assert not chat.completing.is_open
        assert chat.composer.text == "/m"


async def test_a_key_of_ones_own_counts_and_the_default_does_not(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings='[keys]\nusage = "ctrl+k"\n')
    async with running(app) as (chat, pilot):
        await pilot.press("f3")
        await pilot.pause()
        assert chat.side.pane is None
        chat.transcript.focus()
        await pilot.press("ctrl+k")
        await until(pilot, lambda: chat.side.pane is not None)


async def test_copy_without_an_answer_is_refused_and_stays(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("hi"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/copy 3")
        assert chat.composer.text == "/copy 3"
        assert notes(app)


async def test_a_mistyped_command_is_answered_with_the_one_that_was_meant_and_stays(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/modle demo/guide")
        await until(pilot, lambda: "Did you mean /model?" in notes(app))
        assert chat.composer.text == "/modle demo/guide"


async def test_copy_takes_the_source_of_the_last_answer(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("**bold**\n\n```py\nx = 1\n```\n"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await send(pilot, chat, "/copy")
        assert app.clipboard == "**bold**\n\n```py\nx = 1\n```\n"
        await send(pilot, chat, "/copy code 1")
        assert app.clipboard.strip() == "x = 1"
        await send(pilot, chat, "/copy 2")
        assert app.clipboard == "go"


async def test_an_import_says_what_came_in_and_how_to_open_it(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(to_json(Conversation("c1", 1.0, "Title", head_id="a"), (question("q"), stored_answer("a"))))
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, f"/import {file}")
        await until(pilot, lambda: "c1 Title (2 messages). /resume c1 opens it." in notes(app))


async def test_an_import_that_lasts_says_how_far_it_is(tmp_path: Path) -> None:
    may_add = asyncio.Event()

    class SlowStore(MemoryStore):
        async def add(self, conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> None:
            await may_add.wait()
            await super().add(conversation, nodes, filed)

    file = tmp_path / "export.json"
    file.write_text(to_json(Conversation("c1", 1.0, "Title", head_id="a"), (question("q"), stored_answer("a"))))
    app = chat_app(tmp_path, services=make_services(store=SlowStore()))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, f"/import {file}")
        await until(pilot, lambda: "Importing … 50 %" in str(chat.noting.notes.current))
        may_add.set()
        await until(pilot, lambda: "/resume c1 opens it." in str(chat.noting.notes.current))
        assert "Importing" not in notes(app)


async def test_an_import_of_many_conversations_is_counted_and_its_note_stays_small(tmp_path: Path) -> None:
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([chatgpt(), {**chatgpt(), "conversation_id": "other"}, *[{"mood": 1}] * 9]))
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, f"/import {file}")
        await until(pilot, lambda: "2 conversations (18 messages). /resume finds them." in notes(app))
        assert "Left out: Conversation 3 of the file is of no known program." in notes(app)
        assert "And 8 lines more" in notes(app)
