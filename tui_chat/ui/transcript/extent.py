"""How large the content of a scrolling view is, told to Textual without laying out the whole screen."""

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


def set_extent(view: ScrollView, extent: Size, top: int) -> None:
    """Set the size of the content and the first row without laying out the whole screen.

    Assigning `virtual_size` and `scroll_y` would arrange every widget again for each frame. The one use of a private
    name of Textual (8.2: `Widget._scroll_update`).
    """
    if view.virtual_size == extent and view.scroll_y == top:
        return  # the scrollbar would be painted anew
    view.set_reactive(Widget.virtual_size, extent)
    view.set_reactive(Widget.scroll_y, float(top))
    view.set_reactive(Widget.scroll_target_y, float(top))
    view._scroll_update(extent)
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.position = top
