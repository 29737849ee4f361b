"""Dialogs: the keys on their edges, and where they stand."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from tests.fakes import ScriptedCompleter, make_services
from tests.ui.support import answer, chat_app, press, running, send, until
from tui_chat.settings.theme_files import Themes
from tui_chat.ui import dialogs
from tui_chat.ui.dialogs.choice import SETTLES_S, Choice, ChoiceDialog
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.dialogs.prompt import TextDialog
from tui_chat.ui.dialogs.prompt_search import PromptSearch
from tui_chat.ui.dialogs.stash_list import StashList
from tui_chat.ui.dialogs.theme_picker import ThemePicker
from tui_chat.ui.fields.field_row import POINTER, FieldRow
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.workspace.stash import Stashed


async def edges(keymap: dict[str, str]) -> tuple[str, str]:
    """What the edges of a dialog say with these keys in force."""
    app: App[None] = App()
    app.set_keymap(keymap)
    async with app.run_test() as pilot:
        app.push_screen(TextDialog("Words"))
        await pilot.pause()
        frame = app.screen.query_one(Frame)
        return frame.top_edge.words, frame.bottom_edge.words


async def test_a_dialog_names_the_keys_in_force() -> None:
    assert await edges({}) == ("Words · Esc close", "Ctrl+S take")


async def test_a_key_of_ones_own_is_named_in_place_of_the_shipped_one() -> None:
    assert await edges({"leave": "f9", "take": "ctrl+enter"}) == ("Words · F9 close", "Ctrl+Enter take")


@pytest.mark.parametrize("keys", [["f7"], ["f7", "tab"], ["f9"], ["f9", "tab"], ["f1"]])
async def test_the_key_that_quits_does_so_over_a_dialog_too(tmp_path: Path, keys: list[str]) -> None:
    app = chat_app(tmp_path, answer("Hello."))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "Hi")
        await until(pilot, lambda: not chat.conversation.is_answering and len(chat.conversation.session.path) > 1)
        await press(pilot, keys[0])
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        await press(pilot, *keys[1:], "ctrl+q")
        await until(pilot, lambda: app.return_code == 0)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (160, 50)])
async def test_a_dialog_leaves_the_composer_and_the_status_line_in_sight(tmp_path: Path, size: tuple[int, int]) -> None:
    app = chat_app(tmp_path)
    async with running(app, size) as (chat, pilot):
        app.push_screen(dialogs.line("Name"))
        await until(
            pilot, lambda: app.screen is not chat and app.screen.query(Frame) and app.screen.query_one(Frame).size
        )
        assert app.screen.query_one(Frame).region.bottom <= chat.frame.region.y
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.screen.query_one(Frame).region.bottom <= chat.frame.region.y)


async def test_a_question_is_answered_by_no_key_that_may_have_been_typed_before_it(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    answers: list[str | None] = []
    now = 0.0
    ways = (Choice("Keep it", "kept", "keep"), Choice("Replace it", "replaced", "replace"))
    async with running(app) as (_, pilot):
        app.push_screen(ChoiceDialog("Replace it?", "notes.md is there.", ways, clock=lambda: now), answers.append)
        await pilot.press("y", "down", "enter")
        await pilot.pause()
        assert answers == []
        now = SETTLES_S
        await pilot.press("y")
        await until(pilot, lambda: answers)
    assert answers == ["replaced"]


@pytest.mark.parametrize(
    "command", ["palette", "help", "resume", "search", "search-prompts", "theme", "settings", "notices", "params"]
)
async def test_a_dialog_that_is_left_with_the_key_after_the_one_that_opens_it_is_gone(
    tmp_path: Path, command: str
) -> None:
    app = chat_app(tmp_path, services=make_services(ScriptedCompleter(answer("words"))))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "a prompt to look for")
        await until(pilot, lambda: not chat.conversation.is_answering and chat.conversation.session.path)
        chat.action_command(command)
        for _ in range(10_000):
            if app.screen is not chat:
                break
            await asyncio.sleep(0)
        opened = app.screen
        assert isinstance(opened, Dialog)
        assert not opened.is_mounted
        opened.action_leave()
        await until(pilot, lambda: app.screen is chat)
        assert app.return_code is None


async def test_a_text_is_taken_with_the_letters_typed_before_the_key() -> None:
    app: App[None] = App()
    taken: list[str | None] = []
    async with app.run_test() as pilot:
        app.push_screen(TextDialog("Words"), taken.append)
        await pilot.pause()
        await press(pilot, *"words", "ctrl+s")
    assert taken == ["words"]


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_leaving_what_was_written_takes_two_presses_and_what_was_not_one(size: tuple[int, int]) -> None:
    app: App[None] = App()
    taken: list[str | None] = []
    async with app.run_test(size=size) as pilot:
        for keys in (["escape"], [*"word", "escape", "s", "escape"]):
            app.push_screen(TextDialog("The answer of anthropic/claude", "before"), taken.append)
            await pilot.pause()
            await pilot.press(*keys)
        assert taken == [None]
        edge = app.screen.query_one(Frame).top_edge
        assert "not saved" in edge.words.lower()
        assert "Esc drop it" in edge.words
        await pilot.press("e")
        await until(pilot, lambda: "not saved" not in edge.words.lower())
        assert "The answer" in edge.words
        await pilot.press("escape", "escape")
    assert taken == [None, None]


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_a_long_question_is_read_on_by_pages_and_says_so_while_there_is_more(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = chat_app(tmp_path)
    words = "\n".join(f"line {number}" for number in range(30))
    ways = (Choice("Keep it", "kept", "keep"), Choice("Replace it", "replaced", "replace"))
    async with running(app, size) as (chat, pilot):
        app.push_screen(ChoiceDialog("Replace it?", words, ways))
        await until(pilot, lambda: app.screen is not chat and app.screen.query(Frame))
        text, edge = app.screen.query_one(VerticalScroll), app.screen.query_one(Frame).bottom_edge
        await until(pilot, lambda: edge.words.startswith("PgDn read on"))
        await pilot.press("pagedown")
        assert 0 < text.scroll_y < text.max_scroll_y
        await pilot.press(*["pagedown"] * 30)
        assert text.scroll_y == text.max_scroll_y
        await until(pilot, lambda: edge.words.startswith("Enter take"))
        await pilot.press(*["pageup"] * 30)
        assert text.scroll_y == 0
        await pilot.resize_terminal(100, 60)
        await pilot.resize_terminal(size[0], size[1] - 1)
        await until(pilot, lambda: edge.words.startswith("PgDn read on"))


async def test_a_short_question_has_nothing_to_read_on(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        app.push_screen(dialogs.yes_or_no("Replace it?", "notes.md is there.", no="Keep it", yes="Replace it"))
        await until(pilot, lambda: app.screen is not chat and app.screen.query(Frame))
        await pilot.pause()
        assert app.screen.query_one(Frame).bottom_edge.words == "Enter take · y replace · n keep"


def themes(folder: Path) -> Themes:
    """The shipped themes, and twenty more."""
    for number in range(20):
        (folder / f"theme-{number}.toml").write_text("dark = true\n")
    return Themes(folder)


LONG = "\n".join(f"line {number}" for number in range(30))
WAYS = ("Stay", "Save to another place", "Quit")
FULL: Mapping[str, Callable[[App[None], Path], object]] = {
    "themes": lambda app, folder: app.push_screen(ThemePicker(themes(folder), "theme-3")),
    "prompts": lambda app, _: app.push_screen(PromptSearch([f"{number}\n{LONG}" for number in range(30)])),
    "stash": lambda app, _: app.push_screen(StashList([Stashed((LONG,), float(n)) for n in range(30)], now=30.0)),
    "question": lambda app, _: app.push_screen(ChoiceDialog("Leave?", LONG, [Choice(way, way) for way in WAYS])),
}


@pytest.mark.parametrize(
    "size",
    [
        *((40, 10), (80, 23), (120, 40)),
        *(pytest.param(size, marks=pytest.mark.slow) for size in ((60, 15), (80, 16), (80, 24), (200, 60))),
    ],
)
@pytest.mark.parametrize("name", FULL)
async def test_a_dialog_that_is_full_stays_between_its_edges(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    app = chat_app(tmp_path)
    async with running(app, size) as (chat, pilot):
        chat.composer.put("a draft\nof three\nlines")
        await pilot.pause()
        FULL[name](app, tmp_path)
        await until(pilot, lambda: app.screen is not chat and app.screen.query(Frame))
        await pilot.pause()
        frame = app.screen.query_one(Frame)
        assert frame.bottom_edge.region.bottom == frame.region.bottom <= chat.frame.region.y
        shown = [widget.region for widget in frame.children if widget.display]
        assert all(above.bottom == below.y for above, below in pairwise(shown))
        assert all(frame.region.contains_region(region) for region in shown)
        assert all(widget.region.height for widget in app.screen.query("PickList, VerticalScroll"))


async def test_a_line_is_asked_for_in_a_field_like_every_other() -> None:
    app = ThemedApp[None]()
    async with app.run_test() as pilot:
        app.push_screen(dialogs.line("Name", "notes.md"))
        await pilot.pause()
        row = app.screen.query_one(FieldRow)
        assert str(row.query_one(Static).content) == POINTER
        assert row.query_one(Input).value == "notes.md"
