"""Base of the tool inspector: a list of calls of which one is shown, or one of tools, each with a field that narrows
it."""

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult

from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.panes.call_list import CallList, wanted_of
from tui_chat.ui.panes.call_section import SMALL
from tui_chat.ui.panes.narrowing_field import NarrowingField
from tui_chat.ui.panes.pane import WAY_OUT, Pane
from tui_chat.ui.panes.tool_host import ToolHost
from tui_chat.ui.panes.tool_list import ToolList
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.workspace.call_query import FoundCalls
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call, CallBoard
from tui_chat.workspace.tool_query import FoundTools
from tui_chat.workspace.tool_switches import Switchable

CLEARS: Final = Hint("leave", "clear")


class CallFinder(Pane):
    """Calls under a cursor."""

    def __init__(
        self,
        title: str,
        board: CallBoard,
        host: ToolHost,
        *,
        hints: Sequence[Hint],
        id: str | None,
        classes: str | None,
    ) -> None:
        """The `board` follows the conversation by itself; `host` knows the tools."""
        super().__init__(title, hints=hints, id=id, classes=classes)
        self._board = board
        self._host = host
        self._call_list = CallList(board.silent_s, id="call-list")
        self._tool_list = ToolList(host.tools, id="tool-list")
        self._call_field = NarrowingField(self._call_list, FoundCalls(board.silent_s), "call", id="call-field")
        self._tool_field = NarrowingField(self._tool_list, FoundTools(), "tool", id="tool-field")
        self._calls: Sequence[Call] = board.calls
        self._fitting: Sequence[Call] = self._calls
        """Those that are listed."""
        self._selected: tuple[str, int] | None = None
        self._is_pinned = False
        """The person chose the call that is shown."""
        self._lists_tools = False
        """The person looks at the tools, though there are calls."""

    def _list(self) -> ComposeResult:
        """The fields, how the one that is there was read, and the calls."""
        yield self._call_field
        yield self._tool_field
        yield RowsLabel(lambda width: self._field.said(width), id="call-read")
        yield self._call_list

    @property
    def _shows_tools(self) -> bool:
        """The tools are listed, and no call."""
        return self._lists_tools or not self._calls

    @property
    def _field(self) -> NarrowingField[Switchable] | NarrowingField[Call]:
        """The field of what is listed."""
        return self._tool_field if self._shows_tools else self._call_field

    @property
    def _call(self) -> Call | None:
        """The call that is shown; None where the tools are."""
        return self._board.get(self._selected) if self._selected and not self._lists_tools else None

    @property
    def _is_filtering(self) -> bool:
        """The field of what is listed is there."""
        return self._field.is_open

    @property
    def _is_seeking(self) -> bool:
        """Somebody types into the field where there is room for no more than what is found."""
        return self._is_filtering and self._field.has_focus_within and self.size.height < SMALL

    def _look(self) -> bool:
        """List the calls that fit, and say whether all were looked through: else there is more to be found."""
        self._calls = self._board.calls
        self._fitting = self._call_field.among(self._calls)
        self._choose()
        self._tool_list.read(self._tool_field.among)
        field, is_filtering = self._field, self._is_filtering
        for each in (self._call_field, self._tool_field):
            each.display = is_filtering and each is field
        has_room = self.size.height >= SMALL or field.has_problem
        self.query_one("#call-read").display = is_filtering and has_room
        self._way_out = CLEARS if is_filtering else WAY_OUT
        return field.is_whole

    def _choose(self) -> None:
        """Keep the call that the person chose; else choose the first pending one, else the first of the newest
        answer."""
        if self._lists_tools or (self._is_pinned and self._call in self._fitting):
            return
        self._is_pinned = False
        self._selected = chosen.key if (chosen := wanted_of(self._fitting)) else None

    def _hides_what_waits(self) -> bool:
        """A call waits for the person that is not listed."""
        return any(call.state is CallState.WAITING and call not in self._fitting for call in self._calls)

    def _paint(self, *, reload: bool = False) -> None:
        """Show what has changed."""
        raise NotImplementedError

    def _enter(self) -> None:
        """Go to what the call under the cursor wants, else to its view."""
        raise NotImplementedError

    def _clear(self, *, stays: bool = True) -> None:
        """List everything again; the cursor stays on its call, or goes to what is wanted."""
        self._is_pinned = stays and self._call is not None
        self._field.clear()
        self._lists_tools = self._lists_tools and bool(self._calls)
        self._paint()

    def seek(self, words: str) -> None:
        """List the calls that fit these words, as if they were typed, with the focus on what was found."""
        self._lists_tools = self._is_pinned = False
        self._call_field.open()
        self._call_field.put(words)
        self._paint(reload=True)
        if self._fitting:
            self._leave_field(is_choice=False)

    def action_filter(self) -> None:
        """Type into the field; a call that comes meanwhile does not take its place."""
        self._lists_tools = self._shows_tools
        self._field.open()
        self._paint()

    def action_close(self) -> None:
        """List everything again where the field is there, else ask to be closed."""
        if not self._is_filtering:
            super().action_close()
            return
        self._clear()
        self.call_after_refresh(self.focus)

    def on_descendant_focus(self) -> None:
        """Show what there is room for, beside the field or without."""
        if self._is_filtering:
            self._paint()

    def on_narrowing_field_narrowed(self, event: NarrowingField.Narrowed) -> None:
        """List what fits."""
        event.stop()
        self._paint(reload=True)

    def on_narrowing_field_left(self, event: NarrowingField.Left) -> None:
        """Go to what was found."""
        event.stop()
        self._leave_field(is_choice=event.is_choice)

    def _leave_field(self, *, is_choice: bool) -> None:
        """Go to the rows, or to the call that was found; a list that has no room leads to its call. A tool is switched
        from the field."""
        rows = self._tool_list if self._shows_tools else self._call_list
        if rows.display and not is_choice:
            self.screen.set_focus(rows)
        elif self._shows_tools:
            self._tool_list.action_pick()
        elif self._call is not None:
            self._enter()
