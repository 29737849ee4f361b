"""A frame and its edges: the keys in force, and none of a focus that another screen has."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.color import Color
from textual.widget import Widget
from textual.widgets import Static

from tests.ui.pane_app import alone
from tests.ui.support import chat_app, running, until
from tui_chat.ui import dialogs
from tui_chat.ui.dialogs.help import HelpScreen
from tui_chat.ui.dialogs.key_trial import KeyTrial
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import READING_HINTS
from tui_chat.ui.panes.model_pane import ModelPane
from tui_chat.ui.rows.drawn_rows import DrawnRows
from tui_chat.ui.rows.edge import BOTTOM, Edge, Piece, lay_out
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.read_on import ReadOn
from tui_chat.ui.rows.rows import Ink, Row
from tui_chat.ui.theming.themes import ThemedApp

ALL = 20
"""Rows of a text that is longer than its place."""


def rows(count: int) -> list[Row]:
    return [((Ink.TEXT, f"row {number}"),) for number in range(count)]


def read_on() -> ReadOn:
    return ReadOn(Static("\n".join(f"row {number}" for number in range(ALL))))


def draw(index: int, width: int) -> tuple[Row, ...]:
    del width
    return (((Ink.TEXT, str(index)),),)


def lit(frames: Iterable[Frame]) -> list[str]:
    """The frames that look as if they had the focus: the colour of their edge, or keys on it."""
    return [
        type(frame).__name__
        for frame in frames
        if frame.bottom_edge.words or frame.top_edge.styles.color == Color.parse(frame.app.theme_variables["border"])
    ]


async def test_a_key_that_chooses_is_named_and_does_something_only_where_there_are_items() -> None:
    picks = PickList()
    async with alone(Frame(picks, title="Things", hints=[Hint("list-choose", "take")])) as (app, pilot):
        picks.focus()
        await pilot.press("enter")
        assert app.edges() == ("Things", "")
        assert not app.said(PickList.Picked)
        picks.show_items(2, draw)
        await pilot.pause()
        assert app.edges() == ("Things", "Enter take")
        await pilot.press("enter")
        assert app.said(PickList.Picked)


class OneEdge(ThemedApp[None]):
    """An edge with one hint."""

    def compose(self) -> ComposeResult:
        yield Edge(BOTTOM)


@pytest.mark.parametrize(("theme", "is_dim"), [("terminal", True), ("dusk", False)])
async def test_a_key_stands_out_from_its_verb_by_what_the_theme_has(theme: str, is_dim: bool) -> None:
    app = OneEdge(theme_name=theme)
    async with app.run_test():
        edge = app.query_one(Edge)
        edge.show([Piece("take", label="Enter")])
        styles = {segment.text: segment.style for segment in edge.render_line(0)}
        key, verb = styles["Enter"], styles["take"]
        assert key is not None
        assert verb is not None
        assert (bool(key.dim), bool(verb.dim)) == (False, is_dim)
        assert key != verb


async def test_a_pane_shows_no_focus_while_a_dialog_has_it(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app, (120, 30)) as (chat, pilot):
        await pilot.press("ctrl+l")
        await until(pilot, lambda: lit(chat.query(ModelPane)))
        app.push_screen(dialogs.line("Name"))
        await until(pilot, lambda: app.screen is not chat and lit(app.screen.query(Frame)))
        await until(pilot, lambda: not lit(chat.query(Frame)))
        await pilot.press("escape")
        await until(pilot, lambda: lit(chat.query(ModelPane)))


async def test_a_dialog_shows_no_focus_while_another_one_has_it(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (_, pilot):
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and lit(app.screen.query(Frame)))
        below = app.screen
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, KeyTrial))
        await until(pilot, lambda: not lit(below.query(Frame)))
        assert not below.query_one(PickList).is_marked(0)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is below and lit(below.query(Frame)))
        assert below.query_one(PickList).is_marked(0)


@pytest.mark.parametrize("make", [LinesView, lambda: DrawnRows(lambda _: rows(ALL)), read_on])
async def test_keys_that_scroll_are_named_where_something_is_out_of_sight(make: Callable[[], Widget]) -> None:
    view = make()
    async with alone(Frame(view, title="Text", hints=READING_HINTS), height=8) as (app, pilot):
        if type(view) is LinesView:
            view.show_rows(rows(ALL))
        view.focus()
        await until(pilot, lambda: app.edges()[1].startswith("↑ ↓ scroll"))
        await pilot.resize_terminal(80, ALL + 4)
        await until(pilot, lambda: app.edges() == ("Text", ""))
        await pilot.resize_terminal(80, 8)
        await until(pilot, lambda: app.edges()[1].startswith("↑ ↓ scroll"))


async def test_a_view_of_automatic_height_is_as_high_as_its_rows() -> None:
    view = DrawnRows(lambda _: rows(2))
    view.styles.height = "auto"
    async with alone(Frame(view, title="Text"), height=8) as (_, pilot):
        await until(pilot, lambda: len(view.rows) == 2)
        assert view.outer_size.height == 2


@pytest.mark.parametrize(
    ("title", "way_out", "width", "shown"),
    [
        ("Over the budget", "back to the draft", 40, ["Over the budget", "Esc"]),
        ("Over the budget", "back to the draft", 50, ["Over the budget", "Esc back to the draft"]),
        ("Facts", "close", 40, ["Facts", "Esc close"]),
        ("A title that is longer than any such edge", "close", 30, ["A title tha…", "Esc close"]),
    ],
)
def test_the_way_out_gives_its_verb_where_the_title_is_whole_without_it(
    title: str, way_out: str, width: int, shown: list[str]
) -> None:
    placed = lay_out([Piece(title)], [Piece(way_out, label="Esc")], width)
    assert [piece.content.plain for _, piece in placed] == shown
