"""A scrolling view of rows that draws only those in sight.

Built on the Line API: a sequence of rows may be computed when asked for, so a million of them cost what the visible
ones cost. The panes, the pickers and the view of a call's arguments are made of it.
"""

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tui_chat.ui.keys.pane_keys import SCROLL_KEYS
from tui_chat.ui.rows.inks import Inks, inks
from tui_chat.ui.rows.rows import Ink, Row, plain
from tui_chat.ui.rows.scrolling import ScrollsWhatIsLonger

MOST_KEPT: Final = 400
"""Rows that are kept as they were drawn."""
_PLAIN: Final = Style.null()


class _LookedUp(NamedTuple):
    """What all lines of one painting share; finding each of it out takes a walk through the tree of widgets."""

    base: Style
    width: int
    line_width: int
    top: int
    selection: Selection | None


class LinesView(ScrollView, ScrollsWhatIsLonger, can_focus=True, inherit_bindings=False):
    """A view of rows; it follows their end where it is asked to."""

    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]

    DEFAULT_CSS = """
    LinesView {
        background: $panel; color: $foreground; height: 1fr;
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size: 0 1;
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
        self._painting: _LookedUp | None = None
        """While the lines are painted."""

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
        """Take note of how much there is; the screen is laid out again only where that moves something."""
        before, size = self.virtual_size, Size(max(1, self.line_width), self.line_count())
        has_bar, height = self.show_vertical_scrollbar, self.container_size.height
        is_as_before = before.width == size.width and (size.height > height) is has_bar and bool(height)
        if before == size:
            return
        if self.styles.is_auto_height or not is_as_before:
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        self.scroll_target_y = self.scroll_y = self.validate_scroll_y(self.scroll_y)
        if has_bar:
            self.vertical_scrollbar.window_virtual_size = size.height

    def on_resize(self, event: events.Resize) -> None:
        """Lay out again: rows may depend on the width."""
        del event
        self._measure()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen in this part of it; without places for the mouse, which would make every style a
        different one."""
        self._painting = self._looked_up()
        try:
            return super().render_lines(crop)
        finally:
            self._painting = None

    def _looked_up(self) -> _LookedUp:
        width = self.size.width
        # A view that is taken away between a change and its painting has no screen any more.
        selection = self.text_selection if self.is_attached else None
        return _LookedUp(self.rich_style, width, self.line_width or width, self.scroll_offset.y, selection)

    def render_line(self, y: int) -> Strip:
        """One line of the screen; asked for outside painting, it carries its places for the mouse."""
        shared = self._painting or self._looked_up()
        y += shared.top
        base = shared.base
        if not 0 <= y < self.line_count():
            return Strip.blank(shared.width, base)
        row = self.line_at(y)
        marked = self.is_marked(y)
        if marked:
            base += self._inks.cursor
        strip = self._strip_of(row, base, shared.line_width, marked=marked)
        if shared.selection is not None and (span := shared.selection.get_span(y)) is not None:
            start, end = span
            end = strip.cell_length if end == -1 else end
            selected = Strip(Segment.apply_style(strip.crop(start, end), post_style=self._inks.selected))
            strip = Strip.join([strip.crop(0, start), selected, strip.crop(end)])
        strip = strip if self._painting is not None else strip.apply_offsets(0, y)
        return strip.extend_cell_length(shared.width, base)

    def _strip_of(self, row: Row, base: Style, width: int, *, marked: bool) -> Strip:
        """A row in its colours; most rows of a view that grows were drawn in the frame before."""
        key = (row, base, width, marked)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= MOST_KEPT:
                self._strips.clear()
            segments = [Segment(text, base + self._style(ink, marked=marked)) for ink, text in row if text]
            strip = self._strips[key] = Strip(segments).adjust_cell_length(width, base).simplify()
        return strip

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        self._strips.clear()
        super().notify_style_update()

    @property
    def _inks(self) -> Inks:
        return inks(self.app.theme_variables)

    def _style(self, ink: Ink, *, marked: bool) -> Style:
        if marked and ink is not Ink.MATCH:
            return _PLAIN  # the cursor's own colours are readable on its ground, whatever a theme does to others
        return self._inks.of[ink]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text of the mouse's selection, as it is shown."""
        text = "\n".join(plain(self.line_at(y)).rstrip() for y in range(self.line_count()))
        return selection.extract(text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        del selection
        self.refresh()
