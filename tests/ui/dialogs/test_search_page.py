"""The search of everything: results while one types, their order, what is shown of them, and what keys do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.fakes import make_services
from tests.memory_store import MemoryStore
from tests.ui.gallery_states.words import NOW, searched_conversations
from tests.ui.pane_app import PaneApp
from tests.ui.support import press, until
from tui_chat.chat.found import SearchHit, SearchResult
from tui_chat.chat.ports import Store
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import user_message
from tui_chat.core.search_query import SearchQuery
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.sqlite import SqliteStore
from tui_chat.ui.dialogs.search_listing import Listing
from tui_chat.ui.dialogs.search_page import SearchPage
from tui_chat.ui.rows.frame import Frame
from tui_chat.workspace.search import Found, RecentSearches

WIDE = (120, 40)


class Gated(MemoryStore):
    """A store whose searches wait until they are let, and are noted."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.asked: list[tuple[str, ...]] = []
        self.cancelled: list[tuple[str, ...]] = []

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        self.asked.append(query.words)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.append(query.words)
            raise
        return await super().search(query, limit)


class Search:
    """An open page, and what came of it."""

    def __init__(self, app: PaneApp, page: SearchPage, pilot: Pilot[None], recent: RecentSearches) -> None:
        self.app = app
        self.page = page
        self.pilot = pilot
        self.recent = recent
        self.answers: list[Found | None] = []
        self.copied: list[tuple[str, str]] = []

    async def type(self, text: str) -> None:
        await press(self.pilot, *("space" if character == " " else character for character in text))

    async def press(self, *keys: str) -> None:
        await press(self.pilot, *keys)

    async def until(self, is_so: Any) -> None:
        await until(self.pilot, is_so)

    async def finds(self, words: str) -> None:
        """Wait until the title says this."""
        await self.until(lambda: words in self.title)

    @property
    def title(self) -> str:
        return self.app.edges()[0]

    @property
    def rows(self) -> list[str]:
        return self.app.lines("#search-list")

    @property
    def reading(self) -> str:
        return "\n".join(self.app.lines("#search-message"))

    @property
    def field(self) -> str:
        return self.page.query_one(Input).value


@asynccontextmanager
async def opened(
    store: Store | None = None,
    size: tuple[int, int] = WIDE,
    *,
    words: str = "",
    at: Found | None = None,
    is_filled: bool = True,
) -> AsyncIterator[Search]:
    store = store or MemoryStore()
    if is_filled:
        for conversation, nodes in searched_conversations():
            await store.add(conversation, nodes)
    services = make_services(store=store, models=[ModelInfo("openai/gpt-never-asked-4")])
    vars(services.clock)["_now"] = NOW
    app, recent = PaneApp(Static()), RecentSearches()
    async with app.run_test(size=size) as pilot:
        copied: list[tuple[str, str]] = []
        page = SearchPage(services, Listing(recent), lambda text, what: copied.append((text, what)), words=words, at=at)
        search = Search(app, page, pilot, recent)
        search.copied = copied
        await app.push_screen(page, search.answers.append)
        await pilot.pause()
        yield search


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store = SqliteStore(tmp_path / "conversations.db") if request.param == "file" else MemoryStore()
    yield made
    await made.close()


async def test_what_is_typed_is_found_in_every_conversation_and_the_message_stands_beside_it(store: Store) -> None:
    async with opened(store) as search:
        await search.type("borrow lifet")
        await search.finds("in 3 conversations · best first")
        shown = "\n".join(search.rows)
        assert "Rust lifetimes, explained" in shown
        assert "Notes on [bold]design[/bold]" in shown
        assert "and 2 more" in shown
        await search.until(lambda: "you  22 Jan" in search.reading or re.search(r"sonnet-4  \w{3} \d", search.reading))


async def test_every_letter_cancels_the_search_before_it_and_the_last_results_stay_until_there_are_others() -> None:
    store = Gated()
    store.gate.set()
    async with opened(store) as search:
        await search.type("borrow")
        await search.finds("in 3 conversations")
        before = search.rows
        store.gate.clear()
        store.asked.clear()
        for letter in " tick":
            await search.type(letter)
        assert store.asked[-1] == ("borrow", "tick")
        assert store.cancelled == store.asked[:-1]
        assert search.rows == before
        store.gate.set()
        await search.finds("1 in 1 conversation")
        assert "Trip to Lisbon" in "\n".join(search.rows)


async def test_a_search_that_lasts_shows_that_it_runs() -> None:
    store = Gated()
    async with opened(store) as search:
        await search.type("borrow")
        await search.finds("searching …")
        store.gate.set()
        await search.finds("in 3 conversations")
        assert "searching" not in search.title


async def test_enter_opens_the_message_and_the_words_go_with_it(store: Store) -> None:
    async with opened(store) as search:
        await search.type("ticket")
        await search.finds("1 in 1 conversation")
        await search.press("enter")
        assert search.answers == [Found("s1", "s1q", ("ticket",))]
        assert search.recent.texts == ("ticket",)


async def test_enter_behind_letters_of_the_same_read_opens_what_they_find_and_not_what_was_listed() -> None:
    store = Gated()
    async with opened(store) as search:
        await search.press(*"ticket", "enter")
        assert search.answers == []
        store.gate.set()
        await search.until(lambda: search.answers)
        assert search.answers == [Found("s1", "s1q", ("ticket",))]


async def test_typing_on_takes_back_an_enter_that_waits() -> None:
    store = Gated()
    async with opened(store) as search:
        await search.press(*"ticket", "enter", *"s")
        store.gate.set()
        await search.finds("0 found")
        assert search.answers == []


async def test_the_rest_of_a_conversation_is_opened_by_right_and_by_enter() -> None:
    async with opened() as search:
        for key in ("right", "enter"):
            await search.type("borrow lifet")
            await search.until(lambda: any("and 2 more" in row for row in search.rows))
            while not search.page.can_open_more():
                await search.press("down")
            await search.press(key)
            assert not any("more" in row for row in search.rows)
            assert search.answers == []
            await search.press("ctrl+u")


async def test_the_newest_come_first_where_that_is_wanted() -> None:
    store = MemoryStore()
    async with opened(store) as search:
        await store.add(Conversation("s9", NOW, "Now"), (Node("s9q", None, NOW - 9, user_message("lifetime")),))
        await search.type("lifetime")
        await search.finds("best first")
        await search.press("f6")
        await search.finds("newest first")
        assert search.rows[0].split() == ["Now", "today"]
        assert "best first" in search.app.edges()[1]


async def test_where_all_are_archived_the_empty_field_says_how_they_are_searched() -> None:
    store = MemoryStore()
    (conversation, nodes), *_ = searched_conversations()
    await store.add(conversation, nodes)
    await store.set_archived(conversation.id, True)
    async with opened(store, is_filled=False) as search:
        said = "No conversation is left here: archived:yes shows the archived ones."
        await search.until(lambda: said in " ".join(search.app.lines("#search-status")))
        await search.type("archived:yes")
        await search.finds(" in 1 conversation")


async def test_nothing_found_says_so_and_that_the_archive_was_left_out() -> None:
    async with opened() as search:
        await search.type("xylophone")
        await search.finds("0 found")
        said = " ".join(" ".join(search.app.lines("#search-status")).split())
        assert "Nothing has “xylophone”. Archived conversations were left out: archived:yes." in said
        await search.type(" archived:all")
        await search.until(lambda: "Archived" not in " ".join(search.app.lines("#search-status")))


async def test_what_was_likely_meant_is_asked_and_enter_searches_for_it(store: Store) -> None:
    async with opened(store) as search:
        await search.type("lifetmie role:you")
        await search.finds("0 found")
        said = " ".join(" ".join(search.app.lines("#search-status")).split())
        assert re.search(r"Nothing has “lifetmie”\. Did you mean lifetimes? \(\d\)\?", said)
        await search.press("enter")
        await search.until(lambda: search.rows)
        assert re.fullmatch("lifetimes? role:you", search.field)


async def test_filters_are_said_as_they_were_read_and_wrong_ones_named() -> None:
    async with opened() as search:
        await search.type("lifetime borrow model:claude")
        await search.until(
            lambda: "“lifetime” and “borrow” · model contains claude" in search.app.lines("#search-read")[0]
        )
        await search.type(" sinc:monday")
        await search.until(lambda: "✗ “sinc:” is no filter. Did you mean since:" in search.app.lines("#search-read")[0])
        await search.finds("in 1 conversation")


async def test_tab_completes_values_one_after_the_other_and_goes_to_the_rows_elsewhere() -> None:
    async with opened() as search:
        await search.type("lifetime role:")
        await search.until(lambda: "you · assistant · tool" in search.app.lines("#search-read")[0])
        await search.until(lambda: "Tab complete" in search.app.edges()[1])
        await search.press("tab")
        assert search.field == "lifetime role:you"
        await search.press("tab")
        assert search.field == "lifetime role:assistant"
        await search.press("space")
        await search.finds("in 1 conversation")
        await search.until(lambda: "Tab to the rows" in search.app.edges()[1])
        await search.press("tab")
        assert search.field == "lifetime role:assistant "
        assert search.page.focused is search.page.query_one("#search-list")
        await search.press("slash")
        assert search.page.focused is search.page.query_one(Input)


async def test_labels_and_models_that_are_known_are_completed_and_hostile_ones_left_out() -> None:
    store = MemoryStore()
    for conversation, nodes in searched_conversations():
        await store.add(conversation, nodes)
    await store.set_labels("s1", ["travel", "two words", "\x1b[2J"])
    async with opened(store, is_filled=False) as search:
        await search.type("label:")
        await search.press("tab")
        assert search.field == "label:travel"
        await search.press("ctrl+u")
        await search.type("model:")
        await search.press("tab")
        assert search.field == f"model:{(await store.models())[0]}"
        await search.press("ctrl+u")
        await search.type("model:gpt-never-asked")
        await search.press("tab")
        assert search.field == "model:gpt-never-asked"


async def test_before_anything_is_typed_there_are_the_last_conversations_and_searches() -> None:
    async with opened() as search:
        search.recent.note("tickets")
        await search.type("x")
        await search.press("backspace")
        await search.until(lambda: "Conversations" in search.rows[0] and "Last searches" in "\n".join(search.rows))
        assert "Rust lifetimes, explain" in search.rows[1]
        await search.press("up", *["down"] * 4, "enter")
        assert search.field == "tickets"
        await search.press("ctrl+u")
        await search.until(lambda: "Conversations" in search.rows[0])
        await search.press("enter")
        await search.until(lambda: search.answers)
        assert search.answers == [Found("s0")]


async def test_enter_at_once_opens_the_last_conversation() -> None:
    async with opened() as search:
        await search.until(lambda: search.rows)
        await search.press("enter")
        assert search.answers == [Found("s0")]


async def test_nothing_saved_says_what_will_be_there() -> None:
    async with opened(is_filled=False) as search:
        await search.until(lambda: "No conversation yet" in "".join(search.app.lines("#search-status")))
        assert not search.page.query_one("#search-reading").display


@pytest.mark.parametrize("size", [(80, 24), WIDE])
async def test_the_page_fits_the_screen(size: tuple[int, int]) -> None:
    async with opened(size=size) as search:
        await search.type("lifetime")
        await search.finds("conversations")
        assert search.page.query_one(Frame).region.width == size[0]


async def test_a_message_is_copied_from_the_rows() -> None:
    async with opened() as search:
        await search.type("ticket")
        await search.finds("1 in 1")
        await search.until(lambda: re.search(r"you  Sat .*  message 1 of \d", search.reading))
        await search.press("tab")
        await search.press("y")
        assert search.copied == [("Is the lifetime of a ticket 90 days? May I borrow one?", "the message")]
        assert search.field == "ticket"


async def test_words_that_are_given_are_searched_for_at_once() -> None:
    async with opened(words="ticket") as search:
        await search.finds("1 in 1 conversation")


async def test_who_goes_on_at_a_result_that_is_gone_writes_in_the_words() -> None:
    gone = Found("gone", "gone", deed="bookmark", typed="nowhere")
    async with opened(words="nowhere", at=gone) as search:
        await search.until(lambda: isinstance(search.page.focused, Input))
        await search.type(" x")
        assert search.field == "nowhere x"


async def test_a_click_selects_and_two_open() -> None:
    async with opened() as search:
        await search.type("borrow lifet")
        await search.finds("in 3 conversations")
        await search.pilot.click("#search-list", offset=(5, 3))
        assert search.answers == []
        assert search.page.current is not None
        await search.pilot.click("#search-list", offset=(5, 3), times=2)
        await search.until(lambda: search.answers)
        assert search.answers == [Found("s1", "s1q", ("borrow", "lifet"))]


async def test_escape_closes_and_a_search_that_found_something_is_remembered() -> None:
    async with opened() as search:
        await search.type("ticket")
        await search.finds("1 in 1")
        await search.press("escape")
        assert search.answers == [None]
        assert search.recent.texts == ("ticket",)


class Hostile(MemoryStore):
    """A store that finds what would harm a terminal, and more than it gives."""

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        bad = "\x1b[2J[/x] lifetime \u202e" * 30
        hits = tuple(SearchHit("c", bad, f"n{number}", NOW, bad, model=bad, name=bad) for number in range(9))
        return SearchResult(hits, 4_000, 800, is_bounded=True, indexed=0.61)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
async def test_hostile_texts_are_shown_as_text_and_bounds_are_said(size: tuple[int, int]) -> None:
    async with opened(Hostile(), size, is_filled=False) as search:
        await search.type("lifetime")
        await search.until(lambda: search.rows)
        shown = "\n".join(search.rows) + search.reading + search.title
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "␛[2J[/x]" in shown
        if size[0] > 40:
            assert "the newest 4,000 in 800 conversations · indexed 61 %" in search.title


async def test_the_index_being_built_is_searched_again_and_the_cursor_stays() -> None:
    class Growing(MemoryStore):
        share = 0.5

        async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
            found = await super().search(query, limit)
            return replace(found, indexed=self.share)

    store = Growing()
    async with opened(store) as search:
        await search.type("lifetime")
        await search.finds("indexed 50 %")
        await search.press("down")
        before = search.page.current
        store.share = 1.0
        await search.until(lambda: "indexed" not in search.title)
        assert search.page.current == before
