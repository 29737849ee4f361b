"""The prompt history: which prompts are found, in which order, and what is seen of them."""

import pytest
from textual.app import App

from tests.ui.support import press
from tui_chat.ui.dialogs import prompt_search
from tui_chat.ui.dialogs.prompt_search import PromptSearch, find
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import plain
from tui_chat.ui.theming.themes import ThemedApp


def whole(app: App[None]) -> list[str]:
    view = app.screen.query_one("#whole", LinesView)
    return [plain(row) for row in view.rows] if view.display else []


def test_of_prompts_that_fit_alike_the_newest_comes_first() -> None:
    assert find("fix", ["fix the long one, please, in all its parts", "fix it", "other"]) == [
        "fix the long one, please, in all its parts",
        "fix it",
    ]


def test_a_prompt_of_megabytes_is_searched_at_its_beginning_only() -> None:
    far = "x" * prompt_search.SEARCHED_CHARACTERS + " needle"
    assert find("needle", [far, "a needle"]) == ["a needle"]


async def test_the_whole_of_a_prompt_of_several_lines_is_shown_and_taken() -> None:
    class Searching(ThemedApp[None]):
        """Only the search."""

    app = Searching()
    taken: list[str | None] = []
    async with app.run_test() as pilot:
        long = "\n".join(f"line {number}" for number in range(20))
        app.push_screen(PromptSearch(["one line", "first\nsecond", long]), taken.append)
        await pilot.pause()
        assert whole(app) == ["line 0", "line 1", "line 2", "line 3", "line 4", "… 15 more lines"]
        await pilot.press("down")
        assert whole(app) == ["first", "second"]
        await pilot.press("ctrl+r")
        assert whole(app) == []
        await pilot.press(*"sec", "enter")
    assert taken == ["first\nsecond"]


async def test_below_the_last_prompt_comes_the_first_and_enter_where_none_fits_leaves() -> None:
    app = ThemedApp[None]()
    taken: list[str | None] = []
    async with app.run_test() as pilot:
        app.push_screen(PromptSearch(["older", "newer"]), taken.append)
        await pilot.pause()
        await pilot.press("up", "enter")
        app.push_screen(PromptSearch(["older", "newer"]), taken.append)
        await pilot.pause()
        await pilot.press(*"zz", "enter")
    assert taken == ["older", None]


async def test_the_key_for_an_older_prompt_moves_among_those_that_fit_the_letters_before_it() -> None:
    app = ThemedApp[None]()
    taken: list[str | None] = []
    async with app.run_test() as pilot:
        app.push_screen(PromptSearch(["alpha one", "beta", "alpha two"]), taken.append)
        await pilot.pause()
        await press(pilot, *"alpha", "ctrl+r", "enter")
    assert taken == ["alpha one"]


@pytest.mark.parametrize(("query", "words"), [("", "1,300"), ("even", "1,300 · 650 fit")])
async def test_every_prompt_that_fits_is_counted_and_listed(query: str, words: str) -> None:
    app = ThemedApp[None]()
    async with app.run_test() as pilot:
        app.push_screen(PromptSearch([f"{number} {'odd' if number % 2 else 'even'}" for number in range(1_300)]))
        await pilot.pause()
        await press(pilot, *query)
        assert app.screen.query_one(Frame).top_edge.words.startswith(f"Prompt history · {words} · Esc")
        assert app.screen.query_one(PickList).count == (650 if query else 1_300)
