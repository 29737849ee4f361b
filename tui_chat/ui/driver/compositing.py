"""Textual's compositor, limited to the rows that a frame changes.

Its own asks every visible widget, those that others cover too, for all of its rows whenever one row of one of them
changed, and cuts each up anew: on a screen of forty rows that is more work than everything else in a frame of a
streaming answer. Here it is found out once for a layout which widget shows where in a row, and a widget is asked for
the changed rows of what shows of it; a row that comes whole goes to the terminal as it was encoded before.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rich.console import Console
from textual._compositor import (  # private, Textual 8.2: `tests.ui.driver.test_compositing` fails if they go
    Compositor,
    CompositorUpdate,
    ReflowResult,
)
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


class _Shown(NamedTuple):
    """A widget that shows in a part of a row."""

    start: int
    end: int
    widget: Widget


_Layout = Mapping[Widget, tuple[Region, Region]]
"""Each visible widget's region and what clips it, the topmost first."""


class RowsUpdate(CompositorUpdate):
    """Strips with their places."""

    def __init__(self, strips: Iterable[tuple[int, int, Strip]]) -> None:
        self._strips = list(strips)

    def render_segments(self, console: Console) -> str:
        """Render the strips for the terminal."""
        return "".join([f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self._strips])


class RowCompositor(Compositor):
    """Paints rows."""

    def __init__(self) -> None:
        super().__init__()
        self._plan: dict[int, list[_Shown]] = {}
        self._planned_for: object = None
        self._laid_out: dict[Widget, Size] = {}
        """The size that each widget was told last."""

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out, and name each widget whose size is another than it was told.

        Textual compares with its map, which it makes anew when a region is asked for after something scrolled; a layout
        that was due by then is in it already, and the widget would not be told.
        """
        result = super().reflow(parent, size)
        before, self._laid_out = self._laid_out, {each: found.region.size for each, found in self._full_map.items()}
        untold = {each for each, now in self._laid_out.items() if before.get(each, now) != now}
        return result._replace(resized=result.resized | untold)

    def render_partial_update(self) -> RowsUpdate | None:  # type: ignore[override]  # its user asks for no more than ours
        """The rows that changed, as far as they show, on the layout of now: a widget that is asked for its rows may
        have another one made."""
        visible = self.visible_widgets
        screen = self.size.region
        dirty = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        wanted: dict[Widget, dict[int, list[_Shown]]] = {}
        for y, start, end in self._regions_to_spans(dirty):
            for shown in self._shown_in(y, visible):
                if shown.start < end and start < shown.end:
                    parts = wanted.setdefault(shown.widget, {}).setdefault(y, [])
                    if shown not in parts:
                        parts.append(shown)
        return RowsUpdate(_strips(wanted, visible)) if wanted else None

    def _shown_in(self, y: int, visible: _Layout) -> list[_Shown]:
        """The widgets that show in a row."""
        if self._planned_for is not visible:
            self._planned_for = visible
            self._plan.clear()
        if (row := self._plan.get(y)) is None:
            row = self._plan[y] = self._planned(y, visible)
        return row

    def _planned(self, y: int, visible: _Layout) -> list[_Shown]:
        row: list[_Shown] = []
        free = [(0, self.size.width)]
        for widget, (region, clip) in visible.items():
            window = region.intersection(clip)
            if not window.y <= y < window.bottom:
                continue
            left: list[tuple[int, int]] = []
            for start, end in free:
                first, last = max(start, window.x), min(end, window.right)
                if first >= last:
                    left.append((start, end))
                    continue
                row.append(_Shown(first, last, widget))
                left += [part for part in ((start, first), (last, end)) if part[0] < part[1]]
            free = left
            if not free:
                break
        return row


def _strips(wanted: dict[Widget, dict[int, list[_Shown]]], visible: _Layout) -> Iterator[tuple[int, int, Strip]]:
    """Each widget's rows, asked for in runs, no wider than what shows of them."""
    for widget, rows in wanted.items():
        region, _ = visible[widget]
        left = min(start for parts in rows.values() for start, _, _ in parts)
        right = max(end for parts in rows.values() for _, end, _ in parts)
        for first, count in _runs(rows):
            crop = Region(left - region.x, first - region.y, right - left, count)
            for y, strip in enumerate(widget.render_lines(crop), first):
                for start, end, _ in rows[y]:
                    is_whole = end - start == right - left
                    yield start, y, strip if is_whole else strip.crop(start - left, end - left)


def paint_at_once(widget: Widget, regions: Iterable[Region], *others: Widget) -> None:
    """Paint regions of a widget, what changed of the others, and whatever else its screen's next frame would show.

    The way that Textual takes (8.2: a message to the widget, one to the screen, and a timer) costs as much as the
    painting. The private names are those that `Widget.refresh` and `Pilot` use for the same.
    """
    widget._set_dirty(*regions)
    widget.screen._dirty_widgets.update((widget, *others))
    widget.screen._on_timer_update()


def _runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in their order, as the first and the count of each run without a gap."""
    first = count = -1
    for row in rows:
        if row == first + count:
            count += 1
            continue
        if count > 0:
            yield first, count
        first, count = row, 1
    if count > 0:
        yield first, count
