"""A scrolling widget that is given the rows in sight, and sends only changed ones to the terminal.

It knows nothing of what the rows say. Textual's own ways, which lay out the screen, look up styles for each row and
send messages for each frame, cost more than the rows; what stands here instead is why it is a widget of its own.
"""

from typing import Final, Self

from textual import events
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_chat.ui.driver.compositing import paint_at_once
from tui_chat.ui.transcript.extent import set_extent
from tui_chat.ui.transcript.painted_rows import Finish, PaintedRows

WHEEL_ROWS: Final = 3


class RowsView(ScrollView):
    """A view of the rows that it was given last. `scrolled_to` is called with the rows that are wanted."""

    DEFAULT_CSS = """
    RowsView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painted = PaintedRows(self._finish)
        self._top = 0
        self._width = 0
        self._painted_size = Size()
        self._is_painting = False

    def height_in_rows(self) -> int:
        """Number of rows in the view; 0 before it was laid out."""
        return self.scrollable_content_region.height

    def show_rows(self, rows: list[Strip], *, top: int, total: int, at_once: bool = False) -> None:
        """Show rows, one at least and as wide as the view, the first of which is the one at `top` of `total`: with the
        screen's next frame or, `at_once`, before this returns."""
        width = rows[0].cell_length
        self._top, self._width, self._painted_size = top, width, self.size
        set_extent(self, Size(width, total), top)
        regions = self._painted.exchange(rows, width)
        if regions is None:
            self.refresh()
        elif regions and at_once:
            paint_at_once(self, regions, *([self.vertical_scrollbar] if self.show_vertical_scrollbar else ()))
        elif regions:
            self.refresh(*regions)

    def scrolled_to(self, top: int) -> None:
        """Act on scrolling to the rows from `top`, which may lie outside of all rows."""

    def row_for_mouse(self, row: Strip, y: int) -> Strip:
        """A row in sight whose segments carry their places in the text, for the mouse."""
        return row.apply_offsets(0, y)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint again. Without regions Textual asks: colours or places may have changed."""
        if repaint and not regions:
            self._painted.forget()
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self

    def _finish(self) -> Finish:
        """All but the filter that makes colours of the terminal's own ones: where it is in force, no row has any."""
        filters = [each for each in self.get_line_filters() if not isinstance(each, ANSIToTruecolor)]
        return Finish(self.background_colors[1], filters)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows to be painted; without places for the mouse, which would make every style a different one.

        They come with their colours and fill the view, so Textual's way of painting a row, which looks up a dozen
        styles for it, adds nothing.
        """
        is_whole = crop.column_span == (0, self._width)
        if is_whole and len(self._painted) == self.outer_size.height:
            return self._painted.finished(crop.line_range)
        self._is_painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._is_painting = False

    def render_line(self, y: int) -> Strip:
        """A row in sight; asked for outside painting, it carries its places for the mouse."""
        row = self._painted.row(y)
        return row if self._is_painting else self.row_for_mouse(row, y)

    def watch_scroll_y(self, _old_value: float, new_value: float) -> None:
        """The person scrolled, by any means; or Textual moved the view into a new size, which says nothing of what is
        wanted: the resize that follows settles it."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(new_value) != self._top and self.size == self._painted_size:
            self.scrolled_to(round(new_value))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down by three rows."""
        event.prevent_default().stop()
        self.scrolled_to(self._top + WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up by three rows."""
        event.prevent_default().stop()
        self.scrolled_to(self._top - WHEEL_ROWS)
