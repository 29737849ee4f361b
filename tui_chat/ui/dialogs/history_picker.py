"""The dialog that opens an earlier conversation: typing filters the titles, Enter opens, Esc closes.

Its result is the id of the conversation, or None. It is given the rows and reads no store.
"""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tui_chat.chat.ports import ConversationSummary
from tui_chat.core import fuzzy
from tui_chat.core.errors import Failure
from tui_chat.core.figures import age
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes.model_rows import highlighted
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut, spread, wrapped

WIDE = 64
"""From this many cells on, a conversation takes one line; below, two."""
UNTITLED = "(no title)"


def summary_lines(
    summary: ConversationSummary, title: str, positions: Sequence[int], now: float, width: int
) -> tuple[Row, ...]:
    """Title, model, when it was used last, and how many messages it holds."""
    name: Row = highlighted(title, positions) if title else ((Ink.MUTED, UNTITLED),)
    when, count = age(now - summary.updated_at), f"{summary.messages}"
    model = sanitize_line(summary.model, 80)
    if width >= WIDE:
        model_row = cut(((Ink.MUTED, model),), min(28, width // 5))
        used: Row = ((Ink.TEXT, "  "), *model_row, (Ink.MUTED, f"{when:>14}{count:>6}"))
        return (spread(name, used, width),)
    unit = "message" if summary.messages == 1 else "messages"
    return cut(name, width), spread(((Ink.MUTED, f"  {when} · {count} {unit}"),), ((Ink.MUTED, model),), width)


class HistoryPicker(Dialog[str | None]):
    """Conversations, the one used last on top."""

    DEFAULT_CSS = """
    HistoryPicker { align: center middle; background: $background; }
    HistoryPicker > Vertical {
        width: 90%; max-width: 110; height: 85%; background: $panel; border: round $border;
        border-title-color: $primary;
    }
    HistoryPicker.-small > Vertical { width: 100%; height: 100%; border: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list-up", "move(-1)"),
        bound("list-down", "move(1)"),
        bound("list-page-up", "page(-1)"),
        bound("list-page-down", "page(1)"),
        bound("leave", "close"),
    ]

    def __init__(
        self,
        summaries: Sequence[ConversationSummary] | None = None,
        *,
        now: Callable[[], float] = time.time,
        id: str | None = None,
    ) -> None:
        """`summaries` None: they are still being read. `now` gives seconds since the epoch."""
        super().__init__(id=id)
        self._is_loading = summaries is None
        self._failure: Failure | None = None
        self._now = now
        self._entries: list[tuple[ConversationSummary, str]] = []
        self._shown: list[tuple[tuple[ConversationSummary, str], tuple[int, ...]]] = []
        self._take(summaries or ())

    def compose(self) -> ComposeResult:
        """The field, the list, and how many there are."""
        with Vertical() as frame:
            frame.border_title = "Conversations"
            yield SearchField("find a conversation by its title", id="history-search")
            yield PickList(id="history-list")
            yield RowsLabel(self._status, id="history-status")

    def on_mount(self) -> None:
        """List what is known."""
        self.query_one(SearchField).focus()
        self._filter()

    def on_resize(self) -> None:
        """A conversation takes one line or two."""
        self.set_class(self.size.width < 60 or self.size.height < 16, "-small")
        self.call_after_refresh(self._list_anew)

    def show_summaries(self, summaries: Sequence[ConversationSummary]) -> None:
        """List these; what is typed stays."""
        self._is_loading, self._failure = False, None
        self._take(summaries)
        if self.is_mounted:
            self._filter()

    def show_failure(self, failure: Failure) -> None:
        """Say why there is no list."""
        self._is_loading, self._failure = False, failure
        if self.is_mounted:
            self.query_one(RowsLabel).redraw()

    def _take(self, summaries: Sequence[ConversationSummary]) -> None:
        self._entries = [(summary, sanitize_line(summary.title)) for summary in summaries]

    def _filter(self) -> None:
        query = self.query_one(SearchField).value
        found = fuzzy.rank(query, self._entries, lambda entry: entry[1])
        self._shown = [(entry, positions) for _, entry, positions in found]
        self._list(cursor=0)
        self.query_one(RowsLabel).redraw()

    def _list_anew(self) -> None:
        if self.query(PickList):  # not so where it was closed meanwhile
            self._list()

    def _list(self, cursor: int | None = None) -> None:
        pick_list = self.query_one(PickList)
        height = 1 if pick_list.line_width >= WIDE else 2
        pick_list.show_items(len(self._shown), self._draw, item_height=height, cursor=cursor)

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        (summary, title), positions = self._shown[index]
        lines = summary_lines(summary, title, positions, self._now(), width - 2)
        return tuple(((Ink.TEXT, " "), *line) for line in lines)

    def _status(self, width: int) -> Sequence[Row]:
        width -= 2
        if self._failure is not None:
            failure = self._failure
            rows = wrapped(f"{failure.title}: {sanitize_line(failure.message)}", width, Ink.ERROR)[:3]
            rows += wrapped(sanitize_line(failure.advice), width)[:3]
        elif self._is_loading:
            rows = [((Ink.WARNING, "reading the history …"),)]
        elif not self._entries:
            rows = [((Ink.MUTED, "No conversation was saved yet."),)]
        else:
            found, total = len(self._shown), len(self._entries)
            count = f"{found} of {total}" if found < total else f"{total}"
            unit = "conversation" if total == 1 else "conversations"
            keys: Row = ((Ink.ACCENT, "Enter"), (Ink.MUTED, " opens  "), (Ink.ACCENT, "Esc"), (Ink.MUTED, " closes"))
            rows = [spread(((Ink.MUTED, f"{count} {unit}"),), keys, width)]
        return [((Ink.TEXT, " "), *row) for row in rows]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what is typed."""
        event.stop()
        self._filter()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what is under the cursor."""
        event.stop()
        self.query_one(PickList).action_pick()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """A conversation was chosen."""
        event.stop()
        self.dismiss(self._shown[event.index][0][0].id)

    def action_move(self, by: int) -> None:
        """Move the cursor while typing."""
        self.query_one(PickList).action_move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages while typing."""
        self.query_one(PickList).action_page(by)

    def action_close(self) -> None:
        """Esc."""
        self.dismiss(None)
