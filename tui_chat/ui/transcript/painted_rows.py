"""A scrolling widget that is given its rows, and sends to the terminal those that changed and nothing else."""

from collections.abc import Sequence

from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_chat.ui.driver.compositing import paint_at_once

KEPT = 4
"""Screens of painted rows."""


class PaintedRows(ScrollView):
    """Shows the rows that it was given last."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Strip] = []
        self._painted: dict[int, tuple[Strip, Strip]] = {}
        """By the identity of a row: the row itself, which so keeps its identity, and how it goes to the terminal."""
        self._last_touch: tuple[Color, Sequence[LineFilter]] | None = None
        """What every row goes through on its way to the terminal; None: to be asked for."""
        self._is_painting = False

    def _repaint(self, rows: list[Strip], *, at_once: bool) -> None:
        """Show these rows: with the screen's next frame or, `at_once`, before this returns."""
        old, self._rows = self._rows, rows
        if len(old) != len(rows):
            self.refresh()
            return
        changed: list[int] = []
        for y, (before, after) in enumerate(zip(old, rows, strict=True)):
            if before is not after:
                if before == after:
                    rows[y] = before
                else:
                    changed.append(y)
        if not changed:
            return
        width = self.scrollable_content_region.width
        if len(changed) > len(rows) // 2:
            regions = [Region(0, 0, width, len(rows))]
        else:
            regions = [Region(0, y, width, 1) for y in changed]
        if at_once:
            paint_at_once(self, regions, *([self.vertical_scrollbar] if self.show_vertical_scrollbar else ()))
        else:
            self.refresh(*regions)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "PaintedRows":
        """Paint anew. Without regions it is Textual that asks: colours or places may have changed."""
        if repaint and not regions:
            self._painted.clear()
            self._last_touch = None
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows to be painted; without places for the mouse, which would make every style a different one.

        They come with their colours and fill the view, so Textual's way of painting a row, which looks up a dozen
        styles for it, adds nothing. One that was painted is taken again, wherever it has moved to.
        """
        height = self.outer_size.height
        if crop.column_span != (0, self.scrollable_content_region.width) or len(self._rows) != height:
            return self._paint(crop)
        if len(self._painted) > KEPT * height:
            kept = {id(row) for row in self._rows}
            self._painted = {key: known for key, known in self._painted.items() if key in kept}
        return [self._finished(self._rows[y]) for y in crop.line_range]

    def _finished(self, row: Strip) -> Strip:
        known = self._painted.get(id(row))
        if known is None:
            if self._last_touch is None:
                self._last_touch = self.background_colors[1], self.get_line_filters()
            background, filters = self._last_touch
            painted = row
            for line_filter in filters:
                painted = painted.apply_filter(line_filter, background)
            known = self._painted[id(row)] = row, painted
        return known[1]

    def _paint(self, crop: Region) -> list[Strip]:
        self._is_painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._is_painting = False

    def render_line(self, y: int) -> Strip:
        """A row of the window; asked for outside painting, it tells the mouse where it is."""
        row = self._rows[y] if y < len(self._rows) else Strip([])
        return row if self._is_painting else self.with_places(row, y)

    def with_places(self, row: Strip, y: int) -> Strip:
        """A row that tells the mouse which place is under it."""
        return row.apply_offsets(0, y)
