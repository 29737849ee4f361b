"""The pane that shows tool calls as they arrive, and takes results typed by hand for pending ones.

It is handed the path and the session's events; a result that was typed is a message to its screen.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, TypeAlias

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
from tui_chat.ui.keys.command import OwnKeys
from tui_chat.ui.panes import tool_messages
from tui_chat.ui.panes.call_decision import CallDecision, Questions, plan_rows
from tui_chat.ui.panes.call_finder import CallFinder
from tui_chat.ui.panes.call_list import MOST_AT_ONCE, shown_beside
from tui_chat.ui.panes.call_rows import count_words, result_rows, title_words
from tui_chat.ui.panes.call_section import LINES_AROUND, SMALL, TINY, CallSection, ShownCall
from tui_chat.ui.panes.call_view import CallView, View, text_of, view_after, views_of
from tui_chat.ui.panes.pace import FRAME_S, Pace
from tui_chat.ui.panes.result_editor import ResultEditor
from tui_chat.ui.panes.tool_host import NO_HOST, ToolHost
from tui_chat.ui.panes.tool_keys import BESIDE_DECIDING, HINTS, INSPECTOR_KEYS, hints_of, is_offered
from tui_chat.ui.panes.tool_list import ToolList, about_tools
from tui_chat.ui.panes.typed_results import TypedResults
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, wrapped
from tui_chat.workspace.argument_check import check
from tui_chat.workspace.call_marks import CallMarks, Check, MarkedCalls
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call, CallBoard
from tui_chat.workspace.deciding import CallKey


class ToolInspector(CallFinder):
    """All calls of the path, the newest answer's first."""

    DEFAULT_CSS = (
        """
    ToolInspector > RowsLabel { padding: 0 1; }
    ToolInspector > #call-none { height: 1fr; }
    ToolInspector > #call-none.-above { height: auto; }
    """
        + LINES_AROUND
    )

    HELP = "tools"
    BINDINGS: ClassVar[list[BindingType]] = [*INSPECTOR_KEYS]

    Answered: TypeAlias = tool_messages.Answered
    Decided: TypeAlias = tool_messages.Decided
    Taken: TypeAlias = tool_messages.Taken

    def __init__(
        self,
        definitions: Mapping[str, ToolDefinition] | None = None,
        *,
        board: CallBoard | None = None,
        plan_of: Callable[[CallKey], Planned] = lambda _: None,
        host: ToolHost = NO_HOST,
        monotonic: Callable[[], float] = time.monotonic,
        own_keys: OwnKeys | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`definitions` are the tools by name. The `board` follows the conversation by itself, and keeps what arrived
        and what is half typed while the pane is closed. `plan_of` is asked once about each call that waits; None where
        a person answers it, and anew when the tools change. `host` knows those."""
        super().__init__("Tools", board or CallBoard(monotonic), host, hints=HINTS, id=id, classes=classes)
        self._tools: object = None
        """The tools as they were at the last painting."""
        self._marked = MarkedCalls({} if definitions is None else definitions)
        self._monotonic = monotonic
        self._own_keys = own_keys or {}
        self._typed = TypedResults(self._board, self._own_keys)
        self._questions = Questions(plan_of, host.tools)
        self._view = View.PARSED
        self._is_dirty = False
        self._seen = self._board.changes
        self._pace = Pace(monotonic)
        self._is_ready = False
        self._offered_for: object = None
        """The call and its state that the keys on the edge are for."""

    def page(self) -> ComposeResult:
        """List, views, arguments, and the field for a result."""
        yield from self._list()
        yield RowsLabel(self._none, id="call-none")
        yield self._tool_list
        yield CallSection("call")
        yield CallSection("other")
        yield RowsLabel(self._result, id="call-result")
        yield Divider(id="call-question")
        yield RowsLabel(self._plan, id="call-plan")
        yield CallDecision(self._monotonic, id="call-decision")
        yield Divider("Result", id="call-result-name")
        yield ResultEditor(self._own_keys, id="call-editor")
        yield RowsLabel(lambda width: self._typed.rows(self._selected, width), id="call-choice")

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
        if not self._shows_tools and self._hides_what_waits():
            self._clear(stays=False)
        pick_list = self._tool_list if self._call is None and self._host.tools() else self._call_list
        (self._asked_for or pick_list).focus(scroll_visible)
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
        was_sent = self._selected in self._typed.sent
        self._typed.sent.clear()
        self._paint(reload=was_sent)

    def apply(self, event: SessionEvent) -> None:
        """Follow an event; what it changes on the board is painted with the next frame."""
        if isinstance(event, AnswerStarted):
            self._is_pinned = False
        elif isinstance(event, ToolStarted):
            self._view = View.OUTPUT

    def _frame(self) -> None:
        is_ticking = any(call.state in (CallState.ARRIVING, CallState.RUNNING) for call in self._calls[:MOST_AT_ONCE])
        section = self.query_one(CallSection)
        reads_on = self._questions.reads_on(self._call, section.shown_view, section.view)
        if (tools := self._host.tools()) != self._tools or self._seen != self._board.changes:
            self._tools, self._seen, self._is_dirty = tools, self._board.changes, True
        if reads_on or self._pace.is_due(is_dirty=self._is_dirty, is_ticking=is_ticking):
            self._paint()
            self._pace.ended()

    @property
    def _planned(self) -> Planned:
        """What the call that is shown would do; None where nobody is asked about that."""
        return self._questions.planned(None if self._is_seeking else self._call)

    def choose(self, key: tuple[str, int], view: View) -> None:
        """Show this call in this view, as if the person had chosen it."""
        self._selected, self._is_pinned, self._lists_tools, self._view = key, True, False, view
        if self._call not in self._fitting:
            self._clear()
        self._paint(reload=True)

    def _paint(self, *, reload: bool = False) -> None:
        if not self._is_ready:
            return
        self._pace.begun()
        before = self._selected
        self._is_dirty = not self._look()
        call = self._call
        gives_way, asks = self._lists_tools or self._is_narrow, self._planned is not None
        is_filtered, is_alone = self._is_filtering, self._is_seeking and not self._shows_tools
        self._call_list.show_calls(
            self._fitting,
            call,
            self.size.height - is_filtered,
            gives_way=gives_way,
            is_quiet=asks,
            is_filtered=is_filtered,
            is_alone=is_alone,
        )
        call = None if is_alone else call
        self._paint_editor(call, reload=reload or self._selected != before)
        count = count_words(self._calls, self._board.silent_s, self._fitting if self._call_field.is_narrowing else None)
        is_nameless = self.size.height < TINY and not self._call_list.display
        self.show_title(*title_words(call, count, is_asked=self._is_narrow, is_alone=is_nameless))
        may_run = self.query_one(CallDecision).may_run
        alone = self._questions.shows_plan_alone(call)
        if self._offered_for != (now := (self._selected, call.state if call else None, may_run, alone)):
            self._offered_for = now
            self.draw_keys()
        self._paint_sections(call)
        for label in self.query_children(RowsLabel):
            label.redraw()

    def _paint_sections(self, call: Call | None) -> None:
        other = shown_beside(call, self._fitting, self.app.size.width, self.size.height)
        for section, shown in zip(self.query(CallSection), (call, other), strict=True):
            section.display = shown is not None and not (self._is_narrow and self._questions.shows_plan_alone(call))
            section.show_call(self._shown(shown) if shown else None, self._view, self.size.height)
            self._is_dirty = self._is_dirty or (shown is not None and not shown.is_parsed)
        none, tools = self.query_one("#call-none", RowsLabel), self._tool_list
        is_found = bool(tools.count if self._shows_tools else self._fitting)
        none.display = call is None and not (self._is_seeking and is_found)
        none.redraw()
        if tools.has_focus and call is not None:
            self.app.call_later(self._pass_focus_on)
        tools.display = self._shows_tools and tools.count > 0
        none.set_class(tools.display, "-above")

    def _shown(self, call: Call) -> ShownCall:
        marks = self._marked.of(call)
        if (wanted := marks.to_check(call)) is not None:
            self.run_worker(self._check(marks, wanted), group="check")
        return ShownCall(call, marks, self._board.silent_s(call), self._questions.planned(call) is not None)

    async def _check(self, marks: CallMarks, wanted: Check) -> None:
        """Ask a validator about arguments that are complete, beside the screen."""
        marks.settle(await asyncio.to_thread(check, *wanted))
        self._is_dirty = True

    def _paint_editor(self, call: Call | None, *, reload: bool) -> None:
        editor, decision, planned = self.query_one(ResultEditor), self.query_one(CallDecision), self._planned
        for part in ("#call-question", "#call-plan", "#call-decision"):
            self.query_one(part).display = planned is not None
        if planned is not None and call is not None:
            plan = len(self._plan(decision.line_width or 1)) if self._questions.shows_plan_alone(call) else 0
            most = max(1, self.size.height - 2 - plan if plan else 1) if self._is_narrow else 4
            decision.ask(call.key, planned, is_seen=self._questions.is_read(call), most=most)
            self.query_one("#call-question").display = not self._is_narrow
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
        editor.read_only = self._selected in self._typed.sent
        if reload:
            with editor.prevent(TextArea.Changed):
                editor.load_text(self._typed.draft(self._selected).text)
                editor.move_cursor(editor.document.end)

    def _pass_focus_on(self) -> None:
        """Give the focus of what is asked no more to what comes next, unless it went elsewhere meanwhile."""
        if self.is_attached and (focused := self.screen.focused) is not None and self in focused.ancestors:
            places = (self._asked_for, self._call_list, self._tool_list, self.query_one(CallView))
            self.screen.set_focus(next((place for place in places if place is not None and place.display), None))

    def _none(self, width: int) -> Sequence[Row]:
        """Why no call is shown."""
        if self._is_filtering and not (self._shows_tools and self._tool_list.count):
            return wrapped(self._field.nothing(), width, Ink.MUTED)
        return about_tools(self._host.tools(), width, has_calls=bool(self._calls))

    def _result(self, width: int) -> Sequence[Row]:
        call = self._call
        is_shown = self._view is not View.OUTPUT and not self._is_seeking
        return result_rows(call, width) if call and is_shown else ()

    def _plan(self, width: int) -> Sequence[Row]:
        height, is_alone = self.size.height, self._questions.shows_plan_alone(self._call)
        tiny = height - (4 if is_alone else 5)
        return plan_rows(self._planned, width, max(1, tiny) if height < TINY else 3 if height < SMALL else 8)

    @property
    def _is_narrow(self) -> bool:
        return self.size.height < TINY and self._planned is not None

    def on_call_decision_read_on(self, event: CallDecision.ReadOn) -> None:
        """Read on in the arguments, and then in what would run."""
        event.stop()
        self._questions.read_on(self._call, self.query_one(CallSection).view, event.by, has_room=not self._is_narrow)
        self._paint()

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Show the call under the cursor."""
        event.stop()
        if event.control.id == "call-decision":
            self.draw_keys()
        elif event.control.id == "call-list" and event.index < len(self._fitting):
            self._selected, before = self._fitting[event.index].key, self._selected
            self._is_pinned = True
            self._paint_editor(self._call, reload=self._selected != before)
            self._paint()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Go to the call."""
        event.stop()
        self._enter()

    def _enter(self) -> None:
        """Go to what a call that waits wants, else to its view."""
        (self._asked_for or self.query_one(CallView)).focus()

    def on_call_decision_taken(self, event: CallDecision.Taken) -> None:
        """Hand the decision to the screen."""
        event.stop()
        if event.key == self._selected:
            self._questions.forget(event.key)
            self.post_message(self.Decided(event.key, event.decision, event.planned))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is half typed."""
        event.stop()
        if self._typed.keep(self._selected, event.text_area.text):
            self.query_one("#call-choice", RowsLabel).redraw()

    @on(ResultEditor.Submitted)
    def _submitted(self, event: ResultEditor.Submitted) -> None:
        """Hand the result to the screen, once."""
        event.stop()
        call = self._call
        if call is None or call.state is not CallState.WAITING or call.key in self._typed.sent:
            self.query_one(ResultEditor).give_back(event.text)
            return
        if self._typed.sends(call.key, event.text):
            self.post_message(self.Answered(call.id, event.text, self._typed.draft(call.key).is_error))
        self._paint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only where it does something: to a call, or to a call that waits."""
        if action == "filter":
            listed = self._host.tools() if self._shows_tools else self._calls
            return self._is_ready and (len(listed) > 1 or self._is_filtering)
        if action == "tools":
            return bool(self._calls) and (self._lists_tools or bool(self._host.tools()))
        offered = is_offered(action, self._call, is_for_person=self._planned is None)
        return super().check_action(action, parameters) if offered is None else offered

    def action_toggle_error(self) -> None:
        """Switch whether the result is an error."""
        if self.check_action("toggle_error", ()):
            draft = self._typed.draft(self._selected)
            draft.is_error = not draft.is_error
            self._paint()

    def action_again(self) -> None:
        """Ask what is to be done with the call, which is taken again."""
        if (call := self._call) is not None:
            self._host.take_again(self._board.calls.index(call) + 1)

    def action_stop(self) -> None:
        """End the run of a call that was taken again."""
        if (call := self._call) is not None and call.stop is not None:
            call.stop()

    def action_tools(self) -> None:
        """Show the tools in the place of the calls, or those again."""
        self._lists_tools = not self._lists_tools
        self._paint()
        self.call_after_refresh(self.focus)

    def on_tool_list_switched(self, event: ToolList.Switched) -> None:
        """Switch a tool."""
        event.stop()
        self._host.switch_tool(event.tool)

    def draw_keys(self) -> None:
        """Show the keys of what has the focus."""
        deciding = next((part for part in self.query(CallDecision) if part.has_focus), None)
        own = hints_of(in_field=self._field.has_focus_within, of_tools=self._shows_tools)
        has_more = self._is_narrow and not self._questions.shows_plan_alone(self._call)
        self._hints = (*deciding.hints(has_more=has_more), *BESIDE_DECIDING) if deciding else own
        super().draw_keys()

    def action_next_view(self) -> None:
        """Show the next view of the call."""
        self.action_view(view_after(self._view, self._call))

    def action_view(self, view: str) -> None:
        """Show this view of the call, where there is one."""
        if self._call is None or View(view) in views_of(self._call):
            self._view = View(view)
        self._paint()

    def action_take(self, saves: bool) -> None:
        """Ask for what the view shows to be copied or saved, however the call's answer ended."""
        if (call := self._call) is not None:
            view = self._view if self._view in views_of(call) else View.PARSED
            self.post_message(self.Taken(call, view, text_of(call, view, self._marked.of(call)), saves=saves))
