"""Which phase a turn is in, read off its events."""

from collections.abc import Sequence

from tui_chat.chat.session_events import Phase, PhaseChanged
from tui_chat.core.parts import ToolCall
from tui_chat.core.stream_events import (
    AudioDelta,
    Connected,
    PartReceived,
    ReasoningDelta,
    RefusalDelta,
    RetryScheduled,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)


class PhaseFollower:
    """Says each change once."""

    def __init__(self) -> None:
        self._now = PhaseChanged(Phase.READY)

    @property
    def now(self) -> PhaseChanged:
        """The phase now."""
        return self._now

    def started(self, *, prepares: bool = False) -> PhaseChanged:
        """A request goes out; `prepares`: once the tools that it names are known."""
        self._now = PhaseChanged(Phase.PREPARING if prepares else Phase.CONNECTING)
        return self._now

    def running(self, calls: Sequence[ToolCall]) -> PhaseChanged:
        """These calls are being run, one at least."""
        others = f" and {len(calls) - 1} more" if len(calls) > 1 else ""
        self._now = PhaseChanged(Phase.RUNNING, f"{calls[0].name}{others}")
        return self._now

    def ended(self, pending: Sequence[ToolCall]) -> PhaseChanged:
        """The turn is over: ready, or a call waits for its result."""
        self._now = PhaseChanged(Phase.CALLING, pending[0].name) if pending else PhaseChanged(Phase.READY)
        return self._now

    def after(self, event: StreamEvent) -> PhaseChanged | None:
        """The new phase, or None where the event does not change it."""
        match event:
            case TextDelta() | RefusalDelta() | PartReceived() | AudioDelta():
                changed = PhaseChanged(Phase.WRITING)
            case ReasoningDelta():
                changed = PhaseChanged(Phase.THINKING)
            case ToolCallDelta(name=name):
                still = self._now.phase is Phase.CALLING and not name
                changed = self._now if still else PhaseChanged(Phase.CALLING, name)
            case Connected():
                changed = PhaseChanged(Phase.WAITING)
            case RetryScheduled():
                changed = PhaseChanged(Phase.RETRYING)
            case _:
                return None
        if changed == self._now:
            return None
        self._now = changed
        return changed
