"""Keys on the composer's edge: only those that do something now."""

from pathlib import Path

import pytest

from tests.ui.support import answer, chat_app, press, running, send, until
from tui_chat.ui.chat_screen.hinting import hints_while
from tui_chat.ui.rows.edge import Edge
from tui_chat.workspace.state import State

SMALL = pytest.mark.parametrize("size", [(80, 24), (40, 10)])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("is_editing", [False, True])
def test_where_nothing_is_written_no_key_is_said_to_send(state: State, is_editing: bool) -> None:
    written, blank = (
        [hint.id for hint in hints_while(state, is_blank=is_blank, is_editing=is_editing)] for is_blank in (False, True)
    )
    assert "send" in written
    assert "send" not in blank


@SMALL
async def test_a_pane_over_the_page_shows_its_way_out_which_leads_out(size: tuple[int, int], tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("words"))
    async with running(app, size) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await press(pilot, "ctrl+x", "u")
        await until(pilot, lambda: "Esc close" in chat.query_one("UsagePane > .-top", Edge).words)
        await press(pilot, "escape")
        await until(pilot, lambda: not chat.panes.is_open and chat.composer.has_focus)


@SMALL
async def test_while_one_writes_behind_a_pane_that_covers_the_page_the_way_out_comes_first(
    size: tuple[int, int], tmp_path: Path
) -> None:
    app = chat_app(tmp_path)
    async with running(app, size) as (chat, pilot):
        await press(pilot, "ctrl+x", "u")
        await until(pilot, lambda: chat.panes.has_focus)
        chat.composer.focus()
        edge = chat.frame.top_edge if size[1] < 14 else chat.frame.bottom_edge
        await until(pilot, lambda: edge.words.startswith("Esc close the pane"))
        await press(pilot, "escape")
        await until(pilot, lambda: not chat.panes.is_open)


async def test_lines_behind_a_pane_are_neither_offered_nor_taken(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: chat.beginning.verb)
        await press(pilot, "ctrl+x", "u")
        await until(pilot, lambda: chat.panes.has_focus)
        chat.composer.focus()
        await until(pilot, lambda: chat.composer.has_focus)
        assert not chat.beginning.verb
        await press(pilot, "enter")
        assert chat.query("UsagePane")
        await press(pilot, "escape")
        await until(pilot, lambda: chat.beginning.verb)


async def test_while_a_question_is_edited_the_key_that_closes_a_pane_first_says_so(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("words"))
    async with running(app, (120, 30)) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await send(pilot, chat, "/edit")
        await until(pilot, lambda: "Esc cancel the edit" in chat.frame.bottom_edge.words)
        await press(pilot, "ctrl+x", "u")
        await until(pilot, lambda: chat.panes.has_focus)
        chat.composer.focus()
        await until(pilot, lambda: "Esc close the pane" in chat.frame.bottom_edge.words)
        await press(pilot, "escape")
        await until(pilot, lambda: "Esc cancel the edit" in chat.frame.bottom_edge.words)
        assert chat.conversation.editing is not None


async def test_without_a_prompt_there_is_no_history_to_search_and_it_is_said(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: "Nothing has been sent yet" in chat.frame.top_edge.words)
        assert app.screen is chat


def test_a_cut_answer_is_continued_or_asked_again() -> None:
    hints = hints_while(State.IDLE, is_blank=True, was_cut=True, goes_on=True)

    assert [(hint.id, hint.verb) for hint in hints[:2]] == [("continue", "continue"), ("retry", "ask again")]


@pytest.mark.parametrize(
    ("written", "verb"),
    [
        (":q", "quit"),
        ("/quit", "quit"),
        ("/theme paper", "run"),
        ("words", "send"),
        ("//theme", "send"),
        (" exit", "send"),
    ],
)
async def test_the_edge_says_what_enter_does_with_what_is_written(written: str, verb: str, tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app, (120, 30)) as (chat, pilot):
        chat.composer.insert_text("w")
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith("Enter send"))
        chat.composer.put(written)
        await press(pilot, "escape")  # closes the list of commands
        await until(pilot, lambda: chat.frame.bottom_edge.words.startswith(f"Enter {verb} "))


def test_a_command_is_run_while_an_answer_is_written() -> None:
    answering = hints_while(State.ANSWERING, is_blank=False, runs="run")

    assert [(hint.id, hint.verb) for hint in answering[:2]] == [("close", "stop"), ("send", "run")]


async def test_while_the_keys_go_elsewhere_the_empty_composer_says_what_leads_back(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("words")), (120, 30)) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        written = str(chat.composer.placeholder)
        for key in ("shift+tab", "f3"):
            await press(pilot, key)
            await until(pilot, lambda: str(chat.composer.placeholder) == "Esc to write")
            await press(pilot, "escape")
            await until(pilot, lambda: chat.composer.has_focus and str(chat.composer.placeholder) == written)
