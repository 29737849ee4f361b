"""Keys that scroll: they are in force only where there is more than is in sight."""

from typing import Final

from textual.widget import Widget

_ACTIONS: Final = frozenset({"scroll_up", "scroll_down", "page_up", "page_down", "scroll_home", "scroll_end"})


class ScrollsWhatIsLonger(Widget):
    """Mix-in of views that scroll from top to bottom; it stands after the view among the bases, as every mix-in."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to scroll only where something is out of sight."""
        return (action not in _ACTIONS or self.show_vertical_scrollbar) and super().check_action(action, parameters)

    def watch_show_vertical_scrollbar(self) -> None:
        """Let the keys on the edge follow."""
        if self.is_attached:
            self.refresh_bindings()
