"""What stands in a pane only while something is asked."""

from typing import Self

from textual.widget import Widget


class Passing(Widget):
    """Takes the focus from nobody as it goes: Textual tells a widget late that the focus is elsewhere, and one that is
    hidden in between would move it on."""

    def blur(self) -> Self:
        """Give the focus up, where it is still here."""
        if self.is_attached and self.screen.focused is not self:
            return self
        return super().blur()
