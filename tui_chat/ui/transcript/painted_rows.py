"""A scrolling widget that is given its rows, and sends to the terminal those that changed and nothing else."""

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_chat.ui.compositing import paint_at_once

KEPT = 4
"""Screens of painted rows."""


class PaintedRows(ScrollView):
    """Shows the rows that it was given last."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Strip] = []
        self._painted: dict[int, tuple[Strip, Strip]] = {}
        """By the identity of a row: the row itself, which so keeps its identity, and how it goes to the terminal."""
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
        width = self.size.width
        if len(changed) > len(rows) // 2:
            regions = [Region(0, 0, width, len(rows))]
        else:
            regions = [Region(0, y, width, 1) for y in changed]
        if at_once:
            paint_at_once(self, regions)
        else:
            self.refresh(*regions)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "PaintedRows":
        """Paint anew. Without regions it is Textual that asks: colours or places may have changed."""
        if repaint and not regions:
            self._painted.clear()
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows to be painted; without places for the mouse, which would make every style a different one.

        A frame changes few rows and the compositor asks for all of them: one that was painted is not padded, filtered
        and coloured again, wherever it has moved to.
        """
        size = self.outer_size
        if crop.column_span != (0, size.width) or len(self._rows) != size.height:
            return self._paint(crop)
        if len(self._painted) > KEPT * size.height:
            self._painted.clear()
        painted: list[Strip] = []
        for y in crop.line_range:
            row = self._rows[y]
            known = self._painted.get(id(row))
            if known is None:
                known = self._painted[id(row)] = row, self._paint(Region(0, y, size.width, 1))[0]
            painted.append(known[1])
        return painted

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
