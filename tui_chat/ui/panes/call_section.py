"""The part of the inspector that shows one call: its name, the tabs of its views, its facts, and the view.

Two of them stand below each other where two calls arrive at once and there is room.
"""

from collections.abc import Sequence

import msgspec
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_chat.ui.panes.call_rows import fact_rows, fault_rows, shown_name, stall_rows, state_run
from tui_chat.ui.panes.call_view import TITLES, CallView, View, views_of
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.rows import Row
from tui_chat.ui.rows.tabs import tab_row
from tui_chat.workspace.call_marks import CallMarks
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call

SMALL = 16
"""Below this height of the pane only the most needed lines are shown."""
TINY = 8
"""Below this height the list is one line, and what is wrong with a call that waits gives way to the question about its
result: an overlay on a terminal of ten."""
LINES_AROUND = """
    ToolInspector > CallSection, ToolInspector:focus-within > CallSection,
    ToolInspector.-behind:focus-within > CallSection { border-left: none; border-right: none; }
    ToolInspector CallSection > * { border-left: solid $border-blurred; border-right: solid $border-blurred; }
    ToolInspector:focus-within CallSection > * { border-left: solid $border; border-right: solid $border; }
    ToolInspector.-behind:focus-within CallSection > * {
        border-left: solid $border-blurred; border-right: solid $border-blurred;
    }
    ToolInspector CallSection > Edge, ToolInspector:focus-within CallSection > Edge,
    ToolInspector.-behind:focus-within CallSection > Edge { border-left: none; border-right: none; }
    ToolInspector:focus-within CallSection > Edge { color: $border; }
    ToolInspector.-behind:focus-within CallSection > Edge { color: $border-blurred; }
"""
"""The frame's lines at the sides of a section's parts, in the inspector."""


class ShownCall(msgspec.Struct, frozen=True):
    """A call, and what is known of it now."""

    call: Call
    marks: CallMarks
    silent_s: float | None
    may_run: bool = False
    """It waits for a decision, and not for a result that somebody types."""


class CallSection(Vertical):
    """One call."""

    DEFAULT_CSS = """
    CallSection { height: 1fr; }
    CallSection > RowsLabel { padding: 0 1; }
    """

    def __init__(self, prefix: str) -> None:
        """`prefix` begins the ids of its parts."""
        super().__init__(id=f"{prefix}-section")
        self._prefix = prefix
        self._shown: ShownCall | None = None
        self._view = View.PARSED
        self._height = 0

    def compose(self) -> ComposeResult:
        """From the name down to the view."""
        yield Divider(id=f"{self._prefix}-name")
        yield RowsLabel(self._tabs, id=f"{self._prefix}-tabs")
        yield RowsLabel(self._facts, id=f"{self._prefix}-facts")
        yield CallView(id=f"{self._prefix}-view")

    @property
    def shown_view(self) -> View:
        """The view that is shown: one that the call does not have gives way to its arguments."""
        return self._view

    @property
    def view(self) -> CallView:
        """The view of the call."""
        return self.query_one(CallView)

    def show_call(self, shown: ShownCall | None, view: View, height: int) -> None:
        """Show a call in this view; `height` is that of the pane."""
        self._shown, self._height = shown, height
        self._view = view if shown is None or view in views_of(shown.call) else View.PARSED
        name = self.query_one(Divider)
        name.display = shown is not None and height >= TINY
        if shown is not None:
            name.show_title(shown_name(shown.call), state=self._state(shown))
        self.query_one(f"#{self._prefix}-tabs").display = shown is not None and height >= TINY
        for label in self.query(RowsLabel):
            label.redraw()
        self.view.show_call(shown.call if shown else None, self._view, shown.marks if shown else None)

    def _state(self, shown: ShownCall) -> str:
        """The state with its mark, in all its words."""
        call = shown.call
        brief = state_run(call, shown.silent_s)[1]
        if call.state is CallState.ARRIVING or call.of is not None or shown.may_run:
            return brief
        return f"{brief.partition(' ')[0]} {call.state.value}"

    def _tabs(self, width: int) -> Sequence[Row]:
        if self._shown is None:
            return ()
        views = views_of(self._shown.call)
        return [tab_row([TITLES[view] for view in views], views.index(self._view), width)]

    def _facts(self, width: int) -> Sequence[Row]:
        shown = self._shown
        if shown is None:
            return ()
        faults = fault_rows(shown.call, shown.marks.faults, width)
        if self._height >= SMALL:
            return [*fact_rows(shown.call, width), *stall_rows(shown.silent_s, width), *faults]
        has_no_room = self._height < TINY and shown.call.state is CallState.WAITING
        return () if has_no_room else faults[:1]
