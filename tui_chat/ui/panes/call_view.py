"""One view of one call: its arguments as they are understood, raw, or by piece, the tool's schema, or the result.

What has been laid out stays laid out: a frame costs what arrived since the last one, however long the arguments are.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from textual import events

from tui_chat.core.json_layout import Mark as PieceMark
from tui_chat.core.partial_json import PartialJson, parse
from tui_chat.ui.panes.argument_rows import ArgumentRows
from tui_chat.ui.panes.call_rows import FragmentRows, schema_json
from tui_chat.ui.rows.flow import Flow
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.rows import Ink, Row, plain, wrapped
from tui_chat.workspace.call_marks import CallMarks
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call


class View(StrEnum):
    """Form in which a call is shown."""

    PARSED = "parsed"
    RAW = "raw"
    FRAGMENTS = "fragments"
    SCHEMA = "schema"
    OUTPUT = "output"


TITLES: Final = {
    View.PARSED: "Arguments",
    View.RAW: "Raw",
    View.FRAGMENTS: "Pieces",
    View.SCHEMA: "Schema",
    View.OUTPUT: "Output",
}
"""Words on the tabs."""
LONGEST_LAID_OUT: Final = 256 * 1024
"""Characters of a result up to which JSON is laid out."""
NO_DEFINITION: Final = "The definition of this tool is not known here."


def views_of(call: Call) -> list[View]:
    """The views that a call has: one that ran, runs or has a result has its output, too."""
    has_output = call.result is not None or bool(call.output)
    return [view for view in View if view is not View.OUTPUT or has_output]


def view_after(view: View, call: Call | None) -> View:
    """The next view of a call; the first one where it does not have this one."""
    views = views_of(call) if call else [View.PARSED]
    return views[(views.index(view) + 1) % len(views) if view in views else 0]


def text_of(call: Call, view: View, marks: CallMarks) -> str:
    """What a view shows as text, whole and as received: not sanitised."""
    while not call.is_parsed:
        call.parsed()
    match view:
        case View.OUTPUT:
            return call.result.content if call.result is not None else "".join(call.output)
        case View.SCHEMA:
            return schema_json(marks.definition).pretty() if marks.definition else NO_DEFINITION
        case View.FRAGMENTS:
            rows = FragmentRows(call, 10_000)
            rows.grow()
            return "".join(f"{plain(row)}\n" for row in rows)
        case View.PARSED if call.parsed().is_whole:
            return call.parsed().pretty()
        case _:
            return call.arguments


def is_understood(parsed: PartialJson) -> bool:
    """Say whether the arguments are an object so far: then each of its members is shown by itself."""
    is_object = bool(parsed.root) and isinstance(parsed.root[0], dict)
    is_broken = parsed.problem is not None and bool(parsed.pieces) and parsed.pieces[-1].mark is PieceMark.INVALID
    return is_object and not is_broken


class _Output(Flow):
    """What a call that runs has written so far."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self._taken = 0

    def grow(self, pieces: Sequence[str]) -> None:
        """Lay out what is new."""
        if len(pieces) > self._taken:
            self.put(Ink.TEXT, "".join(pieces[self._taken :]))
            self._taken = len(pieces)


class CallView(LinesView):
    """One view of one call."""

    DEFAULT_CSS = """
    CallView { background: $code-background; padding: 0 1; min-height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(follow=True, id=id)
        self._call: Call | None = None
        self._marks: CallMarks | None = None
        self._view = View.PARSED
        self._laid_out: Flow | FragmentRows | ArgumentRows | None = None
        self._raw_pieces = 0

    def show_call(self, call: Call | None, view: View, marks: CallMarks | None) -> None:
        """Show this call; the scroll position stays where it is the same view of the same call."""
        is_same = call is self._call and view is self._view
        if not is_same or marks is not self._marks:
            self._laid_out = None
        self._call, self._view, self._marks = call, view, marks
        self.grow()
        if not is_same:
            is_written = call is not None and call.state is CallState.RUNNING and view is View.OUTPUT
            is_arriving = call is not None and call.state is CallState.ARRIVING
            grows = is_written or (is_arriving and view not in (View.SCHEMA, View.OUTPUT))
            self.scroll_to(y=self.max_scroll_y if grows else 0, animate=False, immediate=not grows)

    @property
    def is_whole(self) -> bool:
        """Nothing of what is laid out is left out above."""
        laid_out = self._laid_out
        return laid_out.is_whole if isinstance(laid_out, Flow | ArgumentRows) else laid_out is not None

    def shows(self, call: Call) -> bool:
        """It is this call that is shown."""
        return call is self._call

    def grow(self) -> None:
        """Lay out what has arrived."""
        width = self.line_width
        if width < 1:
            return
        call, marks = self._call, self._marks
        if call is None or marks is None:
            self.show_rows(())
            return
        match self._view:
            case View.SCHEMA:
                self._show_schema(marks, width)
            case View.FRAGMENTS:
                if not isinstance(self._laid_out, FragmentRows):
                    self._laid_out = FragmentRows(call, width)
                self._laid_out.grow()
                self.show_rows(self._laid_out)
            case View.OUTPUT if call.result is not None:
                if isinstance(self._laid_out, _Output):
                    self._laid_out = None
                self._show_text(call.result.content, width)
            case View.OUTPUT:
                if not isinstance(self._laid_out, _Output):
                    self._laid_out = _Output(width)
                self._laid_out.grow(call.output)
                self.show_rows(self._laid_out.rows)
            case View.PARSED if is_understood(call.parsed()):
                self._show_arguments(call, marks, width)
            case View.PARSED if call.parsed().pieces:
                flow = self._flow(width)
                flow.follow(call.parsed().pieces)
                self.show_rows(flow.rows)
            case View.PARSED:
                self._show_arguments(call, marks, width)
            case _:
                self._show_raw(call, width)

    def _show_arguments(self, call: Call, marks: CallMarks, width: int) -> None:
        if not isinstance(self._laid_out, ArgumentRows):
            self._laid_out = ArgumentRows(marks.parsed, marks.marks, width)
        self._laid_out.grow(is_arriving=call.state is CallState.ARRIVING)
        self.show_rows(self._laid_out)

    def _show_raw(self, call: Call, width: int) -> None:
        flow = self._flow(width)
        if len(call.pieces) > self._raw_pieces:
            flow.put(Ink.TEXT, "".join(call.pieces[self._raw_pieces :]))
            self._raw_pieces = len(call.pieces)
        self.show_rows(flow.rows)

    def _show_text(self, text: str, width: int) -> None:
        """Show a result; one that is JSON is laid out."""
        flow = self._flow(width)
        if not self._raw_pieces:
            self._raw_pieces = 1
            laid_out = parse(text) if text[:1] in ("{", "[") and len(text) <= LONGEST_LAID_OUT else None
            if laid_out is not None and laid_out.is_whole:
                flow.follow(laid_out.pieces)
            else:
                flow.put(Ink.TEXT if text else Ink.MUTED, text or "The result is empty.")
        self.show_rows(flow.rows)

    def _flow(self, width: int) -> Flow:
        if not isinstance(self._laid_out, Flow):
            self._laid_out = Flow(width)
            self._raw_pieces = 0
        return self._laid_out

    def _show_schema(self, marks: CallMarks, width: int) -> None:
        if marks.definition is None:
            self.show_rows(wrapped(NO_DEFINITION, width, Ink.MUTED))
            return
        told_by, words = marks.definition.told_by, marks.definition.description
        rows: list[Row] = wrapped(f"The tool server {told_by} says: {words}" if told_by else words, width, Ink.MUTED)
        flow = Flow(width)
        flow.follow(schema_json(marks.definition).pieces)
        self.show_rows([*rows, *flow.rows])

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew for the new width."""
        super().on_resize(event)
        self._laid_out = None
        self.grow()
