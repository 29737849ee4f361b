"""One of several options: `(•) this  ( ) that`. Space and Right take the next one, Left the one before."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui_chat.ui.keys.pane_keys import bound

GAP: Final = 2
CHOSEN: Final = "(•)"
"""Stands before the option that counts, wherever options are shown."""


class ChoiceRow(Widget, can_focus=True):
    """Options beside each other, on as many lines as they need."""

    DEFAULT_CSS = """
    ChoiceRow { height: auto; width: 1fr; }
    ChoiceRow:focus { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("tick", "choose(1)"),
        Binding("right", "choose(1)", show=False),
        Binding("left", "choose(-1)", show=False),
    ]

    class Chosen(Message):
        """Another option was taken by the person."""

        def __init__(self, row: "ChoiceRow") -> None:
            super().__init__()
            self.row = row

        @property
        def control(self) -> "ChoiceRow":
            """The row."""
            return self.row

    def __init__(self, options: Sequence[str], chosen: int = 0, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._options = tuple(options)
        self._chosen = chosen

    @property
    def chosen(self) -> int:
        """The place of the option that counts."""
        return self._chosen

    @property
    def options(self) -> tuple[str, ...]:
        """What is offered."""
        return self._options

    def offer(self, options: Sequence[str], chosen: int = 0) -> None:
        """Offer these options."""
        self._options, self._chosen = tuple(options), chosen
        self.refresh(layout=True)

    def show_chosen(self, chosen: int) -> None:
        """Let this option count, without telling anybody."""
        self._chosen = chosen
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the options need."""
        del container, viewport
        return len(self._lines(width))

    def render(self) -> Content:
        """The marks and the options."""
        lines = self._lines(self.size.width)
        return Content("\n".join((" " * GAP).join(self._words(place) for place in line) for line in lines))

    def action_choose(self, by: int) -> None:
        """Take the next option, or the one before."""
        self._take((self._chosen + by) % len(self._options))

    def on_click(self, event: events.Click) -> None:
        """Take the option that was clicked."""
        event.stop()
        left = 0
        for place in self._lines(self.size.width)[event.y]:
            right = left + cell_len(self._words(place))
            if left <= event.x < right:
                self._take(place)
            left = right + GAP

    def _take(self, place: int) -> None:
        if place != self._chosen:
            self.show_chosen(place)
            self.post_message(self.Chosen(self))

    def _words(self, place: int) -> str:
        return f"{CHOSEN if place == self._chosen else '( )'} {self._options[place]}"

    def _lines(self, width: int) -> list[list[int]]:
        """The places of the options that stand on each line."""
        lines: list[list[int]] = [[]]
        used = 0
        for place in range(len(self._options)):
            cells = cell_len(self._words(place))
            if lines[-1] and used + GAP + cells > width:
                lines.append([])
                used = 0
            used += (GAP if lines[-1] else 0) + cells
            lines[-1].append(place)
        return lines
