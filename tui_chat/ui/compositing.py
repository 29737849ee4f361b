"""Textual's compositor, told to ask widgets only for the rows that a frame changes.

Its own asks every visible widget for all of its rows whenever one row of one of them changed: on a screen of forty
rows that is more work than everything else in a frame of a streaming answer.
"""

from collections.abc import Iterable

from textual._compositor import Compositor  # private, Textual 8.2: `tests.ui.test_compositing` fails if it goes
from textual.geometry import Region
from textual.strip import Strip


class RowCompositor(Compositor):
    """Renders the rows of the crop, of the widgets that stand in it."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Region, clip and strips of each widget, from front to back; the clip says which rows the strips are."""
        if crop is None:
            yield from super()._get_renders(crop)
            return
        rows = Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            window = clip.intersection(rows)
            x, y, width, height = region.intersection(window)
            if width and height:
                yield region, window, widget.render_lines(Region(x - region.x, y - region.y, width, height))
