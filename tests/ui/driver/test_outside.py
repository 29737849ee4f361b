"""What the settings change about the mouse, motion, copying and the terminal's own cursor, in the app itself."""

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from tests.ui.support import answer, chat_app, notes, running, send, until
from tui_chat.terminal.input import Piece, Sequence, Typed
from tui_chat.terminal.mouse import switched_off, switched_on, wheel_steps
from tui_chat.terminal.notifying import Notifier
from tui_chat.ui import dialogs
from tui_chat.ui.dialogs.palette import Palette
from tui_chat.ui.rows.pick_list import PickList

UP, DOWN = Sequence("\x1b[A"), Sequence("\x1bOB")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ([UP, UP, UP], [-1]),
        ([DOWN, DOWN], [1]),
        ([UP], [UP]),
        ([UP, DOWN], [UP, DOWN]),
        ([UP, UP, DOWN, DOWN, Typed("a")], [-1, 1, Typed("a")]),
        ([Typed("a"), UP, Typed("b"), UP], [Typed("a"), UP, Typed("b"), UP]),
    ],
)
def test_arrows_that_come_together_are_the_wheel(read: list[Piece], meant: list[Piece | int]) -> None:
    assert list(wheel_steps(read)) == meant


@pytest.mark.parametrize("use", ["full", "scroll", "off"])
def test_every_mode_that_is_switched_on_is_switched_off(use: str) -> None:
    on = set(switched_on(use).replace("h", "").split("\x1b[?"))
    assert on <= set(switched_off(use).replace("l", "").split("\x1b[?"))


async def test_the_mouse_is_changed_while_running_and_remembered(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/mouse off")
        await until(pilot, lambda: app.outside.mouse == "off" and "terminal's" in notes(app))
        await send(pilot, chat, "/mouse sideways")
        await until(pilot, lambda: "full, scroll, off" in notes(app))
    assert 'mouse = "off"' in (tmp_path / "config.toml").read_text()


async def test_with_reduced_motion_nothing_moves_or_blinks_by_itself(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings='motion = "reduced"\n')
    async with running(app) as (chat, pilot):
        assert app.animation_level == "none"
        assert not chat.query_one("#composer", TextArea).cursor_blink
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(chat.focused, Input))
        await until(pilot, lambda: not chat.query_one(Input).cursor_blink)


async def test_a_selection_is_copied_at_once_where_that_is_wanted(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("some words"), settings="copy_on_select = true\n")
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await pilot.double_click(chat.transcript, offset=(5, 3))
        await until(pilot, lambda: app.clipboard == "some")


async def test_the_terminals_cursor_follows_a_list_and_the_blocks(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one\n\ntwo\n\nthree"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        await pilot.press("tab")
        await until(pilot, lambda: chat.transcript.has_focus)
        await pilot.pause()
        last = app.cursor_position
        await pilot.press("k")
        await until(pilot, lambda: app.cursor_position.y < last.y)
        await pilot.press("escape")
        await send(pilot, chat, "/theme")
        await until(pilot, lambda: bool(app.screen.query(PickList)) and app.screen is not chat)
        themes = app.screen.query_one(PickList)
        themes.cursor = 2
        await until(pilot, lambda: app.cursor_position.y == themes.content_region.y + 2)


async def test_a_question_that_waits_is_told_to_who_looks_elsewhere(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (_, pilot):
        told: list[str] = []
        app.outside.notifier = Notifier(told.append, has_focus=lambda: app.focus_reported, last_input_at=lambda: 0.0)
        app.on_app_blur()
        app.push_screen(dialogs.yes_or_no("Replace it?", "notes.md is there already.", no="Keep it", yes="Replace it"))
        await until(pilot, lambda: told)
        assert len(told) == 1


async def test_ctrl_c_leaves_the_palette(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app.screen is chat)
