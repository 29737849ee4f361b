"""The pane with the usage of answers: tokens, money, time; of each, of all, and of the running one."""

import time
from collections.abc import Callable, Sequence

import msgspec
from textual.app import ComposeResult

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew, Retrying, SessionEvent
from tui_chat.core import figures
from tui_chat.core.limits import LimitLeft
from tui_chat.core.stream_events import (
    Connected,
    ReasoningDelta,
    RefusalDelta,
    Started,
    TextDelta,
    ToolCallDelta,
    UsageReported,
    written_length,
)
from tui_chat.core.tree import Node
from tui_chat.core.usage import Spending, tokens_of_length
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import READING_HINTS
from tui_chat.ui.panes.pane import Pane
from tui_chat.ui.panes.usage_rows import Live, answer_rows, context_rows, limit_rows, live_rows, total_rows
from tui_chat.ui.rows.drawn_rows import DrawnRows
from tui_chat.ui.rows.rows import Ink, Row, wrapped
from tui_chat.workspace.context_fill import ContextFill

TICK_S = 0.25
"""Seconds between two paintings of a running answer's figures."""


class UsagePane(Pane):
    """Usage and cost, the newest answer on top."""

    DEFAULT_CSS = """
    UsagePane > DrawnRows { padding: 0 1; }
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`monotonic` gives seconds that never jump."""
        super().__init__("Usage", hints=[*READING_HINTS, Hint("help", "help")], id=id, classes=classes)
        self._monotonic = monotonic
        self._path: tuple[Node, ...] = ()
        self._spending = Spending()
        self._fill = ContextFill()
        self._limits: tuple[LimitLeft, ...] = ()
        self._live: Live | None = None
        self._live_characters = 0
        self._started_s = 0.0
        self._drawn: dict[str, tuple[Node, int, list[Row]]] = {}
        self._is_dirty = False

    def page(self) -> ComposeResult:
        """One view."""
        yield DrawnRows(self._rows, id="usage-rows")

    def on_mount(self) -> None:
        """Keep the figures of a running answer up to date."""
        self.set_interval(TICK_S, self._tick)

    def focus(self, scroll_visible: bool = True) -> "UsagePane":
        """Let the keys scroll."""
        self.query_one(DrawnRows).focus(scroll_visible)
        return self

    def show(
        self,
        path: Sequence[Node],
        spending: Spending,
        fill: ContextFill | None = None,
        limits: Sequence[LimitLeft] = (),
    ) -> None:
        """Show a conversation: the answers of its path, what all of it cost, how full its context is, and what is left
        of the limits."""
        self._path, self._spending, self._fill = tuple(path), spending, fill or ContextFill()
        self._limits = tuple(limits)
        if self._live is not None and all(node.id != self._live.node_id for node in self._path):
            self._live = None
        for node in self._path:
            if self._live is not None and node.id == self._live.node_id and node.answer and node.answer.outcome:
                self._live = None
        self._redraw()

    def apply(self, event: SessionEvent) -> None:
        """Update by an event. The final cost comes with the next `show`."""
        match event:
            case AnswerStarted(question, answer):
                new = [node for node in (question, answer) if node is not None]
                self._path = (*(node for node in self._path if node.id not in {one.id for one in new}), *new)
                model = answer.answer.requested_model if answer.answer else ""
                self._live = Live(answer.id, model, 0.0)
                self._live_characters = 0
                self._started_s = self._monotonic()
                self._redraw()
            case ReplyGrew():
                self._grow(event)
            case Retrying(attempt, after_s):
                if self._live is not None:
                    self._live = msgspec.structs.replace(self._live, retries=attempt, waiting_s=after_s)
                    self._is_dirty = True
            case AnswerEnded(answer):
                self._live = None
                self._path = tuple(answer if node.id == answer.id else node for node in self._path)
                self._redraw()
            case _:
                pass

    def _grow(self, event: ReplyGrew) -> None:
        live = self._live or self._joined(event)
        if live is None or live.node_id != event.node_id:
            return
        self._started_s = min(self._started_s, self._monotonic() - event.at_s)
        match event.event:
            case TextDelta() | ReasoningDelta() | RefusalDelta() | ToolCallDelta() as growth:
                self._count(live, written_length(growth), event.at_s)
            case Started(_, model):
                self._live = msgspec.structs.replace(live, model=model or live.model, waiting_s=None)
            case Connected(limits):
                self._live = msgspec.structs.replace(live, waiting_s=None)
                self._limits = limits
            case UsageReported(counts, cost):
                self._live = msgspec.structs.replace(live, counts=counts, cost=figures.cost(cost))
            case _:
                return
        self._is_dirty = True

    def _joined(self, event: ReplyGrew) -> Live | None:
        """Figures of an answer that was running when the pane was opened: its earlier part is on the path, or
        unknown."""
        answer = next((node for node in self._path if node.id == event.node_id), None)
        if answer is None or answer.answer is None or answer.answer.outcome is not None:
            return None
        self._live_characters = sum(len(text) for text in (answer.message.text, answer.message.reasoning))
        self._started_s = self._monotonic() - event.at_s
        return Live(answer.id, answer.answer.answering_model, event.at_s, answer.answer.timing.first_token_s)

    def _count(self, live: Live, characters: int, at_s: float) -> None:
        self._live_characters += characters
        self._live = msgspec.structs.replace(
            live,
            first_token_s=at_s if live.first_token_s is None else live.first_token_s,
            estimated_tokens=tokens_of_length(self._live_characters),
            waiting_s=None,
        )

    def _tick(self) -> None:
        if self._is_dirty or (self._live is not None and self.display):
            self._redraw()

    def _redraw(self) -> None:
        self._is_dirty = False
        if self.is_attached and self.children:
            self.query_one(DrawnRows).redraw()

    def _rows(self, width: int) -> Sequence[Row]:
        width -= 1
        rows = total_rows(self._spending, width)
        rows += context_rows(self._fill, width)
        rows += limit_rows(self._limits, width)
        if self._live is not None:
            live = msgspec.structs.replace(self._live, elapsed_s=max(0.0, self._monotonic() - self._started_s))
            rows += [(), *live_rows(live, width)]
        for node in reversed(self._path):
            if node.answer is not None and (self._live is None or node.id != self._live.node_id):
                rows += [(), *self._answer(node, width)]
        if not any(node.answer for node in self._path):
            rows += [(), *wrapped("No answer yet: what each one takes and costs is shown here.", width, Ink.MUTED)]
        return rows

    def _answer(self, node: Node, width: int) -> list[Row]:
        known = self._drawn.get(node.id)
        if known is not None and known[0] is node and known[1] == width:
            return known[2]
        rows = answer_rows(node.answer, width) if node.answer else []
        self._drawn[node.id] = (node, width, rows)
        return rows
