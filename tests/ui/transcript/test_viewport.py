"""The viewport without a widget: what is in sight while the log grows, moves and takes another width."""

from typing import NamedTuple

from tests.ui.transcript.samples import LOST, answer, long_path, question
from tui_chat.chat.session_events import Notice
from tui_chat.core.parts import Text
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.viewport import Viewport
from tui_chat.ui.transcript.window import RowPlace, Window

HEIGHT = 20


class Log(NamedTuple):
    transcript: Transcript
    viewport: Viewport

    def rows(self) -> list[str]:
        return [row.text.rstrip() for row in self.viewport.rows()]


def log(path: tuple[Node, ...] = (), height: int = HEIGHT) -> Log:
    transcript = Transcript()
    viewport = Viewport(transcript, Window(transcript, Renderer(Palette({}), 80)), lambda: height)
    transcript.show(path or long_path(30))
    viewport.settle()
    return Log(transcript, viewport)


def test_the_end_is_followed_from_the_first() -> None:
    shown = log()
    assert shown.viewport.is_following
    assert shown.rows()[-1].strip() == "That is all."
    assert shown.viewport.end == shown.viewport.total


def test_long_histories_open_without_being_read() -> None:
    shown = log(long_path(500))
    assert sum(section.is_read for section in shown.transcript.sections) < 20


def test_a_log_that_fits_begins_at_its_first_row() -> None:
    shown = log((question("q", "Why?"), answer("a", Text("So."), parent_id="q")))
    assert shown.viewport.top == 0
    assert len(shown.rows()) == HEIGHT
    shown.viewport.go(5)
    assert shown.viewport.top == 0
    assert shown.viewport.is_following


def test_who_goes_to_the_end_follows_it_and_who_goes_elsewhere_does_not() -> None:
    viewport = log().viewport
    viewport.go(3)
    assert (viewport.top, viewport.is_following) == (3, False)
    viewport.go(viewport.total)
    assert viewport.is_following
    viewport.page(-1)
    assert viewport.end < viewport.total
    assert not viewport.is_following
    viewport.page(2)
    assert viewport.is_following


def test_rows_that_came_below_are_counted_until_they_are_seen() -> None:
    transcript, viewport = log()
    viewport.go(3)
    before = viewport.total
    transcript.apply(Notice(LOST))
    viewport.grew(viewport.total - before)
    assert viewport.rows_missed == viewport.total - before > 0
    viewport.go(viewport.total)
    assert viewport.rows_missed == 0
    viewport.go(3)
    assert viewport.rows_missed == 0


def test_another_width_keeps_the_first_row() -> None:
    shown = log()
    shown.viewport.go(100)
    first = shown.rows()[0]
    for width in (120, 200, 80):
        shown.viewport.resize(width)
        shown.viewport.settle()
        assert shown.rows()[0] == first


def test_a_place_is_shown_with_something_above_and_below_it() -> None:
    shown = log()
    section = shown.transcript.sections[10]
    shown.viewport.show(RowPlace(section, 0, 0))
    row = shown.viewport.row_of(RowPlace(section, 0, 0))
    assert row is not None
    assert shown.viewport.top < row < shown.viewport.end - 1
    top = shown.viewport.top
    shown.viewport.show(RowPlace(section, 1, 0))
    assert shown.viewport.top == top


def test_a_bookmark_leads_back() -> None:
    shown = log()
    for place in (60, shown.viewport.total):
        shown.viewport.go(place)
        before = shown.rows()
        bookmark = shown.viewport.bookmark()
        shown.viewport.go(5)
        shown.viewport.turn_to(bookmark)
        shown.viewport.settle()
        assert shown.rows() == before


def test_a_view_without_rows_shows_none() -> None:
    shown = log(height=0)
    assert shown.rows() == []
    shown.viewport.follow()
    shown.viewport.settle()
    assert shown.viewport.rows_missed == 0
