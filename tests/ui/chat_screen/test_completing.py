"""The completion list as it is used: files after an `@`, and what may follow a slash command."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.core.models import ModelInfo
from tui_chat.core.request import ToolDefinition
from tui_chat.core.stream_events import Outcome, Stopped, ToolCallDelta
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.composing.completion import CompletionPopup, marked_text
from tui_chat.ui.rows.rows import Ink, plain


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a few files, and room for the program's own elsewhere."""
    working = tmp_path / "working"
    (working / "src").mkdir(parents=True)
    (working / "src" / "main.py").write_text("x" * 4_900)
    (working / "src" / "blob").write_bytes(b"\0")
    (working / "my notes.md").write_text("hi")
    (working / "\u202e[/x]\x1b[2J.md").parent.mkdir()
    (working / "\u202e[/x]\x1b[2J.md").write_text("inside")
    (working / ".gitignore").write_text("secret*\n")
    (working / "secret.md").write_text("")
    monkeypatch.chdir(working)
    return working


def rows(chat: ChatScreen) -> list[str]:
    """What the list shows."""
    popup = chat.query_one(CompletionPopup)
    return [plain(row[1:]) for row in popup.rows] if popup.is_open else []


async def shown(chat: ChatScreen, pilot: Pilot[None], words: str) -> list[str]:
    """The rows, once one of them has these words in it."""
    await until(pilot, lambda: chat.query(CompletionPopup) and any(words in row for row in rows(chat)))
    return rows(chat)


async def test_an_at_sign_offers_files_with_size_and_estimate(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("see @")
        listed = await shown(chat, pilot, "my notes.md")
        assert not any("secret" in row for row in listed)
        assert any(
            row.startswith("src/main.py") and row.split()[-4:] == ["4.8", "KB", "~1.2k", "tok"] for row in listed
        )
        assert any(row.startswith("src/blob") and "binary" in row for row in listed)


@pytest.mark.parametrize("key", ["tab", "enter"])
async def test_the_file_that_is_chosen_takes_the_place_of_the_word(tmp_path: Path, folder: Path, key: str) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("see @main")
        await shown(chat, pilot, "src/main.py")
        await until(pilot, lambda: len(rows(chat)) == 1)
        await pilot.press(key)
        await until(pilot, lambda: chat.composer.text == "see @src/main.py ")
        assert not chat.completing.is_open
        assert not chat.conversation.session.path


@pytest.mark.parametrize(
    ("typed", "words", "verb"),
    [("@main", "src/main.py", "take"), ("/mod", "/model", "run"), ("/att", "/attach", "take")],
)
async def test_enter_is_said_to_do_what_it_does_in_the_list(
    tmp_path: Path, folder: Path, typed: str, words: str, verb: str
) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text(typed)
        await shown(chat, pilot, words)
        edge = chat.query_one(CompletionPopup).bottom_edge
        await until(pilot, lambda: edge.words == f"Tab complete · Enter {verb} · Esc keep the text")


async def test_the_lists_keys_can_be_turned_off_too(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings="hints = false\n")) as (chat, pilot):
        chat.composer.insert_text("/mod")
        await shown(chat, pilot, "/model")
        assert chat.query_one(CompletionPopup).bottom_edge.words == ""


async def test_a_name_with_spaces_is_quoted(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("@notes")
        await shown(chat, pilot, "my notes.md")
        await pilot.press("tab")
        assert chat.composer.text == '@"my notes.md" '


async def test_a_hostile_name_is_shown_and_written_harmlessly_and_can_be_attached(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path, answer("ok"))) as (chat, pilot):
        chat.composer.insert_text("@x")
        (row,) = [row for row in await shown(chat, pilot, "[/x]") if "[/x]" in row]
        assert row.startswith("\ufffd[/x]␛[2J.md")
        await until(pilot, lambda: len(rows(chat)) == 1)
        await pilot.press("tab")
        assert chat.composer.text.isprintable()
        await pilot.press("enter")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        assert "inside" in str(chat.conversation.session.path[0].message.parts)


async def test_escape_closes_the_list_for_as_long_as_the_word_is_typed_on(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("@ma")
        await shown(chat, pilot, "src/main.py")
        await pilot.press("escape", "i", "n")
        assert chat.composer.text == "@main"
        assert not chat.completing.is_open
        chat.composer.insert_text(" @ma")
        await shown(chat, pilot, "src/main.py")


async def test_a_newline_key_makes_a_newline_while_the_list_is_open(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("@ma")
        await shown(chat, pilot, "src/main.py")
        await pilot.press("ctrl+j")
        await until(pilot, lambda: chat.composer.text == "@ma\n" and not chat.completing.is_open)


async def test_a_path_that_is_all_there_opens_no_list(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.prompts.add("see @src/main.py")
        chat.composer.insert_text("@src/main.p")
        await shown(chat, pilot, "src/main.py")
        chat.composer.insert_text("y")
        await until(pilot, lambda: not chat.completing.is_open)
        await pilot.press("up")
        assert chat.composer.text == "see @src/main.py"


async def test_leaving_the_word_closes_the_list(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("see @ma")
        await shown(chat, pilot, "src/main.py")
        await pilot.press("home")
        await until(pilot, lambda: not chat.completing.is_open)


async def test_a_folder_is_gone_into(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text(f"@{folder}/")
        await shown(chat, pilot, "/src/")
        chat.composer.insert_text("src")
        await until(pilot, lambda: len(rows(chat)) == 1)
        await pilot.press("tab")
        await shown(chat, pilot, "/src/main.py")
        assert chat.composer.text == f"@{folder}/src/"


async def test_a_list_that_nobody_saw_takes_no_enter(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path, answer("ok"))) as (chat, pilot):
        chat.composer.insert_text("@ma")
        await shown(chat, pilot, "src/main.py")
        chat.composer.insert_text("rvin hello")  # arrives in one go with the key
        chat.composer.action_send_here()
        await until(pilot, lambda: chat.conversation.session.path)
        assert chat.conversation.session.path[0].message.text == "@marvin hello"


MODELS = [ModelInfo("a/old", name="Old"), ModelInfo("b/bold", name="Bold")]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/model bo", "b/bold  Bold"),
        ("/retry ol", "a/old   Old"),
        ("/theme emb", "ember"),
        ("/export js", "json"),
        ("/help conn", "connect"),
        ("/rename ", "NAME"),
        ("/attach mai", "src/main.py"),
        ("/rsm", "/resume"),
    ],
)
async def test_what_may_follow_a_command_is_offered(tmp_path: Path, folder: Path, typed: str, expected: str) -> None:
    app = chat_app(tmp_path, services=make_services(models=MODELS))
    async with running(app) as (chat, pilot):
        chat.composer.insert_text(typed)
        await shown(chat, pilot, expected)


async def test_a_model_is_switched_by_a_part_of_its_name(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, services=make_services(models=MODELS))) as (chat, pilot):
        chat.composer.insert_text("/model bol")
        await shown(chat, pilot, "b/bold")
        await pilot.press("enter")
        await until(pilot, lambda: chat.conversation.session.conversation.model == "b/bold")
        assert chat.composer.text == ""


async def test_conversations_are_found_by_their_title(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("one")))
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await send(pilot, chat, "about whales")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        first = chat.conversation.session.conversation.id
        await send(pilot, chat, "/new")
        await until(pilot, lambda: chat.conversation.session.conversation.id != first)
        chat.composer.insert_text("/resume whal")
        await shown(chat, pilot, "about whales")
        await pilot.press("enter")
        await until(pilot, lambda: chat.conversation.session.conversation.id == first)


def test_a_path_that_is_too_wide_keeps_its_name_and_its_marks() -> None:
    row = marked_text("a/very/long/name.py", {12, 13}, Ink.TEXT, 10)
    assert plain(row) == "…g/name.py"
    assert [text for ink, text in row if ink is Ink.MATCH] == ["na"]


async def test_messages_are_offered_by_their_number_from_the_end(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: not chat.conversation.is_answering and len(chat.conversation.session.path) == 2)
        await pilot.press(*"/mute ")
        await until(pilot, lambda: chat.completing.is_open)
        shown = [plain(row) for row in chat.query_one(CompletionPopup).rows]
        assert [row.removeprefix("▌").split()[:3] for row in shown] == [["1", "model:", "one"], ["2", "you:", "first"]]


async def test_what_may_follow_tools_is_offered_word_by_word(tmp_path: Path) -> None:
    calls = [ToolCallDelta(0, "c1", "look", '{"at": 1}'), ToolCallDelta(1, "c2", "read", "{}")]
    script = [*opening(), *calls, Stopped(Outcome.COMPLETE, "tool_calls")]
    tools = tuple(ToolDefinition(name, "", {}) for name in ("look", "read"))
    services = make_services(ScriptedCompleter(script), models=MODELS, tools=tools)
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await send(pilot, chat, "look")
        await until(pilot, lambda: len(chat.conversation.session.pending_calls) == 2)
        for typed, first, count in (
            ("/tools ", "again", 7),
            ("/tools again ", 'again 1  look, waits for you: {"at": 1}', 2),
            ("/tools again read ", "again read schema", 2),
            ("/tools again 2 model bol", "again 2 model b/bold", 1),
            ("/tools off ", "off look", 2),
            ("/tools off look re", "off look read", 1),
        ):
            chat.composer.load_text("")
            chat.composer.insert_text(typed)
            listed = await shown(chat, pilot, first)
            assert listed[0].startswith(first)
            assert len(listed) == count
        chat.composer.load_text("")
        chat.composer.insert_text("/tools ag")
        await shown(chat, pilot, "again")
        await pilot.press("tab")
        assert chat.composer.text == "/tools again "
