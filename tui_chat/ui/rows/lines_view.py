"""A scrolling view of rows that draws only those in sight.

Built on the Line API: a sequence of rows may be computed when asked for, so a million of them cost what the visible
ones cost. The panes, the pickers and the view of a call's arguments are made of it.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui_chat.ui.keys.pane_keys import SCROLL_KEYS
from tui_chat.ui.rows.inks import Inks, inks
from tui_chat.ui.rows.rows import Ink, Row, plain
from tui_chat.ui.rows.scrolling import ScrollsWhatIsLonger

MOST_KEPT: Final = 400
"""Rows that are kept as they were drawn."""


class LinesView(ScrollView, ScrollsWhatIsLonger, can_focus=True, inherit_bindings=False):
    """A view of rows; it follows their end where it is asked to."""

    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]

    DEFAULT_CSS = """
    LinesView {
        background: $panel; color: $foreground; height: 1fr;
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        rows: Sequence[Row] = (),
        *,
        follow: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._rows: Sequence[Row] = rows
        self._follow = follow
        """Stay at the end while rows are added, unless the reader scrolled away."""
        self._strips: dict[tuple[Row, Style, int, bool], Strip] = {}
        """Rows as they were drawn last, without the place of each."""
        self._base: Style | None = None
        """The style of the view, while its lines are drawn."""

    @property
    def line_width(self) -> int:
        """Cells that a row may take; 0 before the first layout."""
        return self.scrollable_content_region.width

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are shown."""
        return self._rows

    @property
    def is_at_end(self) -> bool:
        """The last row is in sight."""
        return self.scroll_y >= self.max_scroll_y

    def show_rows(self, rows: Sequence[Row], *, at_top: bool = False) -> None:
        """Show these rows, maybe the ones shown before, grown; the scroll position stays unless `at_top`."""
        at_end = self.is_at_end
        self._rows = rows
        self._measure()
        if at_top:
            self.scroll_to(y=0, animate=False)
        elif self._follow and at_end:
            self.scroll_to(y=self.max_scroll_y, animate=False)
        self.refresh()

    def line_count(self) -> int:
        """Lines in all, seen or not."""
        return len(self._rows)

    def line_at(self, y: int) -> Row:
        """The line `y`, counted from the top of everything."""
        return self._rows[y]

    def is_marked(self, y: int) -> bool:
        """Say whether the cursor is on this line."""
        del y
        return False

    def _measure(self) -> None:
        size = Size(max(1, self.line_width), self.line_count())
        if self.virtual_size != size:
            self.virtual_size = size

    def on_resize(self, event: events.Resize) -> None:
        """Lay out again: rows may depend on the width."""
        del event
        self._measure()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen in this part of it: what they share is looked up once."""
        self._base = self.rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._base = None

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        y += self.scroll_offset.y
        base = self._base or self.rich_style
        if not 0 <= y < self.line_count():
            return Strip.blank(width, base)
        row = self.line_at(y)
        marked = self.is_marked(y)
        if marked:
            base += self._inks.cursor
        strip = self._strip_of(row, base, self.line_width or width, marked=marked)
        if (selection := self.text_selection) is not None and (span := selection.get_span(y)) is not None:
            start, end = span
            end = strip.cell_length if end == -1 else end
            selected = Strip(Segment.apply_style(strip.crop(start, end), post_style=self._inks.selected))
            strip = Strip.join([strip.crop(0, start), selected, strip.crop(end)])
        return strip.apply_offsets(0, y).extend_cell_length(width, base)

    def _strip_of(self, row: Row, base: Style, width: int, *, marked: bool) -> Strip:
        """A row in its colours; most rows of a view that grows were drawn in the frame before."""
        key = (row, base, width, marked)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= MOST_KEPT:
                self._strips.clear()
            segments = [Segment(text, base + self._style(ink, marked)) for ink, text in row if text]
            strip = self._strips[key] = Strip(segments).adjust_cell_length(width, base).simplify()
        return strip

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        self._strips.clear()
        super().notify_style_update()

    @property
    def _inks(self) -> Inks:
        return inks(self.app.theme_variables)

    def _style(self, ink: Ink, marked: bool) -> Style:
        if marked and ink is not Ink.MATCH:
            return Style.null()  # the cursor's own colours are readable on its ground, whatever a theme does to others
        return self._inks.of[ink]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text of the mouse's selection, as it is shown."""
        text = "\n".join(plain(self.line_at(y)).rstrip() for y in range(self.line_count()))
        return selection.extract(text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        del selection
        self.refresh()
