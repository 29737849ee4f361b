"""Pictures, files and sources under the transcript's cursor: saved where the person says, opened after asking."""

import base64
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.fakes import Step, opening
from tests.terminal.test_opener import desktop
from tests.ui.support import answer, asked_something, chat_app, notes, press, running, until
from tui_chat.core.parts import Beside, Image, Source, user_message
from tui_chat.core.stream_events import Outcome, PartReceived, SourceFound, Stopped, ToolCallDelta
from tui_chat.terminal.opener import Opener
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.prompt import LineDialog
from tui_chat.ui.fields.line_field import LineField
from tui_chat.ui.panes.call_view import CallView
from tui_chat.ui.panes.tool_inspector import ToolInspector
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.workspace.attachments import attachment

PNG = b"\x89PNG\r\n\x1a\nmore"
URL = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
PAGE = Source("https://good.org@host/" + "a" * 300)


async def asked(chat: ChatScreen, pilot: Pilot[None], text: str = "draw") -> None:
    """Ask, and put the transcript's cursor on the last block."""
    chat.composer.text = text
    await press(pilot, "enter")
    await until(pilot, lambda: len(chat.conversation.session.path) == 2 and not chat.conversation.is_answering)
    chat.transcript.focus()
    await press(pilot, "G")


def script(part: Beside | Source) -> list[Step]:
    event = SourceFound(part) if isinstance(part, Source) else PartReceived(part)
    return [*answer("So.")[:-1], event, answer()[-1]]


def use_desktop(chat: ChatScreen, folder: Path) -> None:
    """Let the program open things with a script that writes down what it was given."""
    chat.program.outside.opener = Opener(desktop(folder), platform="linux", waits_s=60.0)


async def test_a_picture_is_saved_where_the_person_says_and_never_over_another_unasked(tmp_path: Path) -> None:
    there = tmp_path / "sea.png"
    async with running(chat_app(tmp_path, script(Image(URL, "a sea")))) as (chat, pilot):
        await asked(chat, pilot)
        for saved in (b"", PNG):
            if not saved:
                there.write_bytes(b"mine")
            await press(pilot, "w")
            await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
            field = pilot.app.screen.query_one(LineField)
            assert field.value == "a-sea.png"
            field.value = str(there)
            await press(pilot, "enter")
            await asked_something(pilot)
            await press(pilot, "y" if saved else "n")
            await until(pilot, lambda: pilot.app.screen is chat)
            if saved:
                await until(pilot, lambda: there.read_bytes() == PNG)
            else:
                assert there.read_bytes() == b"mine"


async def test_what_was_given_along_with_a_question_is_saved_too(tmp_path: Path) -> None:
    pdf = attachment("papers/on tides.pdf", b"%PDF-1.7")
    there = tmp_path / "copy.pdf"
    async with running(chat_app(tmp_path, answer("So."))) as (chat, pilot):
        chat.conversation.ask(user_message("read", (pdf,)))
        chat.follow()
        await until(pilot, lambda: len(chat.conversation.session.path) == 2 and not chat.conversation.is_answering)
        chat.transcript.focus()
        await press(pilot, "g", "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        field = pilot.app.screen.query_one(LineField)
        assert field.value == "on-tides.pdf"
        field.value = str(there)
        await press(pilot, "enter")
        await until(pilot, lambda: there.exists() and there.read_bytes() == b"%PDF-1.7")


async def test_a_picture_is_opened_as_a_file_of_ours(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, script(Image(URL, "a sea.html")))) as (chat, pilot):
        use_desktop(chat, tmp_path)
        await asked(chat, pilot)
        await press(pilot, "v")
        await until(pilot, (tmp_path / "given").exists)
        await until(pilot, lambda: "-picture.png" in (tmp_path / "given").read_text())


async def test_a_picture_that_is_written_into_the_text_is_opened_too(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer(f"So.\n\n![a sea]({URL})"))) as (chat, pilot):
        use_desktop(chat, tmp_path)
        await asked(chat, pilot)
        await press(pilot, "v")
        await until(pilot, (tmp_path / "given").exists)


@pytest.mark.parametrize(("size", "key"), [((80, 24), "y"), ((40, 10), "y"), ((40, 10), "n")])
async def test_a_page_is_shown_whole_and_opened_only_by_a_yes(tmp_path: Path, size: tuple[int, int], key: str) -> None:
    async with running(chat_app(tmp_path, script(PAGE)), size) as (chat, pilot):
        use_desktop(chat, tmp_path)
        await asked(chat, pilot)
        await press(pilot, "v")
        dialog = await asked_something(pilot)
        assert dialog.region.contains_region(dialog.query_one(PickList).region)
        await press(pilot, key)
        await until(pilot, lambda: pilot.app.screen is chat)
        if key == "y":
            await until(pilot, (tmp_path / "given").exists)
            await until(pilot, lambda: PAGE.url in (tmp_path / "given").read_text())
        assert (tmp_path / "given").exists() is (key == "y")


@pytest.mark.parametrize("key", ["v", "w"])
async def test_where_nothing_stands_the_words_say_so(tmp_path: Path, key: str) -> None:
    app = chat_app(tmp_path, answer("So."))
    async with running(app) as (chat, pilot):
        await asked(chat, pilot)
        await press(pilot, key)
        await until(pilot, lambda: "stands here" in notes(app))


async def test_all_parts_of_an_answer_are_exported(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, script(Image(URL, "a sea")))) as (chat, pilot):
        await asked(chat, pilot)
        chat.dispatch.submit(f"/export parts {tmp_path / 'out'}/")
        await until(pilot, (tmp_path / "out" / "a-sea.png").exists)
        assert (tmp_path / "out" / "a-sea.png").read_bytes() == PNG


async def test_arguments_of_a_cancelled_call_are_saved_where_the_person_says_and_never_over_a_file_unasked(
    tmp_path: Path,
) -> None:
    there = tmp_path / "arguments.json"
    there.write_text("mine")
    call = ToolCallDelta(0, "c1", "get_weather", '{"city": "Os')
    script = [*opening(), call, Stopped(Outcome.CANCELLED)]
    async with running(chat_app(tmp_path, script)) as (chat, pilot):
        await asked(chat, pilot)
        chat.dispatch.submit("/tools")
        await until(pilot, lambda: chat.query(ToolInspector))
        chat.query_one(CallView).focus()
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        field = pilot.app.screen.query_one(LineField)
        assert field.value == "get-weather.json"
        field.value = str(there)
        await press(pilot, "enter")
        await asked_something(pilot)
        assert there.read_text() == "mine"
        await press(pilot, "y")
        await until(pilot, lambda: there.read_text() == '{"city": "Os')
