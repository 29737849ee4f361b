"""The search without a widget: where it goes, in which slices, and how it comes back."""

from collections.abc import Callable

import pytest

from tests.ui.transcript.samples import answer, long_path, question
from tests.ui.transcript.test_viewport import HEIGHT
from tui_chat.core.parts import Reasoning, Text
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node
from tui_chat.core.usage import TokenCounts
from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.finding import Finder
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.search import Search
from tui_chat.ui.transcript.search_run import SearchRun
from tui_chat.ui.transcript.viewport import Viewport
from tui_chat.ui.transcript.window import Window


class Searched:
    """A search, and what it asks for: slices come when they are let."""

    def __init__(self, path: tuple[Node, ...]) -> None:
        renderer = Renderer(Palette({}), 80)
        self.transcript = Transcript()
        self.viewport = Viewport(self.transcript, Window(self.transcript, renderer), lambda: HEIGHT)
        self.cursor = BlockCursor(self.transcript)
        self.search = Search(self.transcript, renderer, self.viewport, self.cursor)
        self.run = SearchRun(self.search, self.later, self.viewport.settle, self.progressed)
        self.due: list[Callable[[], None]] = []
        self.counts: list[int] = []
        self.transcript.show(path)
        self.viewport.settle()

    def later(self, _seconds: float, do: Callable[[], None]) -> None:
        self.due.append(do)

    def progressed(self, finder: Finder) -> None:
        self.counts.append(finder.count)

    def look_through(self) -> None:
        while self.due:
            self.due.pop(0)()

    def rows(self) -> str:
        return "\n".join(row.text for row in self.viewport.rows())


def test_a_search_goes_to_the_last_place_and_counts_all() -> None:
    searched = Searched(long_path(60))
    searched.run.begin("answer 4")
    searched.look_through()
    assert searched.counts[-1] == 11
    assert "Answer 49." in searched.rows()
    block = searched.cursor.block
    assert block is not None
    assert "Answer 49." in block.section.source
    searched.run.step(1)
    assert "Answer 4." in searched.rows()


def test_slices_of_a_search_that_was_replaced_do_nothing() -> None:
    searched = Searched(tuple(answer(f"a{number}", Text("needle " * 100_000)) for number in range(4)))
    searched.run.begin("needle")
    stale = list(searched.due)
    assert stale
    searched.run.begin("absent")
    told = len(searched.counts)
    for do in stale:
        do()
    assert len(searched.counts) == told
    searched.look_through()
    assert searched.counts[-1] == 0


def test_what_hides_a_place_is_unfolded() -> None:
    searched = Searched((question("q", "?"), answer("a", Reasoning("hidden gem", 1.0), Text("Text."), parent_id="q")))
    assert "hidden gem" not in searched.rows()
    searched.run.begin("gem")
    assert "hidden gem" in searched.rows()


@pytest.mark.parametrize("is_at_end", [True, False])
def test_who_goes_back_is_where_the_search_began(is_at_end: bool) -> None:
    searched = Searched(long_path(60))
    if not is_at_end:
        searched.viewport.go(300)
    before = searched.rows()
    searched.run.begin("question 3?")
    searched.run.begin("question 7?")
    searched.look_through()
    assert searched.rows() != before
    searched.search.go_back()
    searched.viewport.settle()
    assert searched.rows() == before
    assert searched.search.finder is None
    assert searched.search.place() is None


def test_steps_without_a_search_go_nowhere() -> None:
    searched = Searched(long_path(3))
    searched.run.step(1)
    assert searched.counts == []
    assert searched.cursor.block is None


def stopped(text: str) -> Node:
    """An answer that was stopped after twelve tokens."""
    counts = TokenCounts(completion_tokens=12)
    return answer("a", Text(text), parent_id="q", outcome=Outcome.CANCELLED, counts=counts)


def test_a_line_under_an_answer_is_found_as_it_is_shown_and_stepped_over_once() -> None:
    searched = Searched((question("q", "Tell"), stopped("Words.")))
    searched.run.begin("by you · 12")
    searched.look_through()
    assert searched.counts[-1] == 1
    searched.run.begin("o")  # `stopped by you`: several in one label
    searched.look_through()
    places = set()
    for _ in range(searched.counts[-1]):
        finder = searched.search.finder
        assert finder is not None
        places.add(finder.number)
        searched.run.step(1)
    assert len(places) == searched.counts[-1]


def test_any_of_several_words_is_marked_and_a_named_message_is_gone_to_first() -> None:
    searched = Searched(long_path(60))
    searched.run.begin(("question", "ANSW"), "a7")
    assert "Answer 7." in searched.rows()
    searched.look_through()
    finder = searched.search.finder
    assert finder is not None
    assert finder.current is not None
    assert finder.current.section.node_id == "a7"
    assert searched.counts[-1] >= 120
    searched.run.step(1)
    assert finder.current.section.node_id == "q8"
    searched.run.step(-1)
    searched.run.step(-1)
    assert finder.current.section.node_id == "q7"


def test_a_message_without_a_match_that_can_be_seen_is_gone_to_all_the_same() -> None:
    searched = Searched(long_path(60))
    searched.run.begin(("42",), "a7")
    searched.look_through()
    assert "Answer 7." in searched.rows()
    assert searched.search.place() is None
    searched.run.step(1)
    assert "42" in searched.rows()
