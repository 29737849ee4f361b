"""What is done to messages on the screen: by key in the transcript, by slash word, and in the tree."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.fakes import opening
from tests.ui.cells import lines
from tests.ui.support import answer, chat_app, notes, running, send, until
from tests.ui.transcript.test_selecting import cell
from tests.ui.transcript.test_view import screen
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.tree import Tree
from tui_chat.ui.chat_screen.first_screen import FirstScreen
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.message_facts import MessageFacts
from tui_chat.ui.dialogs.prompt import LineDialog, TextDialog
from tui_chat.ui.dialogs.tree_page import TreePage
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.ui.transcript.model import Transcript


async def asked(pilot: Pilot[None], chat: ChatScreen, *words: str) -> None:
    for text in words:
        await send(pilot, chat, text)
        await until(pilot, lambda: chat.conversation.is_open and not chat.conversation.is_answering)


def texts(chat: ChatScreen) -> list[str]:
    return [node.message.text for node in chat.conversation.session.path]


def heads(chat: ChatScreen) -> str:
    """What stands at the heads of messages and of what marks them."""
    sections = chat.transcript.whole.sections
    return "\n".join(f"{leaf.text} {leaf.info}" for section in sections for leaf in section.labels)


def parts(transcript: Transcript) -> list[tuple[object, ...]]:
    """What is shown, but for its lines of ours."""
    return [(section.kind, section.node_id, section.source, section.seams) for section in transcript.sections]


async def test_variants_are_shown_in_place_by_key_and_their_number_stands_at_the_head(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), answer("two"), answer("three"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first", "/retry", "/retry other/model")
        assert "‹ 3/3 ›" in heads(chat)
        await pilot.press("tab", "left")
        await until(pilot, lambda: texts(chat) == ["first", "two"])
        await until(pilot, lambda: "‹ 2/3 ›" in heads(chat))
        await pilot.press("left")
        await until(pilot, lambda: texts(chat) == ["first", "one"])
        await pilot.press("u", "u")
        await until(pilot, lambda: texts(chat) == ["first", "three"])


async def test_a_message_is_marked_by_key_under_the_cursor_and_says_so(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await asked(pilot, chat, "first")
        await pilot.press("tab", "m", "b")
        await until(pilot, lambda: "muted, not sent · bookmarked" in heads(chat))
        assert chat.conversation.session.path[-1].marks.is_muted
        await pilot.press("L")
        await until(pilot, lambda: isinstance(chat.app.screen, LineDialog))
        await pilot.press(*"example", "enter")
        await until(pilot, lambda: "#example" in heads(chat))


async def test_a_message_is_deleted_by_key_and_comes_back_and_its_facts_are_shown(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await asked(pilot, chat, "first")
        await pilot.press("tab", "i")
        await until(pilot, lambda: isinstance(chat.app.screen, MessageFacts))
        await pilot.press("escape")
        await until(pilot, lambda: chat.app.screen is chat)
        await pilot.press("d")
        await until(pilot, lambda: texts(chat) == ["first"])
        await until(pilot, lambda: len(chat.transcript.whole.sections) == 1)
        await pilot.press("u")
        await until(pilot, lambda: texts(chat) == ["first", "one"])


async def test_a_message_that_is_deleted_above_the_last_leaves_the_screen(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        await asked(pilot, chat, "first", "second")
        await send(pilot, chat, "/delete 3")
        await until(pilot, lambda: texts(chat) == ["first", "second", "two"])
        shown = [section.source for section in chat.transcript.whole.sections if section.source]
        assert shown == ["first", "second", "two"]


async def test_a_message_is_marked_by_its_number_from_the_end(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await asked(pilot, chat, "first")
        await send(pilot, chat, "/pin 2")
        await until(pilot, lambda: "pinned" in heads(chat))
        assert chat.conversation.session.path[0].marks.is_pinned
        await send(pilot, chat, "/pin 3")
        await until(pilot, lambda: "counted from the end, from 1 to 2" in notes(chat.app))
        assert chat.composer.text == "/pin 3"


async def test_an_answer_is_edited_in_a_dialog_and_the_models_words_stay(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await asked(pilot, chat, "first")
        await send(pilot, chat, "/edit 1")
        await until(pilot, lambda: isinstance(chat.app.screen, TextDialog))
        await pilot.press("end", *" more", "escape")
        assert "not saved" in chat.app.screen.query_one(Frame).top_edge.words
        await pilot.press("ctrl+s")
        await until(pilot, lambda: texts(chat) == ["first", "one more"])
        assert "you ‹ 2/2 › · edited by you" in heads(chat)


async def test_a_question_further_up_is_edited_and_asked_in_its_place(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), answer("two"), answer("three"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first", "second")
        await send(pilot, chat, "/edit 4")
        await until(pilot, lambda: chat.composer.text == "first")
        await asked(pilot, chat, "anew")
        assert texts(chat) == ["anew", "three"]


async def test_the_tree_goes_to_another_branch_and_marks_what_is_there(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), answer("two"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first", "/retry")
        await send(pilot, chat, "/tree")
        await until(pilot, lambda: isinstance(app.screen, TreePage))
        await pilot.press("up", "b")
        await until(pilot, lambda: bool(chat.conversation.session.tree.nodes()[1].marks.is_bookmarked))
        await until(pilot, lambda: isinstance(app.screen, TreePage))
        await pilot.press("slash", *"role:assistant", "tab")
        assert "2 found" in app.screen.query_one(Frame).top_edge.words
        assert "n N next" in app.screen.query_one(Frame).bottom_edge.words
        await pilot.press("n", "n", "N", "enter")
        await until(pilot, lambda: texts(chat) == ["first", "one"])
        await until(pilot, lambda: "You are on branch 1 of 2" in notes(app))


async def test_editing_from_a_tree_without_branches_says_nothing_of_branches(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first")
        await send(pilot, chat, "/tree")
        await until(pilot, lambda: isinstance(app.screen, TreePage))
        await pilot.press("up", "e")
        await until(pilot, lambda: app.screen is chat and chat.composer.text == "first")
        assert "branch" not in notes(app)


async def test_undo_leads_back_from_a_copy_and_from_the_first_note(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await send(pilot, chat, "/note by the way")
        await until(pilot, lambda: texts(chat) == ["by the way"])
        origin = chat.conversation.id
        await send(pilot, chat, "/fork")
        await until(pilot, lambda: chat.conversation.id != origin and "in a copy" in notes(chat.app))
        await send(pilot, chat, "/undo")
        await until(pilot, lambda: chat.conversation.id == origin)
        await send(pilot, chat, "/undo")
        await until(pilot, lambda: bool(chat.query(FirstScreen)) and not texts(chat))


async def test_a_copy_in_mid_answer_can_be_asked_again_while_the_answer_goes_on(tmp_path: Path) -> None:
    goes_on = asyncio.Event()
    half = [*opening(), TextDelta("on"), goes_on, TextDelta("e"), Stopped(Outcome.COMPLETE, "stop")]
    async with running(chat_app(tmp_path, half, answer("two"))) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "on")
        origin = chat.conversation
        await send(pilot, chat, "/fork")
        await until(pilot, lambda: chat.conversation is not origin and "the answer goes on" in notes(chat.app))
        assert texts(chat) == ["first"]
        await asked(pilot, chat, "/retry")
        await until(pilot, lambda: texts(chat) == ["first", "two"])
        goes_on.set()
        await until(pilot, lambda: [node.message.text for node in origin.session.path] == ["first", "one"])


@pytest.mark.parametrize("form", ["md", "txt", "html", "json", "jsonl"])
async def test_what_has_come_of_an_answer_that_is_written_is_in_the_file(tmp_path: Path, form: str) -> None:
    half = [*opening(), TextDelta("half of it"), asyncio.Event()]
    async with running(chat_app(tmp_path, half)) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "half of it")
        await send(pilot, chat, f"/save {(file := tmp_path / f'it.{form}')}")
        await until(pilot, file.exists)
        assert "half of it" in file.read_text()


async def test_an_answer_that_is_written_is_copied_and_stands_in_the_tree_as_far_as_it_came(tmp_path: Path) -> None:
    goes_on = asyncio.Event()
    half = [*opening(), TextDelta("half"), goes_on, TextDelta(" of it"), Stopped(Outcome.COMPLETE, "stop")]
    async with running(app := chat_app(tmp_path, answer("zero"), half), size=(120, 30)) as (chat, pilot):
        await asked(pilot, chat, "nothing")
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "half")
        await send(pilot, chat, "/copy")
        await until(pilot, lambda: app.clipboard == "half")
        await send(pilot, chat, "/tree")
        await until(pilot, lambda: isinstance(pilot.app.screen, TreePage))
        await pilot.press("slash", *"half", "tab")
        assert "1 found" in app.screen.query_one(Frame).top_edge.words
        await pilot.press("m")
        await until(pilot, lambda: "mark it when it has ended" in notes(app))
        await until(pilot, lambda: isinstance(app.screen, TreePage))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, TreePage))
        goes_on.set()
        await until(pilot, lambda: texts(chat)[-1] == "half of it")
        assert not chat.conversation.session.path[-1].marks.is_muted


@pytest.mark.parametrize(
    ("words", "shows", "ends_with"),
    [("/tree", "2 messages · cost unknown", "half of it  (here)"), ("/facts", "not yet", "finish reason stop")],
)
async def test_a_page_over_an_answer_that_is_written_shows_what_has_become_of_it(
    tmp_path: Path, words: str, shows: str, ends_with: str
) -> None:
    goes_on = asyncio.Event()
    half = [*opening(), TextDelta("half"), goes_on, TextDelta(" of it"), Stopped(Outcome.COMPLETE, "stop")]
    async with running(app := chat_app(tmp_path, half), size=(120, 30)) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "half")
        await send(pilot, chat, words)
        await until(pilot, lambda: isinstance(app.screen, TreePage | MessageFacts))
        await until(pilot, lambda: shows in "\n".join(lines(app)))
        assert ends_with not in "\n".join(lines(app))
        goes_on.set()
        await until(pilot, lambda: ends_with in "\n".join(lines(app)))
        assert isinstance(app.screen, TreePage | MessageFacts)


async def test_a_page_that_is_being_opened_is_not_renewed_before_its_parts_are_there(tmp_path: Path) -> None:
    async with running(app := chat_app(tmp_path)) as (chat, pilot):
        app.push_screen(page := TreePage(lambda: (Tree(), None), lambda: 0.0, opened=set()))
        chat.renew_dialogs()
        await until(pilot, lambda: page.is_mounted)
        chat.renew_dialogs()
        assert app.screen is page


async def test_a_summary_stands_in_one_line_and_is_undone(tmp_path: Path) -> None:
    long = "word " * 300
    app = chat_app(tmp_path, answer(long), answer(long), answer(long), answer("They spoke."))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first", "second", "third", "/compact")
        await until(pilot, lambda: "messages are sent as a summary" in heads(chat))
        await pilot.press("tab", "home", "end")
        await pilot.click(chat.transcript, offset=cell(chat.transcript, "/compact undo"))
        await until(pilot, lambda: "not in use" in heads(chat))
        await pilot.press("u")
        await until(pilot, lambda: "are sent as a summary" in heads(chat))
        await pilot.press("u")
        await until(pilot, lambda: "not in use" in heads(chat))


async def test_a_pair_with_a_number_goes_to_that_conversation_of_the_list(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        await asked(pilot, chat, "first")
        before = chat.conversation.id
        await pilot.press("ctrl+n")
        await until(pilot, lambda: chat.conversation.id != before)
        await asked(pilot, chat, "second")
        await pilot.press("ctrl+x", "2")
        await until(pilot, lambda: chat.conversation.id == before)
        await pilot.press("ctrl+x", "9")
        await until(pilot, lambda: "There is no conversation 9" in notes(chat.app))


async def test_a_click_on_the_number_of_a_variant_shows_another(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), answer("two"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first", "/retry")
        await until(pilot, lambda: "‹ 2/2 ›" in heads(chat))
        await pilot.click(chat.transcript, offset=cell(chat.transcript, "‹"))
        await until(pilot, lambda: texts(chat) == ["first", "one"])


async def test_a_click_on_what_can_be_done_about_an_end_does_it(tmp_path: Path) -> None:
    cut = [*opening(), TextDelta("half"), Stopped(Outcome.COMPLETE, "length")]
    app = chat_app(tmp_path, cut, answer(" and whole"), answer("anew"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "first")
        await until(pilot, lambda: "continue · ask again" in screen(chat.transcript))
        await pilot.click(chat.transcript, offset=cell(chat.transcript, "continue · ask"))
        await until(pilot, lambda: texts(chat)[0] == "first" and texts(chat)[-1].endswith("and whole"))
        await pilot.click(chat.transcript, offset=cell(chat.transcript, "ask again"))
        await until(pilot, lambda: texts(chat) == ["first", "anew"])


async def test_what_is_continued_from_its_last_letter_is_one_text_with_a_mark_where_it_goes_on(tmp_path: Path) -> None:
    cut = [*opening(), TextDelta("Let us see:\n\n```python\nfirst = 1\nsec"), Stopped(Outcome.TRUNCATED)]
    app = chat_app(tmp_path, answer("x"), cut, answer("ond = 2\n```\n\nDone."), answer("y"))
    async with running(app) as (chat, pilot):
        await asked(pilot, chat, "/model anthropic/claude-3-haiku", "begin", "go", "/continue")
        await until(pilot, lambda: "Done." in screen(chat.transcript))
        shown = screen(chat.transcript).split("\n")
        (row,) = (line for line in shown if "second = 2" in line)
        assert row.startswith("↳")
        assert sum(line.startswith("↳") for line in shown) == 1
        assert any("↳ continued" in line for line in shown)
        assert "cut off" not in screen(chat.transcript)
        anew = Transcript()
        anew.show(chat.conversation.session.path)
        assert parts(chat.transcript.whole) == parts(anew)
        await send(pilot, chat, "/undo")
        await until(pilot, lambda: "✗ cut off" in screen(chat.transcript))
        assert "Done." not in screen(chat.transcript)
