"""The one frame: its top edge has the title, what is true of it now, and the way out; its bottom edge has the keys in
force, while it has the focus."""

from collections.abc import Sequence
from typing import Self

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from tui_chat.ui.keys.hints import Hint, Key, keys_in_force, known_keys
from tui_chat.ui.rows.edge import ASIDE, BOTTOM, MIDDLE, TITLE, TOP, Edge, Piece, key_pieces

NO_HINTS = "-no-hints"
"""Class of an app that shows no keys on the edges."""


class Divider(Edge):
    """A line through a frame, with the name of what is below it."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(MIDDLE, id=id)
        self.show_title(title)

    def show_title(self, title: str, *facts: str, state: str = "") -> None:
        """Show the name, what is said of it, and at the right what is true of it now."""
        self.show(
            [Piece(title, TITLE), *map(Piece, filter(None, facts))] if title else (),
            [Piece(state)] if state else (),
            joint=ASIDE,
        )


class Frame(Vertical):
    """A frame around what is composed in it."""

    DEFAULT_CSS = """
    Frame { background: $panel; width: 1fr; height: 1fr; }
    Frame > * { border-left: solid $border-blurred; border-right: solid $border-blurred; }
    Frame:focus-within > * { border-left: solid $border; border-right: solid $border; }
    Frame > TextArea, Frame > TextArea:focus {
        border: none; border-left: solid $border-blurred; border-right: solid $border-blurred;
    }
    Frame:focus-within > TextArea, Frame:focus-within > TextArea:focus {
        border: none; border-left: solid $border; border-right: solid $border;
    }
    Frame > Edge, Frame:focus-within > Edge { border-left: none; border-right: none; }
    Frame:focus-within > Edge { color: $border; }
    """

    def __init__(
        self,
        *children: Widget,
        title: str = "",
        way_out: Hint | None = None,
        hints: Sequence[Hint] = (),
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self.top_edge = Edge(TOP, classes="-top")
        self.bottom_edge = Edge(BOTTOM, classes="-bottom")
        super().__init__(self.top_edge, *children, id=id, classes=classes)
        self._title = title
        self._said: tuple[str, ...] = ()
        self._state: tuple[Piece, ...] = ()
        self._way_out = way_out
        self._hints: tuple[Hint, ...] = tuple(hints)
        self._aside: tuple[Piece, ...] = ()

    def page(self) -> ComposeResult:
        """What is between the edges, where it was not given."""
        yield from ()

    def compose(self) -> ComposeResult:
        """The page, and the bottom edge below it."""
        yield from self.page()
        yield self.bottom_edge

    def on_mount(self) -> None:
        """Follow the focus."""
        self.watch(self.screen, "focused", self._focus_moved)

    # What stands on the edges

    def show_title(self, title: str, *facts: str) -> None:
        """Name the frame, and say what it holds: a count, an order."""
        self._title, self._said = title, facts
        self._draw_top()

    def show_facts(self, *facts: str) -> None:
        """Say what the frame holds."""
        self.show_title(self._title, *facts)

    def show_state(self, *state: Piece | str) -> None:
        """Say what is true of it now: an age, a warning."""
        self._state = tuple(piece if isinstance(piece, Piece) else Piece(piece) for piece in state if piece)
        self._draw_top()

    def show_hints(self, *hints: Hint, aside: Sequence[Piece] = ()) -> None:
        """Offer these keys, the most likely first; `aside` stands at the right."""
        self._hints, self._aside = hints, tuple(aside)
        self.draw_keys()

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The keys that are offered while the frame has the focus."""
        return self._hints

    def _focus_moved(self) -> None:
        self._draw_top()
        self.draw_keys()

    def _draw_top(self) -> None:
        if not self.is_attached:
            return
        way_out = self._in_force([self._way_out]) if self._way_out else ()
        left = [Piece(self._title, TITLE), *map(Piece, filter(None, self._said))] if self._title else []
        self.top_edge.show(left, [*self._state, *key_pieces(way_out)], joint=ASIDE)

    def draw_keys(self) -> None:
        """Show the keys that are in force now."""
        if self.is_attached:
            is_shown = not self.app.has_class(NO_HINTS)
            self.bottom_edge.show(key_pieces(self._in_force(self._hints) if is_shown else ()), self._aside)

    def _in_force(self, hints: Sequence[Hint]) -> Sequence[Key]:
        return known_keys(hints, keys_in_force(self.screen)) if self.has_focus_within else ()

    @property
    def has_focus_within(self) -> bool:
        """The focus is in the frame."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors_with_self

    def on_edge_entered(self, event: Edge.Entered) -> None:
        """Press the keys that were clicked, with the focus in the frame."""
        event.stop()
        if not self.has_focus_within:
            self.focus()
        for key in event.presses:
            self.app.simulate_key(key)

    def focus(self, scroll_visible: bool = True) -> Self:
        """Put the focus into the frame."""
        return super().focus(scroll_visible)
