"""The status line: shows the words of `status_words`, and counts seconds, tokens and cost while an answer is
written."""

from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import ClassVar

from msgspec.structs import replace
from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Phase,
    PhaseChanged,
    ReplyGrew,
    Retrying,
    SessionEvent,
    retry_words,
)
from tui_chat.core import figures
from tui_chat.core.errors import ErrorKind
from tui_chat.core.stream_events import Outcome, written_length
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, Spending, tokens_of_length
from tui_chat.ui.chat_screen.status_words import SEPARATOR, Status, lay_out
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.followed import Progress


class StatusLine(Widget):
    """Model, state, tokens and cost."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        padding: 0 1;
        color: $foreground;
        background: $background;
    }
    """

    STYLES: ClassVar[dict[str, str]] = {
        "badge": "$warning",
        "figure": "$text-muted",
        "warning": "$warning",
        "full": "$error",
        "busy": "$foreground",
        "ready": "$text-muted",
    }

    status: reactive[Status] = reactive(Status())

    def __init__(self, *, clock: Callable[[], float] = monotonic, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._since = 0.0
        self._until = 0.0
        self._live_characters = 0
        self._writing_since: float | None = None
        self._timer: Timer | None = None
        self.estimate: Callable[[int], Cost | None] = lambda _: None
        """What the answer that is being written costs once it has so many tokens."""

    def on_mount(self) -> None:
        """Create the timer, which only runs while there is something to count."""
        self._timer = self.set_interval(0.5, self._tick, pause=True)

    def show(
        self,
        *,
        model: str | None = None,
        effort: str | None = None,
        spending: Spending | None = None,
        badges: tuple[str, ...] | None = None,
        context: ContextFill | None = None,
        queued: int | None = None,
        at_work: int | None = None,
        asking: int | None = None,
        budget_used: str | None = None,
        gateway: str | None = None,
    ) -> None:
        """Change some of the contents; None leaves one as it is. `budget_used` is empty where something is left."""
        status = self.status
        if gateway is not None and gateway != status.gateway:  # nobody knows whether this one can be reached
            status = replace(status, gateway=gateway, is_offline=False)
            self._run_timer(status.phase is not Phase.READY and not status.waits_for)
        self.status = replace(
            status,
            model=status.model if model is None else model,
            effort=status.effort if effort is None else effort,
            spending=status.spending if spending is None else spending,
            badges=status.badges if badges is None else badges,
            context=status.context if context is None else context,
            queued=status.queued if queued is None else queued,
            at_work=status.at_work if at_work is None else at_work,
            asking=status.asking if asking is None else asking,
            is_over_budget=status.is_over_budget if budget_used is None else bool(budget_used),
            budget_used=status.budget_used if budget_used is None else budget_used,
        )

    def enter(self, phase: Phase, detail: str = "", *, waits_for: str = "", waits_key: str = "") -> None:
        """Show another phase from now on. `waits_for` is the tool whose call waits for the person."""
        self._since = self._clock()
        is_over = phase is Phase.READY or bool(waits_for)
        if is_over:
            self._forget_live()
        self.status = replace(
            self.status,
            phase=phase,
            detail=detail,
            seconds=None,
            waits_for=waits_for,
            waits_key=waits_key,
        )
        self._run_timer(not is_over)

    def catch_up(self, progress: Progress) -> None:
        """Show a turn that has run for a while."""
        self.enter(progress.phase.phase, progress.phase.detail)
        now = self._clock()
        self._since, self._until = now - progress.phase_s, now + progress.retry_in_s
        self.status = replace(self.status, retry=progress.retry_words)
        self._live_characters = progress.characters
        self._writing_since = None if progress.writing_s is None else now - progress.writing_s
        self._tick()

    def apply(self, event: SessionEvent) -> None:
        """Follow a session."""
        match event:
            case AnswerEnded(answer):
                self._forget_live()
                self.status = replace(self.status, is_offline=_found_no_way(answer))
                if self.status.is_offline:
                    self._since = self._clock()
                    self._run_timer(True)
            case AnswerStarted():
                self._forget_live()
                if self.status.phase is Phase.READY:
                    self.enter(Phase.CONNECTING)
            case PhaseChanged(phase, detail):
                if (phase, detail) == (self.status.phase, self.status.detail) or phase is Phase.RETRYING:
                    return  # `Retrying` brings the seconds with it
                self.enter(phase, detail)
            case Retrying(attempt, after_s, _, most):
                self._until = self._clock() + after_s
                retry = retry_words(attempt, most)
                self.status = replace(self.status, phase=Phase.RETRYING, detail="", seconds=ceil(after_s), retry=retry)
                self._run_timer(True)
            case ReplyGrew(event=growth) if written := written_length(growth):
                self._live_characters += written
                if self._writing_since is None:
                    self._writing_since = self._clock()
            case _:
                pass

    def _forget_live(self) -> None:
        """Begin to count anew: the conversation's sum has what was counted, or nothing was."""
        self._live_characters, self._writing_since = 0, None
        self.status = replace(self.status, live_tokens=None, live_cost=None, rate="")

    def _run_timer(self, run: bool) -> None:
        if self._timer is not None:
            if run:
                self._timer.resume()
            else:
                self._timer.pause()

    def _tick(self) -> None:
        now, status = self._clock(), self.status
        if status.phase is Phase.RETRYING:
            self.status = replace(status, seconds=max(0, ceil(self._until - now)))
            return
        seconds = max(0, int(now - self._since))
        if seconds == status.seconds:
            return  # everything that is counted is shown once a second
        tokens = tokens_of_length(self._live_characters) if self._live_characters else None
        writing_s = now - self._writing_since if self._writing_since is not None else 0.0
        rate = figures.live_rate(tokens or 0, writing_s)
        cost = self.estimate(tokens) if tokens else None
        self.status = replace(status, seconds=seconds, live_tokens=tokens, live_cost=cost, rate=rate)

    def render(self) -> Content:
        """Render the line; nothing in it is parsed as markup."""
        layout = lay_out(self.status, self.size.width)
        words, style = layout.state
        parts = [
            Content(layout.model),
            Content(SEPARATOR),
            Content.styled(words, self.STYLES[style]),
            Content(" " * layout.gap),
        ]
        for number, (words, style) in enumerate(layout.right):
            if number:
                parts.append(Content.styled(layout.separator, self.STYLES["figure"]))
            parts.append(Content.styled(words, self.STYLES[style]))
        return Content("").join(parts)


def _found_no_way(answer: Node) -> bool:
    info = answer.answer
    if info is None or info.failure is None:
        return False
    return info.outcome is Outcome.ERROR and info.failure.kind is ErrorKind.NETWORK
