"""The pane that shows tool calls as they arrive, and takes results typed by hand for pending ones.

It is handed the path and the session's events; a result that was typed is a message to its screen.
"""

import asyncio
import time
from collections.abc import Callable, Container, Mapping, Sequence
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from tui_chat.chat.session_events import AnswerStarted, SessionEvent, ToolStarted
from tui_chat.chat.tool_plans import Planned
from tui_chat.core.parts import ToolCall
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tree import Node
from tui_chat.ui.composing.keys import send_label
from tui_chat.ui.keys.command import OwnKeys
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes import tool_messages
from tui_chat.ui.panes.call_decision import CallDecision, Questions, plan_rows
from tui_chat.ui.panes.call_rows import beside, count_words, empty_rows, list_row, result_rows, shown_name
from tui_chat.ui.panes.call_section import SMALL, TINY, CallSection, ShownCall
from tui_chat.ui.panes.call_view import CallView, View, text_of, views_of
from tui_chat.ui.panes.pane import Pane
from tui_chat.ui.panes.result_editor import ResultEditor
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut, wrapped
from tui_chat.ui.rows.tabs import choice_row
from tui_chat.workspace.argument_check import check
from tui_chat.workspace.call_marks import CallMarks, Check, MarkedCalls
from tui_chat.workspace.calls import Call, CallBoard, CallState, ResultDraft
from tui_chat.workspace.deciding import CallKey

FRAME_S = 1 / 10
"""Seconds between two paintings of arriving arguments."""
STALE_S = 0.5
"""Seconds between two paintings of the time since the last piece, while nothing arrives."""
BESIDE_COLUMNS = 110
"""Columns of the window from which on two calls that arrive at once are shown."""
MOST_AT_ONCE = 200
"""Calls, from the newest on, among which those that arrive are looked for."""
BESIDE_ROWS = 20
"""Rows of the pane that two calls need."""

HINTS = (
    Hint("send", "send"),
    Hint("tools-error", "result or error"),
    Hint("list-choose", "open"),
    Hint("tools-view", "next view"),
    Hint("tools-copy", "copy"),
    Hint("tools-save", "save"),
    Hint("help", "help"),
)


class ToolInspector(Pane):
    """All calls of the path, the newest answer's first."""

    DEFAULT_CSS = """
    ToolInspector > RowsLabel { padding: 0 1; }
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

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("tools-view", "next_view"),
        bound("tools-error", "toggle_error"),
        bound("tools-parsed", "view('parsed')"),
        bound("tools-raw", "view('raw')"),
        bound("tools-fragments", "view('fragments')"),
        bound("tools-schema", "view('schema')"),
        bound("tools-output", "view('output')"),
        bound("tools-copy", "take(False)"),
        bound("tools-save", "take(True)"),
    ]

    Answered: TypeAlias = tool_messages.Answered
    Decided: TypeAlias = tool_messages.Decided
    Taken: TypeAlias = tool_messages.Taken

    def __init__(
        self,
        definitions: Mapping[str, ToolDefinition] | None = None,
        *,
        board: CallBoard | None = None,
        plan_of: Callable[[CallKey], Planned] = lambda _: None,
        off: Callable[[], Container[str]] = frozenset,
        monotonic: Callable[[], float] = time.monotonic,
        own_keys: OwnKeys | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`definitions` are the tools by name. The `board` follows the conversation by itself, and keeps what arrived
        and what is half typed while the pane is closed. `plan_of` is asked once about each call that waits; None where
        a person answers it. `off` tells which tools are switched off."""
        super().__init__("Tools", hints=HINTS, id=id, classes=classes)
        self._off = off
        self._marked = MarkedCalls({} if definitions is None else definitions)
        self._board = board or CallBoard(monotonic)
        self._monotonic = monotonic
        self._own_keys = own_keys or {}
        self._calls: list[Call] = self._board.calls
        self._selected: tuple[str, int] | None = None
        self._is_pinned = False
        """The person chose the call that is shown."""
        self._sent: set[tuple[str, int]] = set()
        self._questions = Questions(plan_of)
        self._asked_empty: tuple[str, int] | None = None
        """The call for which an empty result was submitted once: submitting again sends it."""
        self._view = View.PARSED
        self._is_dirty = False
        self._seen = self._board.changes
        self._painted_at = 0.0
        self._names = 0
        """Cells of the longest name in the list."""
        self._is_ready = False
        self._offered_for: object = None
        """The call and its state that the keys on the edge are for."""

    def page(self) -> ComposeResult:
        """List, views, arguments, and the field for a result."""
        yield PickList(id="call-list")
        yield RowsLabel(lambda width: empty_rows(self._marked.definitions, width, self._off()), id="call-none")
        yield CallSection("call")
        yield CallSection("other")
        yield RowsLabel(self._result, id="call-result")
        yield Divider(id="call-question")
        yield RowsLabel(self._plan, id="call-plan")
        yield CallDecision(self._monotonic, id="call-decision")
        yield Divider("Result", id="call-result-name")
        yield ResultEditor(self._own_keys, id="call-editor")
        yield RowsLabel(self._choice, id="call-choice")

    def on_mount(self) -> None:
        """Start to paint at the pane's own pace."""
        self._is_ready = True
        self.query_one("#call-question", Divider).show_title("Run it?", state="what you see is what runs")
        self.set_interval(FRAME_S, self._frame)
        self._paint()

    def on_resize(self) -> None:
        """Show what there is room for."""
        self._paint()

    def focus(self, scroll_visible: bool = True) -> "ToolInspector":
        """Go to what is wanted, a decision or a result, else to the list of calls."""
        (self._asked_for or self.query_one("#call-list")).focus(scroll_visible)
        return self

    @property
    def _asked_for(self) -> Widget | None:
        """What waits for the person; None where nothing does."""
        asking = (self.query_one(CallDecision), self.query_one(ResultEditor))
        return next((widget for widget in asking if widget.display), None)

    def show(self, path: Sequence[Node], pending: Sequence[ToolCall]) -> None:
        """Show the calls of a path; `pending` are those without a result."""
        self._board.show(path, pending)
        self._seen = self._board.changes
        was_sent = self._selected in self._sent
        self._sent.clear()
        self._paint(reload=was_sent)

    def apply(self, event: SessionEvent) -> None:
        """Update the calls by an event."""
        if isinstance(event, AnswerStarted):
            self._is_pinned = False
        elif isinstance(event, ToolStarted):
            self._view = View.OUTPUT
        if self._seen != self._board.changes:
            self._seen = self._board.changes
            self._is_dirty = True

    def _frame(self) -> None:
        is_ticking = any(call.state in (CallState.ARRIVING, CallState.RUNNING) for call in self._calls[:MOST_AT_ONCE])
        section = self.query_one(CallSection)
        reads_on = self._questions.reads_on(self._call, section.shown_view, section.view)
        if self._is_dirty or reads_on or (is_ticking and self._monotonic() - self._painted_at >= STALE_S):
            self._paint()

    @property
    def _call(self) -> Call | None:
        """The call that is shown."""
        return self._board.get(self._selected) if self._selected else None

    @property
    def _planned(self) -> Planned:
        """What the call that is shown would do; None where nobody is asked about that."""
        return self._questions.planned(self._call)

    def _choose(self) -> None:
        """Keep the call that the person chose; else choose the first pending one, else the first of the newest
        answer."""
        if self._is_pinned and self._call is not None:
            return
        self._is_pinned = False
        newest = [call for call in self._calls if call.node_id == self._calls[0].node_id]
        chosen = next((call for call in newest if call.state is CallState.WAITING), newest[0] if newest else None)
        self._selected = chosen.key if chosen else None

    def _paint(self, *, reload: bool = False) -> None:
        if not self._is_ready:
            return
        self._is_dirty, self._painted_at = False, self._monotonic()
        self._calls = self._board.calls
        before = self._selected
        self._choose()
        call = self._call
        self._paint_list(call)
        self._paint_editor(call, reload=reload or self._selected != before)
        self.show_facts(count_words(self._calls, self._board.silent_s))
        if self._offered_for != (now := (self._selected, call.state if call else None)):
            self._offered_for = now
            self.draw_keys()
        self._paint_sections(call)
        for label in self.query_children(RowsLabel):
            label.redraw()

    def _paint_sections(self, call: Call | None) -> None:
        other = self._other(call)
        for section, shown in zip(self.query(CallSection), (call, other), strict=True):
            section.display = shown is not None
            section.show_call(self._shown(shown) if shown else None, self._view, self.size.height)
            self._is_dirty = self._is_dirty or (shown is not None and not shown.is_parsed)
        none = self.query_one("#call-none", RowsLabel)
        none.display = call is None
        none.redraw()

    def _other(self, call: Call | None) -> Call | None:
        """The call that arrives beside the one that is shown, where there is room for both."""
        if call is None or self.app.size.width < BESIDE_COLUMNS or self.size.height < BESIDE_ROWS:
            return None
        return beside(call, self._calls[:MOST_AT_ONCE])

    def _shown(self, call: Call) -> ShownCall:
        marks = self._marked.of(call)
        if (wanted := marks.to_check(call)) is not None:
            self.run_worker(self._check(marks, wanted), group="check")
        return ShownCall(call, marks, self._board.silent_s(call), self._questions.planned(call) is not None)

    async def _check(self, marks: CallMarks, wanted: Check) -> None:
        """Ask a validator about arguments that are complete, beside the screen."""
        marks.settle(await asyncio.to_thread(check, *wanted))
        self._is_dirty = True

    def _paint_list(self, call: Call | None) -> None:
        pick_list = self.query_one("#call-list", PickList)
        cursor = next((place for place, other in enumerate(self._calls) if other is call), 0)
        height, count = self.size.height, len(self._calls)
        is_small = height < SMALL
        pick_list.styles.height = max(1, min(count, 1 if height < TINY else 2 if is_small else height * 3 // 10))
        has_room = height >= TINY or self._planned is None
        pick_list.display = has_room and count > (1 if is_small else 0)
        self._names = max((cell_len(shown_name(one)) for one in self._calls[:MOST_AT_ONCE]), default=0)
        pick_list.show_items(count, self._draw_item, cursor=cursor)

    def _paint_editor(self, call: Call | None, *, reload: bool) -> None:
        editor, decision, planned = self.query_one(ResultEditor), self.query_one(CallDecision), self._planned
        for part in ("#call-question", "#call-plan", "#call-decision"):
            self.query_one(part).display = planned is not None
        if planned is not None and call is not None:
            most = 1 if self.size.height < TINY else 4
            decision.ask(call.key, planned, is_seen=self._questions.is_read(call), most=most)
        else:
            decision.forget()
        waits = planned is None and call is not None and call.state is CallState.WAITING
        editor.display = waits
        self.query_one("#call-result-name").display = waits and self.size.height >= SMALL
        self.query_one("#call-choice").display = waits
        if any(part is self.screen.focused and not part.display for part in (editor, decision)):
            self.app.call_later(self._pass_focus_on)
        if not waits:
            return
        editor.read_only = self._selected in self._sent
        if reload:
            with editor.prevent(TextArea.Changed):
                editor.load_text(self._draft.text)
                editor.move_cursor(editor.document.end)

    def _pass_focus_on(self) -> None:
        """Give the focus of what is asked no more to what comes next, unless it went elsewhere meanwhile."""
        if self.is_attached and (focused := self.screen.focused) is not None and self in focused.ancestors:
            pick_list = self.query_one("#call-list")
            self.screen.set_focus(self._asked_for or (pick_list if pick_list.display else self.query_one(CallView)))

    @property
    def _draft(self) -> ResultDraft:
        return self._board.drafts.setdefault(self._selected or ("", 0), ResultDraft())

    def _draw_item(self, index: int, width: int) -> tuple[Row, ...]:
        call = self._calls[index]
        return (list_row(call, self._board.silent_s(call), width, self._names),)

    def _result(self, width: int) -> Sequence[Row]:
        call = self._call
        return result_rows(call, width) if call and self._view is not View.OUTPUT else ()

    def _plan(self, width: int) -> Sequence[Row]:
        height = self.size.height
        return plan_rows(self._planned, width, 1 if height < TINY else 3 if height < SMALL else 8)

    def _choice(self, width: int) -> Sequence[Row]:
        if self._selected in self._sent:
            return [((Ink.MUTED, "The result was sent."),)]
        if self._asked_empty == self._selected:
            words = f"Nothing is written. {send_label(self._own_keys)} again sends it empty."
            return wrapped(words, width, Ink.WARNING)
        return [cut(choice_row(("result", "error"), int(self._draft.is_error)), width)]

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Show the call under the cursor."""
        event.stop()
        if event.control.id == "call-list" and event.index < len(self._calls):
            self._selected, before = self._calls[event.index].key, self._selected
            self._is_pinned = True
            self._paint_editor(self._call, reload=self._selected != before)
            self._paint()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Go to what a call that waits wants, else to its view."""
        event.stop()
        (self._asked_for or self.query_one(CallView)).focus()

    def on_call_decision_taken(self, event: CallDecision.Taken) -> None:
        """Hand the decision to the screen."""
        event.stop()
        if event.key == self._selected:
            self._questions.forget(event.key)
            self.post_message(self.Decided(event.key, event.decision, event.planned))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is half typed; a result that was sent is kept until it is known to be saved."""
        event.stop()
        if self._selected not in self._sent:
            self._draft.text = event.text_area.text
        if event.text_area.text and self._asked_empty is not None:
            self._asked_empty = None
            self.query_one("#call-choice", RowsLabel).redraw()

    @on(ResultEditor.Submitted)
    def _submitted(self, event: ResultEditor.Submitted) -> None:
        """Hand the result to the screen, once."""
        event.stop()
        call = self._call
        if call is None or call.state is not CallState.WAITING or call.key in self._sent:
            self.query_one(ResultEditor).give_back(event.text)
            return
        if not event.text.strip() and self._asked_empty != call.key:
            self._asked_empty = call.key
            self._paint()
            return
        self._sent.add(call.key)
        self._draft.text = event.text
        self.post_message(self.Answered(call.id, event.text, self._draft.is_error))
        self._paint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only where it does something: to a call, or to a call that waits."""
        match action:
            case "toggle_error":
                is_for_person = self._planned is None
                return is_for_person and self._call is not None and self._call.state is CallState.WAITING
            case "next_view" | "view" | "take":
                return self._call is not None
            case _:
                return super().check_action(action, parameters)

    def action_toggle_error(self) -> None:
        """Switch whether the result is an error."""
        if self.check_action("toggle_error", ()):
            self._draft.is_error = not self._draft.is_error
            self._paint()

    def action_next_view(self) -> None:
        """Show the next view of the call."""
        views = views_of(self._call) if self._call else [View.PARSED]
        self.action_view(views[(views.index(self._view) + 1) % len(views) if self._view in views else 0])

    def action_view(self, view: str) -> None:
        """Show this view of the call, where there is one."""
        if self._call is None or View(view) in views_of(self._call):
            self._view = View(view)
        self._paint()

    def action_take(self, saves: bool) -> None:
        """Ask for what the view shows to be copied or saved, however the call's answer ended."""
        call = self._call
        if call is not None:
            view = self._view if self._view in views_of(call) else View.PARSED
            self.post_message(self.Taken(call, view, text_of(call, view, self._marked.of(call)), saves=saves))
