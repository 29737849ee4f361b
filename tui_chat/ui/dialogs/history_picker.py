"""The dialog that opens an earlier conversation: typing filters the titles, Enter opens, Esc closes.

Its result is the id of the conversation, or None. It is given the rows and reads no store.
"""

import time
from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from tui_chat.chat.ports import ConversationSummary
from tui_chat.core import fuzzy
from tui_chat.core.figures import age
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import Ink, Row, cut, highlighted, spread, wrapped

WIDE = 64
"""From this many cells on, a conversation takes one line; below, two."""
UNTITLED = "(no title)"
EMPTY = "No conversation yet: what you send is kept here."

ConversationHit = tuple[ConversationSummary, str, tuple[int, ...]]
"""A conversation that fits the query, its title made harmless, and which characters of that were matched."""


def summary_lines(
    summary: ConversationSummary, title: str, positions: Sequence[int], now: float, width: int
) -> tuple[Row, ...]:
    """Lines of a conversation: title, model, time of last use, and number of messages."""
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
    """Conversations, the most recently used on top."""

    def __init__(
        self,
        summaries: Sequence[ConversationSummary],
        *,
        now: Callable[[], float] = time.time,
        id: str | None = None,
    ) -> None:
        """`now` gives seconds since the epoch."""
        super().__init__(id=id, classes="-page")
        self._now = now
        self._entries = [(summary, sanitize_line(summary.title)) for summary in summaries]
        self._conversations = FilteredList(self._find, self._draw, id="history")

    def compose(self) -> ComposeResult:
        """The conversations, and how many there are."""
        with Frame(title="Conversations", way_out=Hint("leave", "close"), hints=[Hint("list-choose", "open")]):
            yield self._conversations
            yield RowsLabel(self._empty, id="history-status")

    def on_mount(self) -> None:
        """List the known conversations."""
        self._conversations.find_again()
        self._conversations.focus()
        self._show_count()

    def _find(self, query: str) -> Sequence[ConversationHit]:
        found = fuzzy.rank(query, self._entries, lambda entry: entry[1])
        return [(summary, title, positions) for _, (summary, title), positions in found]

    def _draw(self, hit: ConversationHit, width: int) -> tuple[Row, ...]:
        summary, title, positions = hit
        return summary_lines(summary, title, positions, self._now(), width)

    def _empty(self, width: int) -> Sequence[Row]:
        if self._conversations.items:
            return ()
        words = f"No title has “{self._conversations.words}”." if self._entries else EMPTY
        return [((Ink.TEXT, " "), *row) for row in wrapped(words, width - 2, Ink.MUTED)]

    def _show_count(self) -> None:
        self.query_one(Frame).show_facts(count_words(len(self._entries), len(self._conversations.items)))
        self.query_one(RowsLabel).redraw()

    def on_filtered_list_filtered(self) -> None:
        """Show how many conversations match."""
        self._show_count()

    def on_filtered_list_picked(self, event: FilteredList.Picked[ConversationHit]) -> None:
        """Answer with the conversation that was chosen."""
        self.dismiss(event.item[0].id)
