"""The calls of the path as a list, a line each, the newest answer's first."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.cells import cell_len

from tui_chat.ui.panes.call_rows import beside, list_row, shown_name
from tui_chat.ui.panes.call_section import SMALL, TINY
from tui_chat.ui.rows.pick_list import MARK, PickList
from tui_chat.ui.rows.rows import Ink, Row
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call

MOST_AT_ONCE: Final = 200
"""Calls, from the newest on, among which those that arrive are looked for."""
BESIDE_COLUMNS: Final = 110
"""Columns of the window from which on two calls that arrive at once are shown."""
ROWS_AROUND: Final = 2
"""Rows of the pane beside those of its field and of a list that is alone with that: the edges."""
BESIDE_ROWS: Final = 20
"""Rows of the pane that two calls need."""


class CallList(PickList):
    """The calls under a cursor."""

    def __init__(self, silent_s: Callable[[Call], float | None], *, id: str | None = None) -> None:
        """`silent_s` tells since when nothing came of a call."""
        super().__init__(id=id)
        self._silent_s = silent_s
        self._calls: Sequence[Call] = ()
        self._is_quiet = False
        self._names = 0
        """Cells of the longest name."""

    def show_calls(
        self,
        calls: Sequence[Call],
        chosen: Call | None,
        height: int,
        *,
        gives_way: bool,
        is_quiet: bool = False,
        is_filtered: bool = False,
        is_alone: bool = False,
    ) -> None:
        """List the calls with the cursor on one of them, in a pane of this height. One call needs no list where there
        is little room, unless it was found among others. A list that is alone with its field has all the room. A quiet
        list leaves the strong mark to what is asked below it, until it has the focus."""
        self._is_quiet = is_quiet
        self._calls, count = calls, len(calls)
        cursor = next((place for place, other in enumerate(calls) if other is chosen), 0)
        is_small = height < SMALL
        self.styles.height = max(1, min(count, 1 if height < TINY else 2 if is_small else height * 3 // 10))
        self.display = not gives_way and count > (1 if is_small and not is_filtered else 0)
        if is_alone:
            self.styles.height, self.display = max(1, height - ROWS_AROUND), bool(count)
        self._names = max((cell_len(shown_name(one)) for one in calls[:MOST_AT_ONCE]), default=0)
        self.show_items(count, self._draw_call, cursor=cursor)

    def is_marked(self, y: int) -> bool:
        """Say whether a line is that of the call under the cursor, in a list that is not quiet."""
        return super().is_marked(y) and not (self._is_quiet and not self.has_focus)

    def line_at(self, y: int) -> Row:
        """A call; in a quiet list the cursor is a faint mark."""
        row = super().line_at(y)
        is_faint = super().is_marked(y) and not self.is_marked(y)
        return ((Ink.MUTED, MARK), *row[1:]) if is_faint else row

    def _draw_call(self, index: int, width: int) -> tuple[Row, ...]:
        call = self._calls[index]
        return (list_row(call, self._silent_s(call), width, self._names),)


def shown_beside(call: Call | None, calls: Sequence[Call], columns: int, rows: int) -> Call | None:
    """The call that arrives beside the one that is shown, where there is room for both: in a window of so many columns,
    in a pane of so many rows."""
    has_room = columns >= BESIDE_COLUMNS and rows >= BESIDE_ROWS
    return beside(call, calls[:MOST_AT_ONCE]) if call is not None and has_room else None


def wanted_of(calls: Sequence[Call]) -> Call | None:
    """The first call of the newest answer that waits, else its first; `calls` begin with those of that answer."""
    newest = [call for call in calls if call.node_id == calls[0].node_id]
    return next((call for call in newest if call.state is CallState.WAITING), newest[0] if newest else None)
