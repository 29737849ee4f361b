"""Painted rows, and the widget that shows them: what a frame changes and nothing else."""

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.events import MouseScrollDown, MouseScrollUp
from textual.filter import LineFilter, Monochrome
from textual.geometry import Region
from textual.strip import Strip

from tui_chat.ui.transcript.painted_rows import Finish, PaintedRows
from tui_chat.ui.transcript.rows_view import RowsView

WIDTH = 10


def strips(*texts: str) -> list[Strip]:
    return [Strip([Segment(text.ljust(WIDTH), Style())]) for text in texts]


class Finishes:
    """Counts how often it is asked what rows go through."""

    def __init__(self) -> None:
        self.asked = 0
        self.filters: list[LineFilter] = [Monochrome()]

    def __call__(self) -> Finish:
        self.asked += 1
        return Finish(Color(0, 0, 0), self.filters)


def test_the_rows_that_changed_are_painted() -> None:
    painted = PaintedRows(Finishes())
    assert painted.exchange(strips("a", "b", "c", "d"), WIDTH) is None
    assert painted.exchange(strips("a", "B", "c", "d"), WIDTH) == [Region(0, 1, WIDTH, 1)]
    assert painted.exchange(strips("a", "B", "c", "d"), WIDTH) == []


def test_where_most_rows_changed_all_are_painted_in_one_go() -> None:
    painted = PaintedRows(Finishes())
    painted.exchange(strips("a", "b", "c"), WIDTH)
    assert painted.exchange(strips("A", "B", "c"), WIDTH) == [Region(0, 0, WIDTH, 3)]
    assert painted.exchange(strips("A", "B"), WIDTH) is None


def test_a_row_that_stays_is_finished_once_wherever_it_moves() -> None:
    finishes = Finishes()
    painted = PaintedRows(finishes)
    first, second, third = strips("a", "b", "c")
    painted.exchange([first, second], WIDTH)
    before = painted.finished(range(2))
    painted.exchange([second, third], WIDTH)
    assert painted.finished([0])[0] is before[1]
    assert finishes.asked == 1
    painted.forget()
    painted.finished([0])
    assert finishes.asked == 2


class Numbers(RowsView):
    """A hundred rows, each its number."""

    def scrolled_to(self, top: int) -> None:
        top = max(0, min(top, 100 - self.height_in_rows()))
        shown = range(top, top + self.height_in_rows())
        self.show_rows(strips(*map(str, shown)), top=top, total=100)


class NumbersApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers()


async def test_the_wheel_and_the_scrollbar_say_which_rows_are_wanted() -> None:
    app = NumbersApp()
    async with app.run_test(size=(20, 10)) as pilot:
        view = app.query_one(Numbers)
        view.scrolled_to(50)
        assert view.render_line(0).text.strip() == "50"
        assert (view.virtual_size.height, view.scroll_y) == (100, 50)
        await pilot._post_mouse_events([MouseScrollDown], view, button=0)
        assert view.render_line(0).text.strip() == "53"
        await pilot._post_mouse_events([MouseScrollUp], view, button=0)
        assert view.render_line(0).text.strip() == "50"
        view.scroll_to(y=70, animate=False, immediate=True)
        await pilot.pause()
        assert view.render_line(0).text.strip() == "70"


async def test_rows_tell_the_mouse_where_it_is() -> None:
    app = NumbersApp()
    async with app.run_test(size=(20, 10)) as pilot:
        view = app.query_one(Numbers)
        view.scrolled_to(50)
        await pilot.pause()
        widget, offset = app.screen.get_widget_and_offset_at(1, 3)
        assert widget is view
        assert offset == (1, 3)
