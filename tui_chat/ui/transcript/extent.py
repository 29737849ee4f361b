"""The size of a scrolling view's content, set without laying out the whole screen."""

from math import ceil

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widget import Widget


def set_extent(view: ScrollView, extent: Size, top: int) -> None:
    """Set the size of the content and the first row without laying out the whole screen.

    Assigning `virtual_size` and `scroll_y` would arrange every widget again for each frame, and in a long log the
    scrollbar would be painted again and again as it was. The one use of a private name of Textual (8.2:
    `Widget._scroll_update`).
    """
    before = view.virtual_size.height, view.scroll_y
    if view.virtual_size == extent and view.scroll_y == top:
        return
    view.set_reactive(Widget.virtual_size, extent)
    view.set_reactive(Widget.scroll_y, float(top))
    view.set_reactive(Widget.scroll_target_y, float(top))
    height = view.container_size.height
    if view.show_vertical_scrollbar and _thumb(height, *before) == _thumb(height, extent.height, top):
        view.vertical_scrollbar.set_reactive(ScrollBar.window_virtual_size, extent.height)
        view.vertical_scrollbar.set_reactive(ScrollBar.position, float(top))
        return
    view._scroll_update(extent)
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.position = top


def _thumb(height: int, total: int, top: float) -> tuple[int, int] | None:
    """The start and length of the scrollbar's thumb in cells; None where none is shown.

    Textual draws it in eighths: of an answer that grows, nobody would see those and each is a scrollbar painted anew.
    """
    if total <= height:
        return None
    length = height * height / total
    return int((height - length) * top / (total - height)), ceil(length)
