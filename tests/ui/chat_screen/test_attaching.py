"""What goes along with a message: seen before it is sent, read as it is sent, kept through edits and queues."""

import asyncio
from pathlib import Path

import pytest
from textual import events

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.ui.support import answer, chat_app, notes, press, running, send, until
from tests.workspace.test_attachments import BLIND, PDF, PNG, READING, SEEING, WAV
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import Phase
from tui_chat.core.parts import File, Image, Media, Text, user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.transcripts.markdown import to_markdown
from tui_chat.ui.chat_screen.attachment_line import AttachmentLine
from tui_chat.ui.chat_screen.screen import ChatScreen


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder."""
    working = tmp_path / "working"
    working.mkdir()
    (working / "a.md").write_text("as it was")
    (working / "my plot.png").write_bytes(PNG)
    monkeypatch.chdir(working)
    return working


def line(chat: ChatScreen) -> str:
    """What stands above the composer."""
    lines = chat.query(AttachmentLine)
    return str(lines.first().content).replace("\u00a0", " ") if lines and lines.first().display else ""


def shown(chat: ChatScreen) -> str:
    """What the transcript shows."""
    view = chat.transcript
    return "\n".join(view.render_line(y).text for y in range(view.size.height))


def is_done(chat: ChatScreen, messages: int = 2) -> bool:
    return len(chat.conversation.session.path) == messages and not chat.conversation.is_answering


async def test_a_named_file_goes_along_and_the_text_stays_as_it_was_typed(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("ok")))
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await send(pilot, chat, "what says @a.md, and @dataclass?")
        await until(pilot, lambda: is_done(chat))
        question = chat.conversation.session.path[0].message
        assert question.parts == (File("a.md", "as it was"), Text("what says @a.md, and @dataclass?"))


async def test_what_goes_along_is_seen_before_it_is_sent(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.put('@a.md and @"my plot.png" and @./gone')
        await until(pilot, lambda: "gone" in line(chat))
        assert line(chat) == "+ a.md 9 B · ~3 tok  + my plot.png picture · 68 B  ✗ ./gone no such file"
        chat.composer.put("nothing")
        await until(pilot, lambda: not line(chat))


async def test_what_cannot_be_attached_is_said_and_sends_nothing_until_it_is_meant(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("ok"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "see ./x and @./gone.md")
        await until(
            pilot, lambda: chat.composer.text == "see ./x and @./gone.md" and not chat.conversation.is_answering
        )
        assert "./gone.md: no such file" in notes(app)
        assert not chat.conversation.session.path
        await pilot.press("enter")
        await until(pilot, lambda: is_done(chat))
        assert chat.conversation.session.path[0].message == user_message("see ./x and @./gone.md")


async def test_a_picture_goes_to_no_model_that_takes_none(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("red")), models=[BLIND, SEEING], default_model="blind")
    app = chat_app(tmp_path, services=services)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, 'see @"my plot.png"')
        await until(pilot, lambda: chat.composer.text == 'see @"my plot.png"')
        assert "blind takes no pictures" in notes(app)
        assert "Switch to seeing, or leave it out. /model ID switches." in notes(app)
        await chat.models.switch("seeing")
        await pilot.press("enter")
        await until(pilot, lambda: is_done(chat))
        assert isinstance(chat.conversation.session.path[0].message.parts[0], Image)


async def test_a_pdf_and_sound_are_seen_with_size_and_estimate_before_and_after_they_are_sent(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "a.pdf").write_bytes(PDF)
    (folder / "talk.wav").write_bytes(WAV)
    completer = ScriptedCompleter(answer("A page, and silence."))
    async with running(chat_app(tmp_path, services=make_services(completer))) as (chat, pilot):
        chat.composer.put("@a.pdf and @talk.wav")
        await until(pilot, lambda: "talk" in line(chat))
        assert line(chat) == "+ a.pdf PDF · 69 B · ~1.5k tok  + talk.wav sound · 63 KB · ~65 tok"
        await pilot.press("enter")
        await until(pilot, lambda: is_done(chat))
        assert [part.name for part in chat.conversation.session.path[0].message.parts if isinstance(part, Media)] == [
            "a.pdf",
            "talk.wav",
        ]
        await until(pilot, lambda: "talk.wav" in shown(chat))
        assert "+ a.pdf" in shown(chat)
        assert "PDF · 69 B · ~1.5k tok" in shown(chat)
        assert "sound · 63 KB · ~65 tok" in shown(chat)


async def test_a_pdf_goes_to_no_model_that_takes_none(tmp_path: Path, folder: Path) -> None:
    (folder / "a.pdf").write_bytes(PDF)
    services = make_services(ScriptedCompleter(answer("red")), models=[SEEING, READING], default_model="seeing")
    app = chat_app(tmp_path, services=services)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "see @a.pdf")
        await until(pilot, lambda: chat.composer.text == "see @a.pdf" and not chat.conversation.is_answering)
        assert "seeing takes no PDFs (a.pdf is one)." in notes(app)
        assert "Switch to reading, or leave it out. /model ID switches." in notes(app)


async def test_an_attachment_is_saved_exported_and_sent_again(tmp_path: Path, folder: Path) -> None:
    completer = ScriptedCompleter(answer("one"), answer("two"))
    services = make_services(completer)
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await send(pilot, chat, "what says @a.md?")
        await until(pilot, lambda: is_done(chat))
        (folder / "a.md").unlink()
        await send(pilot, chat, "/retry")
        await until(pilot, lambda: len(completer.requests) == 2 and is_done(chat))
        assert "as it was" in completer.requests[1].messages[0].text
        resumed = await Session.resume(services, chat.conversation.session.conversation.id)
        assert resumed.path[0].message == chat.conversation.session.path[0].message
        assert "**File** `a.md`\n\n```\nas it was\n```" in to_markdown(resumed.conversation, resumed.path)


async def test_an_edited_question_keeps_what_it_had(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        chat.conversation.ask(user_message("and @a.md?", (File("from -f", "x"), File("a.md", "as it was"))))
        chat.follow()
        await until(pilot, lambda: is_done(chat))
        (folder / "a.md").unlink()
        await send(pilot, chat, "/edit")
        await until(pilot, lambda: "a.md" in line(chat))
        assert line(chat) == "+ from -f 1 B · ~1 tok  + a.md 9 B · ~3 tok"
        chat.composer.put("really, @a.md?")
        await pilot.press("enter")
        await until(pilot, lambda: is_done(chat) and chat.conversation.session.path[0].message.text == "really, @a.md?")
        assert [part.name for part in chat.conversation.session.path[0].message.parts[:-1]] == ["from -f", "a.md"]  # type: ignore[union-attr]  # both are files
        assert not line(chat)


async def test_what_is_detached_from_an_edited_question_stays_away(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        chat.conversation.ask(user_message("why @a.md so?", (File("from -f", "x"), File("a.md", "y"))))
        chat.follow()
        await until(pilot, lambda: is_done(chat))
        await send(pilot, chat, "/edit")
        await until(pilot, lambda: "a.md" in line(chat))
        chat.action_command("detach")
        await until(pilot, lambda: not line(chat))
        assert chat.composer.text == "why so?"
        await pilot.press("enter")
        await until(
            pilot, lambda: is_done(chat) and chat.conversation.session.path[0].message == user_message("why so?")
        )


async def test_backspace_where_nothing_is_written_takes_out_what_was_attached_last(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        chat.conversation.ask(user_message("why?", (File("one", "x"), File("two", "y"))))
        chat.follow()
        await until(pilot, lambda: is_done(chat))
        await send(pilot, chat, "/edit")
        await until(pilot, lambda: "two" in line(chat))
        await pilot.press(*["backspace"] * 4)
        await until(pilot, lambda: chat.composer.is_blank and "Backspace take out" in line(chat))
        assert "+ one" in line(chat)
        assert "+ two" in line(chat)
        await pilot.press("backspace")
        await until(pilot, lambda: "+ two" not in line(chat))
        assert "+ one" in line(chat)
        assert notes(pilot.app).startswith("two is taken out.")


async def test_a_click_on_an_attachment_takes_it_out_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.put("see @a.md and @./gone here")
        await until(pilot, lambda: "gone" in line(chat))
        await pilot.click(chat.query_one(AttachmentLine), offset=(5, 0))
        await until(pilot, lambda: line(chat) == "✗ ./gone no such file")
        assert chat.composer.text == "see and @./gone here"
        assert notes(pilot.app).startswith("a.md is taken out. Undo brings it back.")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "+ a.md" in line(chat))
        assert chat.composer.text == "see @a.md and @./gone here"


async def test_undo_brings_back_what_an_edited_question_had_and_its_text_names(tmp_path: Path, folder: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        chat.conversation.ask(user_message("why @a.md so?", (File("a.md", "y"),)))
        chat.follow()
        await until(pilot, lambda: is_done(chat))
        (folder / "a.md").unlink()
        await send(pilot, chat, "/edit")
        await until(pilot, lambda: "+ a.md" in line(chat))
        await pilot.click(chat.query_one(AttachmentLine), offset=(5, 0))
        await until(pilot, lambda: not line(chat))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "+ a.md" in line(chat))


async def test_an_edit_that_is_refused_is_still_an_edit(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: is_done(chat))
        await send(pilot, chat, "/edit")
        await send(pilot, chat, "first with @./gone")
        await until(pilot, lambda: chat.composer.text == "first with @./gone" and not chat.conversation.is_answering)
        assert chat.conversation.editing is chat.conversation.session.path[0]


async def test_a_message_that_waits_brings_its_file_along(tmp_path: Path) -> None:
    gate = asyncio.Event()
    first = [*opening(), TextDelta("one"), gate, Stopped(Outcome.COMPLETE, "stop")]
    async with running(chat_app(tmp_path, first, answer("two"))) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: chat.status.status.phase is Phase.WRITING)
        await send(pilot, chat, "then @a.md")
        gate.set()
        await until(pilot, lambda: is_done(chat, 4))
        assert chat.conversation.session.path[2].message.parts[0] == File("a.md", "as it was")


async def test_what_a_long_paste_names_does_not_go_along(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("ok"))) as (chat, pilot):
        chat.composer.post_message(events.Paste("a log line about @a.md\n" * 200))
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: is_done(chat))
        assert len(chat.conversation.session.path[0].message.parts) == 1


async def test_a_pdf_that_is_dropped_is_attached_too(tmp_path: Path, folder: Path) -> None:
    (folder / "a.pdf").write_bytes(PDF)
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.post_message(events.Paste(f"{folder}/a.pdf"))
        await until(pilot, lambda: chat.composer.text == f"@{folder}/a.pdf ")


@pytest.mark.parametrize("form", ["{}/my\\ plot.png", "'{}/my plot.png'", "file://{}/my%20plot.png"])
async def test_a_picture_that_is_dropped_is_attached_and_undo_makes_it_a_path(
    tmp_path: Path, folder: Path, form: str
) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        pasted = form.format(folder)
        await pilot.press(*"see ")
        chat.composer.post_message(events.Paste(pasted))
        await until(pilot, lambda: chat.composer.text == f'see @"{folder}/my plot.png" ')
        await pilot.press("ctrl+z")
        assert chat.composer.text == f"see {pasted}"


@pytest.mark.parametrize("pasted", ["/usr/bin", "{}/a.md", "{}/gone.png", "'open", "text"])
async def test_other_pastes_stay_what_they_are(tmp_path: Path, folder: Path, pasted: str) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.post_message(events.Paste(pasted.format(folder)))
        await pilot.pause()
        await until(pilot, lambda: not any(worker.group == "drop" for worker in chat.workers))
        assert chat.composer.text == pasted.format(folder)


async def test_attach_names_a_file_in_the_draft_and_refuses_what_is_none(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/attach my plot.png")
        await until(pilot, lambda: chat.composer.text == '@"my plot.png" ')
        chat.composer.put("")
        await send(pilot, chat, "/attach ./gone")
        await until(pilot, lambda: "no such file" in notes(app))
        assert chat.composer.text == "/attach ./gone"


async def test_nothing_to_detach_is_said(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.composer.put("mail @dataclass")
        await pilot.pause()
        chat.action_command("detach")
        await until(pilot, lambda: "Nothing is attached" in notes(app))
        assert chat.composer.text == "mail @dataclass"


async def test_detach_can_be_typed_behind_what_attach_wrote(tmp_path: Path, folder: Path) -> None:
    del folder
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await send(pilot, chat, "/attach a.md")
        await until(pilot, lambda: chat.composer.text == "@a.md ")
        await press(pilot, *"/detach", "enter")
        await until(pilot, lambda: chat.composer.text.strip() == "")
        assert not chat.conversation.is_answering


@pytest.mark.parametrize(
    ("typed", "left"),
    [("/detach a.md", "What is in"), ("/detach  a.md ", "What is in"), ("/detach b.md", None), ("/detach", None)],
)
async def test_detach_with_a_name_can_be_typed_behind_words(
    tmp_path: Path, folder: Path, typed: str, left: str | None
) -> None:
    del folder
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await press(pilot, *"What is in @a.md ")
        await until(pilot, lambda: chat.attaching.names == ("a.md",))
        await press(pilot, *typed, "enter")
        if left is None:
            await until(pilot, lambda: len(chat.conversation.session.path) == 2)
        else:
            await until(pilot, lambda: chat.composer.text.strip() == left)
            assert not chat.conversation.session.path


async def test_backspaces_that_delete_the_name_of_a_file_take_out_no_more_than_that(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press(*"@a.md ")
        await until(pilot, lambda: "a.md" in line(chat))
        await press(pilot, *["backspace"] * 12)
        await pilot.pause()
        assert chat.composer.is_blank
        assert "taken out" not in notes(pilot.app)
