"""Help: the manual and every key as it is now."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.support import answer, chat_app, press, running, send, until
from tui_chat import manual
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.dialogs.help import HelpScreen
from tui_chat.ui.dialogs.help_pages import find_page, found_page, help_pages
from tui_chat.ui.keys.pane_keys import KEYS_PAGE
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.transcript.view import TranscriptView


def first_lines(page: TranscriptView) -> str:
    return "".join(page.render_line(y).text for y in range(3))


def test_every_command_is_on_the_page_of_keys() -> None:
    page = next(page for page in help_pages(COMMANDS, {}) if page.slug == KEYS_PAGE)
    assert [command.id for command in COMMANDS if f"`{command.id}`" not in page.markdown] == []


def test_the_name_of_each_command_in_the_settings_has_a_column_of_its_own() -> None:
    page = next(page for page in help_pages(COMMANDS, {}) if page.slug == KEYS_PAGE)
    assert "| what it does | name |" in page.markdown
    assert [command.id for command in COMMANDS if f" | `{command.id}` |\n" not in page.markdown] == []


def test_the_page_of_keys_shows_ones_own() -> None:
    page = next(page for page in help_pages(COMMANDS, {"models": ("ctrl+y",)}) if page.slug == KEYS_PAGE)
    assert "`Ctrl+Y` | `/models`" in page.markdown
    assert "`Ctrl+L`" not in page.markdown


def test_a_topic_is_found_by_name_by_title_and_by_what_is_said() -> None:
    pages = help_pages(COMMANDS, {})
    assert pages[find_page(pages, "tools")].slug == "tools"
    assert pages[find_page(pages, "cost")].slug == "models-and-cost"
    assert find_page(pages, "no such words anywhere at all") == 0


@pytest.mark.parametrize(
    ("key", "page"), [("ctrl+l", "Models and cost"), ("f3", "Models and cost"), ("ctrl+o", "Tools")]
)
async def test_help_opens_at_the_page_on_the_pane_that_has_the_focus(tmp_path: Path, key: str, page: str) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await press(pilot, key)
        await until(pilot, lambda: chat.panes.has_focus)
        await press(pilot, "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and app.screen.query(Frame))
        assert f"{page} · " in app.screen.query_one(Frame).top_edge.words


@pytest.mark.parametrize(
    ("command", "page"),
    [("/resume", "Conversations"), ("/search borrow", "Conversations"), ("/settings", "Settings and files")],
)
async def test_help_in_a_dialog_opens_at_its_page_and_comes_back_to_it_as_it_was(
    tmp_path: Path, command: str, page: str
) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, command)
        await until(pilot, lambda: isinstance(app.screen, Dialog) and app.screen.focused)
        dialog, focused = app.screen, app.screen.focused
        assert "F1 help" in dialog.query_one(Frame).bottom_edge.words
        await press(pilot, "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and app.screen.query(Frame))
        assert f"{page} · " in app.screen.query_one(Frame).top_edge.words
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is dialog)
        assert dialog.focused is focused


@pytest.mark.parametrize("opening_keys", [("f7", "tab"), ("f9", "tab"), ("ctrl+x", "b"), ("ctrl+l", "tab"), ("f3",)])
async def test_a_question_mark_in_rows_shows_all_keys_and_is_a_letter_in_a_field(
    tmp_path: Path, opening_keys: tuple[str, ...]
) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "hello")
        await until(pilot, lambda: not chat.conversation.is_answering)
        await press(pilot, opening_keys[0])
        if len(opening_keys) > 1 and opening_keys[1] == "tab":
            await until(pilot, lambda: isinstance(app.focused, Input))
            await press(pilot, "question_mark")
            assert isinstance(app.focused, Input)
            await press(pilot, "backspace")
        await press(pilot, *opening_keys[1:])
        await pilot.pause()
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and app.screen.query(Frame))
        assert "All keys · " in app.screen.query_one(Frame).top_edge.words


def test_every_page_of_the_manual_can_be_read() -> None:
    shown = [page.markdown for page in help_pages(COMMANDS, {})]
    assert [page.slug for page in manual.pages() if page.text not in shown] == []


def test_a_page_is_called_in_help_what_the_guide_calls_it() -> None:
    pages = help_pages(COMMANDS, {})
    titles = {page.slug: page.title for page in pages}
    assert [page.slug for page in manual.pages() if titles[page.slug] != page.title] == []
    assert [page.slug for page in manual.pages() if pages[find_page(pages, page.title)].slug != page.slug] == []


def test_a_question_is_answered_on_a_page_of_its_own() -> None:
    found = found_page("how do I quit")
    assert found is not None
    assert found.markdown.startswith("## Keys › Stopping and quitting\n")


@pytest.mark.parametrize("topic", ["", "tools", "Models and cost", KEYS_PAGE])
def test_the_name_of_a_page_opens_it(topic: str) -> None:
    assert found_page(topic) is None


async def test_help_with_a_question_shows_the_section_that_answers(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app, size=(60, 16)) as (chat, pilot):
        await send(pilot, chat, "/help how do I quit")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        page = app.screen.query_one(TranscriptView)
        await until(pilot, lambda: page.size.height and "Stopping and quitting" in first_lines(page))


async def test_f1_opens_help_and_escape_comes_back_to_the_draft(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press(*"draft", "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("right", "escape")
        await until(pilot, lambda: app.screen is chat)
        assert chat.composer.text == "draft"
        assert chat.composer.has_focus


async def test_a_page_is_read_from_its_beginning(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app, size=(60, 16)) as (chat, pilot):
        await send(pilot, chat, "/keys")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        page = app.screen.query_one(TranscriptView)
        await until(pilot, lambda: page.size.height and "All keys" in first_lines(page))
        await pilot.press("right")
        await until(pilot, lambda: "Every action" in first_lines(page))
