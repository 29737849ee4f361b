"""Decoration of the rows in sight: matches, the selection, the block under the cursor."""

from functools import cached_property
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.block_text import Block
from tui_chat.ui.transcript.finding import Finder
from tui_chat.ui.transcript.layouts import Layout, layout
from tui_chat.ui.transcript.reading import Reader
from tui_chat.ui.transcript.rendering import GUTTER, Renderer
from tui_chat.ui.transcript.seams import seam_rows
from tui_chat.ui.transcript.search import Search
from tui_chat.ui.transcript.section import Section
from tui_chat.ui.transcript.spots import Spot, painted_spans, restyled
from tui_chat.ui.transcript.viewport import Viewport
from tui_chat.ui.transcript.window import RowPlace

BESIDE: Final = "│"
"""Marks the rows of the block under the cursor that follow its first."""


class RowsInSight:
    """The rows in sight."""

    def __init__(self, painted: list[Strip], viewport: Viewport) -> None:
        self.painted = painted
        self._viewport = viewport

    @cached_property
    def places(self) -> list[tuple[int, RowPlace] | None]:
        """The place of each row. They are found where they are needed: most frames have nothing to mark."""
        return self._viewport.places()


class Decorator:
    """Paints over rows."""

    def __init__(self, renderer: Renderer, viewport: Viewport, search: Search, reader: Reader) -> None:
        self._renderer = renderer
        self._viewport = viewport
        self._search = search
        self._reader = reader

    def decorate(self, rows: list[Strip], selection: Selection | None, *, has_focus: bool) -> int | None:
        """Mark matches, the selection and the cursor's block on the rows in sight; return the row of the cursor, None
        where nobody needs it."""
        finder = self._search.finder
        block = self._reader.block if has_focus or finder is not None else None
        shown = RowsInSight(rows, self._viewport)
        if any(section.seams for section in self._viewport.sections()):
            self._mark_seams(shown)
        if selection is None and block is None and finder is None:
            return None
        if finder is not None:
            self._mark_found(shown, finder)
        if selection is not None:
            self._mark_selected(shown, selection)
        if block is None:
            return None
        self._mark_block(shown, block, self._search.place())
        first, _ = self._reader.rows_of(block)
        return min(max(0, first - self._viewport.top), len(rows) - 1) if has_focus else None

    def _mark_seams(self, rows: RowsInSight) -> None:
        """Mark where the text of an answer goes on after it was cut."""
        known: dict[int, set[tuple[int, int]]] = {}
        for y, found in enumerate(rows.places):
            section = found[1].section if found is not None else None
            if found is None or section is None or not section.seams or found[1].number < 0:
                continue
            if section.uid not in known:
                known[section.uid] = seam_rows(self._renderer, section)
            number, row = found[1].number, found[1].row
            if (number, row - section.has_gap(number)) in known[section.uid]:
                self._mark(rows, y, Mark.CONTINUED, self._renderer.palette.on("muted", "background"), at=GUTTER - 2)

    def _mark(self, rows: RowsInSight, y: int, mark: str, style: Style, at: int = 0) -> None:
        """Put a mark into a cell of a row's margin."""
        old = rows.painted[y]
        left, right = old.crop(0, at), old.crop(at + 1, old.cell_length)
        rows.painted[y] = Strip([*left, Segment(mark, style), *right], old.cell_length)

    def _mark_found(self, rows: RowsInSight, finder: Finder) -> None:
        """Mark matches."""
        palette = self._renderer.palette
        style = palette.on("warning") + Style(underline=True)
        filled = palette.filled("match-text", "match")
        spot, current = self._search.place(), self._search.span()
        known: dict[tuple[int, int], tuple[Layout, list[tuple[int, int]]]] = {}
        for y, found in enumerate(rows.places):
            if found is None or found[1].number < 0 or not found[1].section.leaves:
                continue
            at, (section, number, _) = found
            if (at, number) not in known:
                shown = layout(self._renderer, section, number)
                known[at, number] = shown, finder.spans(shown.text)
            shown, spans = known[at, number]
            if spans:
                self._paint(rows, y, section, found[1], shown, spans, style)
                if spot is not None and current is not None and found[1][:2] == spot[:2]:
                    self._paint(rows, y, section, found[1], shown, [current], filled)

    def _mark_selected(self, rows: RowsInSight, selection: Selection) -> None:
        """Mark the selection."""
        style = self._renderer.palette.filled("selection-text", "selection")
        for y, found in enumerate(rows.places):
            if found is None or found[1].number < 0 or not found[1].section.leaves:
                continue
            at, place = found
            span = selection.get_span(Spot(at, place.number, 0).offset().y)
            if span is not None:
                shown = layout(self._renderer, place.section, place.number)
                spans = [(max(0, span[0]), len(shown.text) if span[1] < 0 else span[1])]
                self._paint(rows, y, place.section, place, shown, spans, style)

    def _mark_block(self, rows: RowsInSight, block: Block, spot: RowPlace | None = None) -> None:
        """Mark the cursor's block, and its row of the cursor where that is another than its first."""
        if spot is None or spot.section is not block.section or not block.first <= spot.number < block.end:
            spot = RowPlace(block.section, block.first, block.section.has_gap(block.first))
        style = self._renderer.palette.on("accent", "background")
        for y, found in enumerate(rows.places):
            if found is None or found[1].section is not block.section:
                continue
            _, number, row = found[1]
            has_gap = block.section.has_gap(number) if number >= 0 else True
            if not block.first <= number < block.end or (number == block.first and has_gap and row == 0):
                continue
            mark = Mark.YOURS if (number, row) == spot[1:] else BESIDE
            self._mark(rows, y, mark, style)

    def _paint(
        self,
        rows: RowsInSight,
        y: int,
        section: Section,
        place: RowPlace,
        shown: Layout,
        spans: list[tuple[int, int]],
        style: Style,
    ) -> None:
        row = place.row - section.has_gap(place.number)
        if 0 <= row < len(shown.rows):
            here = painted_spans(rows.painted[y], shown.rows[row], spans)
            if here:
                rows.painted[y] = restyled(rows.painted[y], here, style)
