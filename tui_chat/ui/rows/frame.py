"""The one frame: its top edge has the title, what is true of it now, and the way out; its bottom edge has the keys in
force, while it has the focus."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.widget import Widget

from tui_chat.ui.keys.hints import Hint, Key, keys_in_force, known_keys
from tui_chat.ui.rows.edge import ASIDE, BOTTOM, MIDDLE, TITLE, TOP, Edge, Piece, key_pieces

NO_HINTS = "-no-hints"
"""Class of an app that shows no keys on the edges."""
BEHIND = "-behind"
"""Class of a frame while another screen is above its own."""


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
    Frame.-behind:focus-within > *, Frame.-behind:focus-within > TextArea:focus {
        border-left: solid $border-blurred; border-right: solid $border-blurred;
    }
    Frame > Edge, Frame:focus-within > Edge, Frame.-behind:focus-within > Edge {
        border-left: none; border-right: none;
    }
    Frame:focus-within > Edge { color: $border; }
    Frame.-behind:focus-within > Edge { color: $border-blurred; }
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

    def page(self) -> ComposeResult:
        """What is between the edges, where it was not given."""
        yield from ()

    def compose(self) -> ComposeResult:
        """The page, and the bottom edge below it."""
        yield from self.page()
        yield self.bottom_edge

    def on_mount(self) -> None:
        """Follow the focus, and which keys are in force."""
        self.watch(self.screen, "focused", self._draw_edges)
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._draw_edges())

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

    def show_keys(self, hints: Sequence[Hint], way_out: Hint | None = None) -> None:
        """Offer these keys from now on, as far as they are in force; and another way out where one is given."""
        self._hints, self._way_out = tuple(hints), way_out or self._way_out
        self._draw_edges()

    def stand_behind(self, is_behind: bool) -> None:
        """Show no focus while another screen has it."""
        self.set_class(is_behind, BEHIND)
        self._draw_edges()

    def _draw_edges(self) -> None:
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
            self.bottom_edge.show(key_pieces(self._in_force(self._hints) if is_shown else ()))

    def _in_force(self, hints: Sequence[Hint]) -> Sequence[Key]:
        has_keys = self.has_focus_within and not self.has_class(BEHIND)
        return known_keys(hints, keys_in_force(self.screen)) if has_keys else ()

    @property
    def has_focus_within(self) -> bool:
        """The focus is in the frame."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors_with_self

    def on_edge_entered(self, event: Edge.Entered) -> None:
        """Press the keys that were clicked."""
        event.stop()
        for key in event.presses:
            self.app.simulate_key(key)


@runtime_checkable
class StandsBehind(Protocol):
    """What looks otherwise while another screen has the keys."""

    def stand_behind(self, is_behind: bool) -> None:
        """Look so, or as before."""
        ...


class HasFrames(DOMNode):
    """Mix-in of screens: their frames show no focus, and their lists no lit row, while another screen is above."""

    def on_screen_suspend(self) -> None:
        """Leave the focus to the screen above; a screen that goes is not drawn again."""
        screens: Sequence[DOMNode] = self.app.screen_stack
        if self in screens:
            self._stand_behind(True)

    def on_screen_resume(self) -> None:
        """Have the focus again."""
        self._stand_behind(False)

    def _stand_behind(self, is_behind: bool) -> None:
        for each in self.query("*"):
            if isinstance(each, StandsBehind):
                each.stand_behind(is_behind)
