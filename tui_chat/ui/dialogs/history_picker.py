"""The dialog that goes to another conversation, open or saved: typing filters the titles, Enter opens, Esc closes.

Its result is the id of the conversation, or None. It is given the rows and reads no store. Those at work come first.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

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
from tui_chat.ui.rows.rows import Ink, Row, cut, highlighted, spread, width_of, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.followed import Standing
from tui_chat.workspace.open_conversations import AtWork

WIDE = 64
"""From this many cells on, a conversation takes one line; below, two."""
UNTITLED = "(no title)"
EMPTY = "No conversation yet: what you send is kept here."

AT_WORK = "At work"
SAVED = "Saved"
TICK_S = 1.0
STATE_WIDTH = 18
"""Cells for how a conversation at work stands."""
MARKS: Final[Mapping[Standing, tuple[Mark | None, Ink]]] = {
    Standing.BUSY: (Mark.ANSWER, Ink.TEXT),
    Standing.ASKS: (Mark.CAUTION, Ink.WARNING),
    Standing.UNREAD: (Mark.DONE, Ink.SUCCESS),
    Standing.FAILED: (Mark.FAILED, Ink.ERROR),
    Standing.IDLE: (None, Ink.MUTED),
}

Listed = ConversationSummary | AtWork
ConversationHit = tuple[Listed, str, tuple[int, ...]]
"""A conversation that fits the query, its title made harmless, and which characters of that were matched."""


def at_work_lines(row: AtWork, title: str, positions: Sequence[int], width: int) -> tuple[Row, ...]:
    """Lines of a conversation at work: how it stands, title, model, and number of messages."""
    mark, ink = MARKS[row.standing]
    state = cut(((ink, f"{mark.drawn if mark else ' '} {row.words}"),), STATE_WIDTH - 2)
    name = highlighted(title, positions)
    model = sanitize_line(row.model, 80)
    if width >= WIDE:
        model_row = cut(((Ink.MUTED, model),), min(28, width // 5))
        used: Row = ((Ink.TEXT, "  "), *model_row, (Ink.MUTED, f"{row.messages:>20}"))
        gap = " " * (STATE_WIDTH - width_of(state))
        return (spread((*state, (Ink.TEXT, gap), *name), used, width),)
    return cut(name, width), spread(((Ink.TEXT, "  "), *state), ((Ink.MUTED, model),), width)


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
        at_work: Callable[[], Sequence[AtWork]] = tuple,
        id: str | None = None,
    ) -> None:
        """`now` gives seconds since the epoch, `at_work` the open conversations as they stand."""
        super().__init__(id=id, classes="-page")
        self._now = now
        self._at_work = at_work
        self._working = tuple(at_work())
        self._summaries = [(summary, sanitize_line(summary.title)) for summary in summaries]
        self._conversations: FilteredList[ConversationHit] = FilteredList(
            self._find, self._draw, id="history", headings=self._heading
        )

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
        if self._working:
            self.set_interval(TICK_S, self._follow)

    @property
    def _entries(self) -> list[tuple[Listed, str]]:
        """Those at work, then the others."""
        ids = {row.id for row in self._working}
        others = [entry for entry in self._summaries if entry[0].id not in ids]
        return [*((row, row.title) for row in self._working), *others]

    def _follow(self) -> None:
        """Show how those at work stand now; the cursor stays on its conversation."""
        before, self._working = self._working, tuple(self._at_work())
        if self._working != before:
            current = self._conversations.current
            self._conversations.find_again(lambda hit: current is not None and hit[0].id == current[0].id)
            self._show_count()

    def _find(self, query: str) -> Sequence[ConversationHit]:
        found = fuzzy.rank(query, self._entries, lambda entry: entry[1])
        hits = [(listed, title, positions) for _, (listed, title), positions in found]
        return sorted(hits, key=lambda hit: not isinstance(hit[0], AtWork))

    def _heading(self, hit: ConversationHit) -> str:
        if not self._working:
            return ""
        return AT_WORK if isinstance(hit[0], AtWork) else SAVED

    def _draw(self, hit: ConversationHit, width: int) -> tuple[Row, ...]:
        listed, title, positions = hit
        if isinstance(listed, AtWork):
            return at_work_lines(listed, title, positions, width)
        return summary_lines(listed, title, positions, self._now(), width)

    def _empty(self, width: int) -> Sequence[Row]:
        if self._conversations.items:
            return ()
        words = f"No title has “{self._conversations.words}”." if self._entries else EMPTY
        return [((Ink.TEXT, " "), *row) for row in wrapped(words, width - 2, Ink.MUTED)]

    def _show_count(self) -> None:
        count = count_words(len(self._entries), len(self._conversations.items))
        at_work = sum(row.standing is not Standing.IDLE for row in self._working)
        self.query_one(Frame).show_facts(f"{count} · {at_work} at work" if at_work else count)
        self.query_one(RowsLabel).redraw()

    def on_filtered_list_filtered(self) -> None:
        """Show how many conversations match."""
        self._show_count()

    def on_filtered_list_picked(self, event: FilteredList.Picked[ConversationHit]) -> None:
        """Answer with the conversation that was chosen."""
        self.dismiss(event.item[0].id)
