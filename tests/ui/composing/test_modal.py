"""Vim's modes in the composer itself: what the screen adds to them."""

from pathlib import Path

import pytest
from textual import events

from tests.ui.support import answer, chat_app, press, running, until
from tui_chat.settings.load import load_settings
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.transcript.extraction import last_answer_text

ON = "vim = true\n"


def placed(composer: Composer) -> str:
    """The text with `|` at the caret."""
    row, column = composer.cursor_location
    lines = composer.text.split("\n")
    lines[row] = f"{lines[row][:column]}|{lines[row][column:]}"
    return "\n".join(lines)


async def test_escape_leaves_inserting_and_the_title_tells_the_mode(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        composer = chat.composer
        assert composer.above == "INSERT"
        await press(pilot, *"one two", "escape", "b", "2", "d")
        assert composer.above == "NORMAL 2d"
        await press(pilot, "escape", "c", "w", *"three", "escape")
        assert placed(composer) == "one thre|e"
        assert composer.above == "NORMAL"


async def test_a_whole_insertion_is_undone_at_once_and_done_again(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        await press(pilot, *"one", "escape", *"otwo three four", "escape", "u")
        assert placed(chat.composer) == "on|e"
        await press(pilot, "ctrl+r")
        assert chat.composer.text == "one\ntwo three four"


async def test_what_is_selected_is_shown_to_its_last_character(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        await press(pilot, *"one two", "escape", *"0ve")
        assert chat.composer.selected_text == "one"
        await press(pilot, "w", "e")
        assert chat.composer.selected_text == "one two"
        await press(pilot, "d")
        assert chat.composer.text == ""


async def test_sending_goes_back_to_inserting(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("hi"), settings=ON)) as (chat, pilot):
        await press(pilot, *"hello", "escape", "enter")
        await until(pilot, lambda: "hi" in last_answer_text(chat.transcript.whole))
        assert chat.composer.above == "INSERT"
        await press(pilot, "escape", "k")
        assert chat.composer.text == "hello"


async def test_a_slash_or_colon_begins_a_command(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        await press(pilot, "escape", ":", *"vim", "enter")
        await until(pilot, lambda: not chat.composer.uses_vim)
        assert chat.composer.above == ""
        assert not load_settings(chat.program.loaded.file, {}).settings.vim


async def test_a_long_paste_stays_whole_under_every_motion(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        paste = "line\n" * 200
        composer = chat.composer
        composer.insert_text(f"{paste}")
        await press(pilot, *" end", "escape", *"0x")
        assert composer.text == " end"
        await press(pilot, "u")
        assert composer.text == f"{paste} end"
        await press(pilot, *"0yl$p")
        assert composer.text == f"{paste} end{paste}"
        assert composer.document.line_count == 1


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+x", "ctrl+e"])
async def test_what_takes_a_selection_away_leaves_visual_mode(tmp_path: Path, key: str) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        chat.composer.put("one two")
        await press(pilot, "escape", "V")
        assert chat.composer.above == "VISUAL LINE"
        await press(pilot, key)
        await until(pilot, lambda: chat.composer.above == "NORMAL")


async def test_a_paste_takes_the_place_of_a_selection(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        composer = chat.composer
        composer.put("one two")
        await press(pilot, *["escape", *"0ve"])
        composer.post_message(events.Paste("three four"))
        await until(pilot, lambda: composer.above == "NORMAL")
        await press(pilot, "b", "x")
        assert composer.text == "three our two"


async def test_what_the_mouse_selects_is_visual_at_once(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, settings=ON)) as (chat, pilot):
        composer = chat.composer
        composer.put("one two three")
        await press(pilot, "escape")
        composer.move_cursor((0, 4))
        composer.move_cursor((0, 7), select=True)
        await until(pilot, lambda: composer.above == "VISUAL")
        await press(pilot, "d")
        assert composer.text == "one  three"
