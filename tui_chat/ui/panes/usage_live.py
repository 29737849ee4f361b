"""Figures of the answer that is being written, followed event by event."""

from collections.abc import Callable, Sequence

import msgspec

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
from tui_chat.core.usage import Cost, tokens_of_length
from tui_chat.ui.panes.usage_rows import Live
from tui_chat.workspace.usage_report import Asked


class LiveAnswer:
    """What is known so far of one answer at a time."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` gives seconds that never jump."""
        self._monotonic = monotonic
        self._live: Live | None = None
        self._characters = 0
        self._started_s = 0.0
        self.limits: tuple[LimitLeft, ...] | None = None
        """What is left of the gateway's limits, as this answer began; None before that."""

    @property
    def node_id(self) -> str:
        """Id of the answer; empty while none is being written."""
        return self._live.node_id if self._live else ""

    @property
    def now(self) -> Live | None:
        """The figures as of this moment; None while nothing is being written."""
        if self._live is None:
            return None
        return msgspec.structs.replace(self._live, elapsed_s=max(0.0, self._monotonic() - self._started_s))

    def show(self, asked: Sequence[Asked]) -> None:
        """End with the answer, where it has ended or is of another conversation."""
        self.limits = None
        if self._live is not None:
            mine = next((each for each in asked if each.id == self.node_id), None)
            if mine is None or mine.answer.outcome is not None:
                self._live = None

    def apply(self, event: SessionEvent, asked: Sequence[Asked]) -> bool:
        """Follow an event; whether it changed anything."""
        match event:
            case AnswerStarted(_, answer):
                self._live = Live(answer.id, answer.answer.requested_model if answer.answer else "", 0.0)
                self._characters, self._started_s = 0, self._monotonic()
            case ReplyGrew():
                return self._grow(event, asked)
            case Retrying(attempt, after_s) if self._live is not None:
                self._live = msgspec.structs.replace(self._live, retries=attempt, waiting_s=after_s)
            case AnswerEnded():
                self._live = None
            case _:
                return False
        return True

    def _grow(self, event: ReplyGrew, asked: Sequence[Asked]) -> bool:
        live = self._live or self._joined(event, asked)
        if live is None or live.node_id != event.node_id:
            return False
        self._started_s = min(self._started_s, self._monotonic() - event.at_s)
        match event.event:
            case TextDelta() | ReasoningDelta() | RefusalDelta() | ToolCallDelta() as growth:
                self._characters += written_length(growth)
                self._live = msgspec.structs.replace(
                    live,
                    first_token_s=event.at_s if live.first_token_s is None else live.first_token_s,
                    estimated_tokens=tokens_of_length(self._characters),
                    waiting_s=None,
                )
            case Started(_, model):
                self._live = msgspec.structs.replace(live, model=model or live.model, waiting_s=None)
            case Connected(limits):
                self._live, self.limits = msgspec.structs.replace(live, waiting_s=None), limits
            case UsageReported(counts, cost):
                self._live = msgspec.structs.replace(live, counts=counts, cost=_so_far(cost))
            case _:
                return False
        return True

    def _joined(self, event: ReplyGrew, asked: Sequence[Asked]) -> Live | None:
        """Figures of an answer that was running when the board was opened: how much came before is not known."""
        mine = next((each for each in asked if each.id == event.node_id), None)
        if mine is None or mine.answer.outcome is not None:
            return None
        self._characters, self._started_s = 0, self._monotonic() - event.at_s
        return Live(mine.id, mine.answer.answering_model, event.at_s, mine.answer.timing.first_token_s)


def _so_far(cost: Cost | None) -> str:
    """What an answer that is being written has cost at least; a dash where nothing of it was told."""
    return f"≥{figures.dollars(cost.usd)}" if cost is not None and cost.usd else figures.UNKNOWN
