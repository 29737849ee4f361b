"""Rows that depend on the width: drawn again whenever it changes."""

from collections.abc import Callable, Sequence

from textual import events
from textual.geometry import Size

from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.rows import Row

Draw = Callable[[int], Sequence[Row]]
"""Width in cells -> rows."""


def no_rows(width: int) -> Sequence[Row]:
    """Draw nothing."""
    del width
    return ()


class DrawnRows(LinesView):
    """A scrolling view of drawn rows."""

    def __init__(self, draw: Draw = no_rows, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._draw = draw

    def show(self, draw: Draw) -> None:
        """Draw these rows from now on; the scroll position stays."""
        self._draw = draw
        self.redraw()

    def redraw(self) -> None:
        """Draw again: the contents have changed."""
        if self.line_width > 0:
            self.show_rows(self._draw(self.line_width))

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width."""
        del event
        self.redraw()


class RowsLabel(DrawnRows, can_focus=False):
    """A label of drawn rows, as high as they are."""

    DEFAULT_CSS = """
    RowsLabel { height: auto; overflow: hidden hidden; scrollbar-gutter: auto; scrollbar-size: 0 0; }
    """

    _laid_out = 0
    """Rows that it was given room for."""

    def redraw(self) -> None:
        """Draw again where the rows have changed, with another height where there are more or fewer."""
        if self.line_width < 1:
            return
        before, rows = self.rows, list(self._draw(self.line_width))
        self._measure()
        if rows != before:
            self.show_rows(rows)
        if len(rows) != len(before) or len(rows) != self._laid_out:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of rows at this width."""
        del container, viewport
        self._laid_out = len(self._draw(width)) if width > 0 else 0
        return self._laid_out
