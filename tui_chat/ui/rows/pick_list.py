"""A list to pick from, of any length: one or two lines an item, drawn when they are seen.

It does not know what it lists: its owner says how many items there are, how each looks, and which lines stand between
them. The keys work where it has the focus; `FilteredList` moves the cursor from outside. The first column has the mark
of the row under the cursor.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive

from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.rows import Ink, Row, spread

DrawItem = Callable[[int, int], tuple[Row, ...]]
"""Item index and width in cells -> the item's lines, at one width as many for every item."""

MARK: Final = "▌"
HEADING: Final = -1
"""Stands for a line of an item that is the heading above it."""
MARGIN: Final = len(MARK)
"""Cells before an item."""


def nothing(index: int, width: int) -> tuple[Row, ...]:
    """Draw no line: the items of a list that was given none."""
    del index, width
    return ()


class PickList(LinesView):
    """Items under a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list-up", "move(-1)"),
        bound("list-down", "move(1)"),
        bound("list-page-up", "page(-1)"),
        bound("list-page-down", "page(1)"),
        bound("list-first", "move_to(0)"),
        bound("list-last", "move_to(-1)"),
        bound("list-choose", "pick"),
    ]

    cursor: reactive[int] = reactive(0, init=False)
    """The item that the cursor is on; 0 also where there is none."""

    class Moved(Message):
        """The cursor is on another item."""

        def __init__(self, pick_list: "PickList", index: int) -> None:
            super().__init__()
            self.pick_list = pick_list
            self.index = index

        @property
        def control(self) -> "PickList":
            """The list whose cursor moved."""
            return self.pick_list

    class Picked(Message):
        """An item was chosen, by key or by mouse."""

        def __init__(self, pick_list: "PickList", index: int) -> None:
            super().__init__()
            self.pick_list = pick_list
            self.index = index

        @property
        def control(self) -> "PickList":
            """The list that the item is of."""
            return self.pick_list

    def __init__(self, *, clicks: int = 1, id: str | None = None, classes: str | None = None) -> None:
        """`clicks` choose an item by mouse; fewer move the cursor."""
        super().__init__(id=id, classes=classes)
        self._clicks = clicks
        self._count = 0
        self._height = 1
        self._draw: DrawItem = nothing
        self._drawn: tuple[int, int, tuple[Row, ...]] | None = None
        self._headings: Mapping[int, str] = {}
        self._asides: Mapping[int, str] = {}
        self._gap = 0
        self._is_behind = False
        self._headed: list[int] = []
        """Items below a heading, in their order."""

    @property
    def count(self) -> int:
        """Number of items."""
        return self._count

    @property
    def top(self) -> int:
        """The first item in sight; below a heading that is in sight itself, the one before."""
        index, line = self._place_at(self.scroll_offset.y)
        return max(0, index - (line < 0))

    @property
    def cursor_row(self) -> int:
        """Row of the view on which the item under the cursor stands."""
        return self._top_of(self.cursor) - self.scroll_offset.y

    def show_items(
        self,
        count: int,
        draw: DrawItem,
        *,
        cursor: int | None = None,
        headings: Mapping[int, str] | None = None,
        asides: Mapping[int, str] | None = None,
        keeps_row: bool = False,
        gap: int = 0,
    ) -> None:
        """List `count` items; the cursor stays on its index, or goes to `cursor`. `headings` are lines above items, by
        the item's index; `asides` stand at their right; `gap` lines above each heading but one at the top are empty.
        With `keeps_row` the item under the cursor stays on its row of the view, unless that is at its top."""
        could_pick = bool(self._count)
        row = self.cursor_row if keeps_row and self.scroll_offset.y else None
        self._count, self._draw, self._drawn = count, draw, None
        self._headings, self._asides = headings or {}, asides or {}
        self._headed, self._gap = sorted(self._headings), gap
        self._measure()
        wanted = self.cursor if cursor is None else cursor
        self.set_reactive(PickList.cursor, max(0, min(wanted, count - 1)))
        if row is not None:
            self.scroll_to(y=self._top_of(self.cursor) - row, animate=False)
        self.scroll_to_cursor()
        self.refresh()
        if could_pick is not bool(count) and self.is_attached:
            self.refresh_bindings()

    def redraw(self) -> None:
        """Draw the same items again: their looks have changed."""
        self._drawn = None
        self.refresh()

    def line_count(self) -> int:
        """Lines of all items, and of the headings."""
        return self._count * self._height + self._above(len(self._headed))

    def line_at(self, y: int) -> Row:
        """A line of the item that covers it, or a heading."""
        index, line = self._place_at(y)
        if line < HEADING:
            return ()
        if line == HEADING:
            aside: Row = ((Ink.MUTED, self._asides[index]),) if self._asides.get(index) else ()
            return spread(((Ink.MUTED, f" {self._headings[index]}"),), aside, self.line_width)
        width = self.line_width - MARGIN
        if self._drawn is None or self._drawn[:2] != (index, width):
            self._drawn = (index, width, self._draw(index, width))
        lines = self._drawn[2]
        ink = Ink.MUTED if self._is_behind else Ink.ACCENT
        mark = (ink, MARK) if self._is_current(y) else (Ink.TEXT, " " * MARGIN)
        return (mark, *lines[line]) if line < len(lines) else (mark,)

    def _place_at(self, y: int) -> tuple[int, int]:
        """The item at a line, and which of its lines it is; HEADING for its heading, less for the gap above that."""
        first, last = 0, len(self._headed)
        while first < last:  # the headings that stand above this line
            middle = (first + last) // 2
            if self._headed[middle] * self._height + self._above(middle) <= y:
                first = middle + 1
            else:
                last = middle
        if first and y < (under := self._headed[first - 1] * self._height + self._above(first)):
            return self._headed[first - 1], y - under
        return divmod(y - self._above(first), self._height)

    def _above(self, headings: int) -> int:
        """Lines that so many of the headings take, with their gaps."""
        at_top = bool(self._headed) and self._headed[0] == 0
        return headings + self._gap * max(0, headings - at_top)

    def _top_of(self, index: int) -> int:
        """The first line of an item, below its heading."""
        return index * self._height + self._above(bisect_right(self._headed, index))

    def _measure(self) -> None:
        width = self.line_width
        self._height = max(1, len(self._draw(0, width - MARGIN))) if self._count and width > MARGIN else 1
        super()._measure()

    def stand_behind(self, is_behind: bool) -> None:
        """Light no row while another screen has the keys."""
        if is_behind is not self._is_behind:
            self._is_behind = is_behind
            self.redraw()

    def is_marked(self, y: int) -> bool:
        """Say whether a line is lit: part of the item under the cursor, on the screen that has the keys."""
        return not self._is_behind and self._is_current(y)

    def _is_current(self, y: int) -> bool:
        return bool(self._count) and self._top_of(self.cursor) <= y < self._top_of(self.cursor) + self._height

    def validate_cursor(self, cursor: int) -> int:
        """Keep it on an item."""
        return max(0, min(cursor, self._count - 1))

    def watch_cursor(self, cursor: int) -> None:
        """Show the cursor, and post its move."""
        self.scroll_to_cursor()
        self.refresh()
        self.post_message(self.Moved(self, cursor))

    def scroll_to_cursor(self) -> None:
        """Bring the item under the cursor into sight."""
        top = self._top_of(self.cursor)
        bottom = top + self._height
        if bisect_left(self._headed, self.cursor) != bisect_right(self._headed, self.cursor):
            top -= 1
        height = max(1, self.scrollable_content_region.height)
        if top < self.scroll_y:
            self.scroll_to(y=top, animate=False)
        elif bottom > self.scroll_y + height:
            self.scroll_to(y=bottom - height, animate=False)

        if self.has_focus:
            self._place_cursor()

    def _place_cursor(self) -> None:
        """Put the terminal's own cursor on the item: magnifiers and screen readers follow it."""
        self.app.cursor_position = self.content_region.offset + Offset(0, max(0, self.cursor_row))

    def on_focus(self) -> None:
        """Put the terminal's cursor on the item."""
        self._place_cursor()
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        super().on_resize(event)
        self._drawn = None
        self.scroll_to_cursor()

    def on_click(self, event: events.Click) -> None:
        """Go to the item that was clicked, and choose it where that takes no more clicks."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index, line = self._place_at(offset.y + self.scroll_offset.y)
        if line >= 0 and 0 <= index < self._count:
            event.stop()
            self.cursor = index
            if event.chain >= self._clicks:
                self.action_pick()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to choose only where there is something."""
        return (action != "pick" or self._count > 0) and super().check_action(action, parameters)

    def action_move(self, by: int) -> None:
        """Move the cursor by items."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.cursor += by * max(1, self.scrollable_content_region.height // self._height - 1)

    def action_move_to(self, index: int) -> None:
        """Move the cursor to an item; -1 is the last."""
        self.cursor = index if index >= 0 else self._count - 1

    def action_pick(self) -> None:
        """Choose the item under the cursor."""
        self.post_message(self.Picked(self, self.cursor))
