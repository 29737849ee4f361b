"""The arguments of one call: laid out while they arrive, raw, or by fragment, or instead of them the tool's schema.

What has been laid out stays laid out: a frame costs what arrived since the last one, however long the arguments are.
"""

from enum import StrEnum
from typing import Final

from textual import events

from tui_chat.core.request import ToolDefinition
from tui_chat.ui.panes.call_rows import FragmentRows, schema_json
from tui_chat.ui.rows.flow import Flow
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.rows import Ink, wrapped
from tui_chat.workspace.calls import Call


class View(StrEnum):
    """Form in which a call is shown."""

    PARSED = "parsed"
    RAW = "raw"
    FRAGMENTS = "fragments"
    SCHEMA = "schema"


TITLES: Final = {View.PARSED: "Arguments", View.RAW: "Raw", View.FRAGMENTS: "Pieces", View.SCHEMA: "Schema"}
"""Words on the tabs."""


class CallView(LinesView):
    """One view of one call."""

    DEFAULT_CSS = """
    CallView { background: $code-background; padding: 0 1; min-height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(follow=True, id=id)
        self._call: Call | None = None
        self._definition: ToolDefinition | None = None
        self._view = View.PARSED
        self._laid_out: Flow | FragmentRows | None = None
        self._raw_pieces = 0

    def show_call(self, call: Call | None, view: View, definition: ToolDefinition | None) -> None:
        """Show this call; the scroll position stays where it is the same view of the same call."""
        is_same = call is self._call and view is self._view
        self._call, self._view, self._definition = call, view, definition
        if not is_same:
            self._laid_out = None
        self.grow()
        if not is_same:
            self.scroll_to(y=0, animate=False)

    def grow(self) -> None:
        """Lay out what has arrived."""
        width = self.line_width
        if width < 1:
            return
        call = self._call
        if call is None:
            self.show_rows(())
        elif self._view is View.SCHEMA:
            self._show_schema(width)
        elif self._view is View.FRAGMENTS:
            if not isinstance(self._laid_out, FragmentRows):
                self._laid_out = FragmentRows(call, width)
            self._laid_out.grow()
            self.show_rows(self._laid_out)
        else:
            flow = self._flow(width)
            if self._view is View.PARSED:
                flow.follow(call.parsed().pieces)
            elif len(call.pieces) > self._raw_pieces:
                flow.put(Ink.TEXT, "".join(call.pieces[self._raw_pieces :]))
                self._raw_pieces = len(call.pieces)
            self.show_rows(flow.rows)

    def _flow(self, width: int) -> Flow:
        if not isinstance(self._laid_out, Flow):
            self._laid_out = Flow(width)
            self._raw_pieces = 0
        return self._laid_out

    def _show_schema(self, width: int) -> None:
        if self._definition is None:
            self.show_rows(wrapped("The definition of this tool is not known here.", width, Ink.MUTED))
            return
        rows = wrapped(self._definition.description, width, Ink.MUTED)
        flow = Flow(width)
        flow.follow(schema_json(self._definition).pieces)
        self.show_rows([*rows, *flow.rows])

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew for the new width."""
        super().on_resize(event)
        self._laid_out = None
        self.grow()
