"""The filter of the tool inspector: opened by its key, narrowing while one types and while calls arrive."""

import json

import pytest
from textual.pilot import Pilot

from tests.ui.pane_app import PaneApp, alone
from tests.ui.panes.test_tool_inspector import answer, board, call, feed, grown, painted, result, showing
from tests.ui.support import until
from tests.work import counted
from tui_chat.core.tree import Node
from tui_chat.ui.panes.narrowing_field import NarrowingField
from tui_chat.ui.panes.pane import Pane
from tui_chat.ui.panes.tool_inspector import ToolInspector
from tui_chat.ui.rows.filtered_list import ListField
from tui_chat.workspace.tool_switches import Switchable


def path(count: int = 6) -> list[Node]:
    """Calls of several answers, every third of which failed."""
    nodes: list[Node] = []
    for at in range(count):
        name, city = ("get_weather", "run_sql")[at % 2], ("Rome", "Kyoto", "Oslo")[at % 3]
        nodes.append(answer(f"a{at}", call(f"c{at}", json.dumps({"city": city, "at": at}), name)))
        nodes.append(result(f"c{at}", f"Sunny {at}", is_error=at % 3 == 0))
    return nodes


async def typed(app: PaneApp, pilot: Pilot[None], words: str) -> None:
    """Words in the filter."""
    app.query_one("#call-list").focus()
    await pilot.press("slash")
    app.query_one("#call-field-text", ListField).value = words
    await pilot.pause()


async def test_the_calls_are_narrowed_by_what_is_typed_and_counted() -> None:
    async with alone(showing(*path())) as (app, pilot):
        await typed(app, pilot, "kyoto")
        assert len(app.lines("#call-list")) == 2
        assert "Tools · 2 of 6" in app.edges()[0]
        assert '"Kyoto"' in "".join(app.lines("#call-view"))
        await typed(app, pilot, "failed tool:sql")
        assert "1 of 6" in app.edges()[0]
        await until(pilot, lambda: "state failed · tool contains sql" in "".join(app.lines("#call-read")))
        await until(pilot, lambda: "error Sunny 3" in app.lines("#call-result"))


async def test_escape_clears_the_filter_and_stays_on_the_call_that_was_found() -> None:
    async with alone(showing(*path())) as (app, pilot):
        await typed(app, pilot, "kyoto")
        assert "Esc clear" in app.edges()[0]
        await pilot.press("down", "escape")
        assert len(app.lines("#call-list")) == 6
        assert "c1" in app.lines("#call-facts")[0]
        assert not app.query_one(NarrowingField).display
        assert not app.said(Pane.Closed)
        await pilot.press("escape")
        assert app.said(Pane.Closed)


async def test_enter_goes_to_the_call_and_tab_to_the_rows() -> None:
    async with alone(showing(*path())) as (app, pilot):
        await typed(app, pilot, "oslo")
        await pilot.press("tab")
        assert app.focused is app.query_one("#call-list")
        await pilot.press("slash", "enter")
        assert app.focused is app.query_one("#call-view")
        assert "2 of 6" in app.edges()[0]


async def test_what_fits_nothing_or_is_wrong_is_said_in_words() -> None:
    async with alone(showing(*path())) as (app, pilot):
        await typed(app, pilot, "zebra")
        await until(pilot, lambda: app.lines("#call-none") == ["No call has “zebra”."])
        assert not app.query_one("#call-section").display
        await typed(app, pilot, "state:broken")
        await until(pilot, lambda: "“state:broken” is passed over" in "".join(app.lines("#call-read")))


class Tools:
    """Tools of which some are off."""

    def __init__(self) -> None:
        self.switched: list[str] = []

    def tools(self) -> list[Switchable]:
        named = (("get_weather", "", False), ("run_sql", "db", True), ("list_tables", "db", False))
        return [Switchable(name, name, server, is_off, True) for name, server, is_off in named]

    def switch_tool(self, tool: Switchable) -> None:
        self.switched.append(tool.name)

    def take_again(self, number: int) -> None:
        del number


@pytest.mark.parametrize("count", [0, 6])
async def test_the_tools_are_narrowed_by_words_and_by_how_their_switches_stand(count: int) -> None:
    host, nodes = Tools(), path(count)
    async with alone(ToolInspector(board=board(*nodes), host=host)) as (app, pilot):
        if count:
            app.query_one("#call-list").focus()
            await pilot.press("t")
            await pilot.pause()
        assert "/ filter" in app.edges()[1]
        await pilot.press("slash", *"db")
        await until(pilot, lambda: len(app.lines("#tool-list")) == 2)
        await pilot.press(*" off")
        await until(pilot, lambda: "run_sql" in "".join(app.lines("#tool-list")))
        assert len(app.lines("#tool-list")) == 1
        await pilot.press("enter")
        assert host.switched == ["run_sql"]
        await pilot.press(*" zebra")
        await until(pilot, lambda: app.lines("#call-none") == ["No tool has “db off zebra”."])
        assert "Esc clear" in app.edges()[0]
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.lines("#tool-list")) == 3
        assert "Esc close" in app.edges()[0]


async def test_a_call_that_comes_takes_nothing_from_who_filters_the_tools() -> None:
    calls = board()
    async with alone(ToolInspector(board=calls, host=Tools())) as (app, pilot):
        await pilot.press("slash", *"d")
        feed(app, calls, grown('{"city": "Pa'))
        await painted(app, pilot)
        await pilot.press(*"b")
        assert app.query_one("#tool-field-text", ListField).value == "db"
        await pilot.press("escape", "t")
        await until(pilot, lambda: len(app.lines("#call-list")) == 1)


async def test_words_that_are_given_list_what_fits_with_the_focus_on_it_until_they_are_cleared() -> None:
    pane = showing(*path())
    async with alone(pane) as (app, pilot):
        pane.seek("failed")
        await until(pilot, lambda: "2 of 6" in app.edges()[0])
        assert app.focused is app.query_one("#call-list")
        pane.seek("zebra")
        await until(pilot, lambda: app.lines("#call-none") == ["No call has “zebra”."])
        assert app.focused is app.query_one("#call-field-text")
        await pilot.press("escape")
        assert len(app.lines("#call-list")) == 6


async def test_the_filter_is_offered_where_there_are_several_calls() -> None:
    async with alone(showing(*path(1))) as (app, pilot):
        app.query_one("#call-list").focus()
        await pilot.press("slash")
        assert not app.query_one(NarrowingField).display


async def test_calls_that_arrive_are_narrowed_too() -> None:
    calls = board(*path(2))
    pane = ToolInspector(board=calls)
    async with alone(pane) as (app, pilot):
        await typed(app, pilot, "paris")
        assert "0 of 2" in app.edges()[0]
        feed(app, calls, grown('{"city": "Pa'))
        await painted(app, pilot)
        assert "0 of 3" in app.edges()[0]
        feed(app, calls, grown('ris"'))
        await painted(app, pilot)
        assert "1 of 3" in app.edges()[0]
        assert app.lines("#call-view") == ['  city  "Paris"']


async def test_who_goes_to_a_call_that_waits_or_is_opened_in_place_finds_it_in_spite_of_a_filter() -> None:
    nodes = [*path(), answer("z", call("cz", '{"city": "Zug"}'))]
    pane = showing(*nodes)
    async with alone(pane) as (app, pilot):
        await typed(app, pilot, "kyoto")
        pane.focus()
        await pilot.pause()
        assert app.focused is app.query_one("#call-editor")
        assert '"Zug"' in "".join(app.lines("#call-view"))
        await typed(app, pilot, "kyoto")
        pane.choose(("a2", 0), pane._view)
        await pilot.pause()
        assert '"Oslo"' in "".join(app.lines("#call-view"))
        assert "7 calls" in app.edges()[0]


@pytest.mark.parametrize(
    "height", [8, pytest.param(6, marks=pytest.mark.slow), pytest.param(15, marks=pytest.mark.slow)]
)
async def test_where_there_is_little_room_the_field_has_its_rows_alone_until_it_is_left(height: int) -> None:
    async with alone(showing(*path()), 40, height) as (app, pilot):
        await typed(app, pilot, "sunny")
        await until(pilot, lambda: app.query_one("#call-list").size.height == height - 3)
        assert not app.query_one("#call-section").display
        assert app.query_one(Pane).bottom_edge.region.bottom == height
        await typed(app, pilot, "oslo 2")
        await pilot.press("enter")
        await until(pilot, lambda: app.query_one("#call-view").size.height >= 1)
        assert len(app.lines("#call-list")) == app.query_one("#call-list").size.height == 1


async def test_a_key_among_five_hundred_calls_does_the_work_of_their_number_and_no_more() -> None:
    works = []
    for count in (250, 500):
        nodes = path(count)
        pane = ToolInspector(board=board(*nodes))
        async with alone(pane) as (app, pilot):
            pane.show(nodes, ())
            await typed(app, pilot, "sunn")
            with counted(ours=True) as work:
                await pilot.press("y")
            works.append(work.calls)
            assert f"{count} of {count}" in app.edges()[0]
    assert works[1] <= 2.1 * works[0]
