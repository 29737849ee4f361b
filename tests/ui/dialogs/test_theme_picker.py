"""Choosing a theme by seeing it."""

from contextvars import copy_context
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Static

from tui_chat.settings.theme_files import Themes
from tui_chat.ui.dialogs.theme_picker import ThemePicker, sample
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.theming.marks import use_ascii
from tui_chat.ui.theming.themes import ThemedApp

UNANSWERED = "unanswered"


class Picking(ThemedApp[None]):
    """Opens the picker at once and remembers its answer."""

    answer: str | None = UNANSWERED
    auto = ""

    def compose(self) -> ComposeResult:
        yield Static("the chat behind")

    def on_mount(self) -> None:
        self.push_screen(ThemePicker(self.themes, self.theme, auto=self.auto, is_auto=bool(self.auto)), self.remember)

    def remember(self, answer: str | None) -> None:
        self.answer = answer


async def go_to(pilot: Pilot[None], name: str) -> None:
    """Put the cursor on a theme."""
    picks = pilot.app.screen.query_one(PickList)
    assert isinstance(pilot.app, Picking)
    picks.cursor = pilot.app.themes.names().index(name)
    await pilot.pause()


async def test_the_screen_wears_the_theme_under_the_cursor() -> None:
    app = Picking()
    async with app.run_test() as pilot:
        await pilot.press("down")
        await pilot.pause()

        second = app.themes.names()[1]
        assert app.theme == second
        assert app.answer == UNANSWERED
        panel = app.screen.query_one("ThemePicker > Vertical").styles.background
        assert panel == Color.parse(app.themes.read(second)[0].colors["panel"])


async def test_enter_chooses() -> None:
    app = Picking()
    async with app.run_test() as pilot:
        await go_to(pilot, "paper")
        await pilot.press("enter")
        await pilot.pause()

        assert (app.answer, app.theme) == ("paper", "paper")


async def test_escape_leaves_all_as_it_was() -> None:
    app = Picking(theme_name="ember")
    async with app.run_test() as pilot:
        assert app.screen.query_one(PickList).cursor == app.themes.names().index("ember")
        await go_to(pilot, "terminal")
        assert app.native_ansi_color
        await pilot.press("escape")
        await pilot.pause()

        assert (app.answer, app.theme) == (None, "ember")
        assert not app.native_ansi_color


async def test_following_the_terminal_is_one_of_the_rows() -> None:
    app = Picking()
    app.auto = "paper"
    async with app.run_test() as pilot:
        await pilot.press("down", "up")
        await pilot.pause()
        assert app.theme == "paper"
        assert app.screen.query_one(PickList).line_at(0)[1][1].strip() == "●"
        await pilot.press("enter")
        await pilot.pause()

        assert app.answer == "auto"


async def test_a_click_chooses() -> None:
    app = Picking()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(PickList, offset=(4, 2))
        await pilot.pause()

        assert app.answer == app.themes.names()[2]


async def test_a_theme_from_outside_is_no_markup_and_its_mistakes_are_told(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text('name = "[red]x[/] \\u001b[31m"\n[colors]\nprimary = "no"\n')
    app = Picking(Themes(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "odd")

        shown = "\n".join(app.screen.query_one(PickList).render_line(y).text for y in range(12))
        hint = str(app.screen.query_one("#problem", Static).content)
        assert "[red]x[/]" in shown
        assert "\x1b" not in shown
        assert "odd.toml:3: primary" in " ".join(hint.split())


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40), (200, 60)])
async def test_list_and_keys_fit_the_screen(size: tuple[int, int]) -> None:
    app = Picking()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()

        screen = app.screen
        assert "Enter take" in screen.query_one(Frame).bottom_edge.words
        assert screen.query_one(PickList).region.height >= 6
        assert all(screen.region.contains_region(widget.region) for widget in screen.query("PickList, Frame > Edge"))
        assert screen.query_one("#sample").display is (size[1] >= 24)


def test_the_marks_of_the_sample_are_drawn_as_everywhere() -> None:
    def marks() -> str:
        use_ascii(True)
        return sample().plain

    assert copy_context().run(marks).isascii()
