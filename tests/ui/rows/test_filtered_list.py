"""A search field over a list: what the keys do, and what the owner is told."""

from collections.abc import Sequence

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.pane_app import PaneApp, alone
from tests.ui.support import until
from tui_chat.core import fuzzy
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.rows.filtered_list import FilteredList
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row

FRUIT = ("apple", "apricot", "banana", "cherry", "damson")


def find(query: str) -> Sequence[str]:
    return [fruit for _, fruit, _ in fuzzy.rank(query, FRUIT, str)]


def draw(fruit: str, width: int) -> tuple[Row, ...]:
    """One line where there is room, else two."""
    name: Row = ((Ink.TEXT, fruit),)
    return (name,) if width > 40 else (name, ((Ink.MUTED, "a fruit"),))


def fruits(*, wraps: bool = False) -> FilteredList[str]:
    return FilteredList(find, draw, id="fruit", wraps=wraps)


async def burst(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as one read from the terminal brings them."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


def picked(app: PaneApp) -> list[object]:
    return [message.item for message in app.said(FilteredList.Picked) if isinstance(message, FilteredList.Picked)]


async def test_letters_narrow_and_enter_picks() -> None:
    found = fruits()
    async with alone(found) as (app, pilot):
        found.find_again()
        await pilot.press(*"ap")
        assert list(found.items) == ["apple", "apricot"]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert picked(app) == ["apricot"]
        assert isinstance(app.focused, Input)


async def test_a_click_picks() -> None:
    found = fruits()
    async with alone(found) as (app, pilot):
        found.find_again()
        await pilot.pause()
        await pilot.click("#fruit-list", offset=(2, 3))
        await pilot.pause()
        assert picked(app) == ["cherry"]


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (["down", "down"], "banana"),
        (["down", "up"], "apple"),
        (["up"], "apple"),
        (["pagedown"], "damson"),
        (["pagedown", "pageup"], "apple"),
        (["pagedown", "down"], "damson"),
    ],
)
async def test_keys_that_move_go_to_the_list(keys: list[str], there: str) -> None:
    found = fruits()
    async with alone(found) as (_, pilot):
        found.find_again()
        await pilot.pause()
        await pilot.press(*keys)
        assert found.current == there


@pytest.mark.parametrize(("key", "there"), [("up", "damson"), ("down", "apricot")])
async def test_a_list_that_wraps_goes_on_at_its_other_end(key: str, there: str) -> None:
    found = fruits(wraps=True)
    async with alone(found) as (_, pilot):
        found.find_again()
        await pilot.press(key)
        assert found.current == there


async def test_keys_in_one_burst_move_in_the_list_that_the_letters_before_them_made() -> None:
    found = fruits()
    async with alone(found) as (app, pilot):
        found.find_again()
        await burst(pilot, *"ap", "down", "enter")
        assert picked(app) == ["apricot"]


async def test_a_key_that_was_given_to_lists_moves_and_edits_nothing() -> None:
    found = fruits()
    async with alone(found) as (app, pilot):
        app.set_keymap({"list-down": "ctrl+k"})
        found.find_again()
        await pilot.press("a", "p", "home", "ctrl+k")
        assert app.query_one(Input).value == "ap"
        assert found.current == "apricot"


async def test_enter_where_nothing_fits_picks_nothing_and_is_not_named() -> None:
    found = fruits(wraps=True)
    async with alone(Frame(found, title="Fruit", hints=[Hint("list-choose", "take")])) as (app, pilot):
        found.find_again()
        found.focus()
        await until(pilot, lambda: app.edges() == ("Fruit", "Enter take"))
        await pilot.press(*"zz", "up", "enter")
        await until(pilot, lambda: app.edges() == ("Fruit", ""))
        assert found.current is None
        assert picked(app) == []


async def test_enter_right_behind_the_letters_that_list_something_picks_it() -> None:
    found = fruits()
    async with alone(found) as (app, pilot):
        found.find_again()
        await pilot.press(*"zz")
        assert not found.items
        await burst(pilot, "backspace", "backspace", "c", "enter")
        assert picked(app) == ["cherry"]


async def test_the_owner_is_told_of_another_list_and_of_another_line() -> None:
    found = fruits()
    async with alone(found) as (app, pilot):
        found.find_again()
        await pilot.press("a", "down")
        await pilot.pause()
        assert len(app.said(FilteredList.Filtered)) == 1
        assert len(app.said(FilteredList.Moved)) == 1


async def test_finding_anew_keeps_to_the_item_that_is_wanted() -> None:
    found = fruits()
    async with alone(found):
        found.find_again(lambda fruit: fruit == "cherry")
        assert found.current == "cherry"
        found.find_again(lambda fruit: fruit == "quince")
        assert found.current == "apple"


@pytest.mark.parametrize(("width", "lines"), [(80, 5), (30, 10)])
async def test_an_item_is_as_high_as_it_is_drawn(width: int, lines: int) -> None:
    found = fruits()
    async with alone(found, width) as (app, pilot):
        found.find_again()
        await pilot.pause()
        assert app.query_one(PickList).line_count() == lines
        await pilot.resize_terminal(110 - width, 24)
        await pilot.pause()
        assert app.query_one(PickList).line_count() == 15 - lines
