"""The status line: at the left the model, its reasoning effort where one is set, and its state; at the right badges,
the context's fill, tokens and cost.

On a narrow screen words give way in a fixed order: the gauge's bar, a context that is not nearly full, the rate, badges
but the lasting ones and the words of sums, every context, seconds and units, the badge of the demo, the provider and
the effort, every badge. Model, state, tokens and cost never vanish.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from time import monotonic
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
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
)
from tui_chat.core import figures
from tui_chat.core.errors import ErrorKind
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome, written_length
from tui_chat.core.tree import Node
from tui_chat.core.usage import Spending, tokens_of_length
from tui_chat.ui.rows.rows import cut_at_start
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.context_fill import FULL, NEARLY_FULL, ContextFill
from tui_chat.workspace.followed import Progress
from tui_chat.workspace.open_conversations import work_words

MODEL_MINIMUM: Final = 8
SEPARATOR: Final = "  "
DOT: Final = " · "
APART: Final = 3
"""Blanks that stand at least between left and right, where there is room."""
BAR_CELLS: Final = 5
PRESSING_BADGES: Final = ("temporary", "unsaved")
"""Those that say what becomes of the words."""
QUIET_BADGES: Final = ("archived",)
LASTING_BADGES: Final = ("demo", *PRESSING_BADGES)

_AT_WORK: Final = frozenset(Phase) - {Phase.READY, Phase.RETRYING}
Piece = tuple[str, str]
"""Words and their style."""


@dataclass(frozen=True, slots=True)
class Status:
    """Contents of the line."""

    model: str = ""
    phase: Phase = Phase.READY
    detail: str = ""
    """The tool's name while calling and running."""
    seconds: int | None = None
    """Seconds that this phase has lasted, or will still last while retrying; None hides them."""
    waits_for: str = ""
    """The tool whose call waits for the person."""
    waits_key: str = ""
    """The key that leads there."""
    live_tokens: int | None = None
    """Estimate of what the running answer has brought so far."""
    rate: str = ""
    """Its speed."""
    spending: Spending = field(default_factory=Spending)
    context: ContextFill = field(default_factory=ContextFill)
    badges: tuple[str, ...] = ()
    queued: int = 0
    at_work: int = 0
    """How many answers are on their way out of sight."""
    asking: int = 0
    """How many conversations out of sight wait for the person."""
    is_over_budget: bool = False
    """Nothing is left of a budget."""
    gateway: str = ""
    """The base URL that is asked."""
    is_offline: bool = False
    """The last answer could not be asked for: there was no way to the gateway."""
    effort: str = ""
    """The reasoning effort that is asked for; empty where none is."""


@dataclass(frozen=True, slots=True)
class StatusLayout:
    """Words that fit, in their order."""

    model: str
    state: Piece
    right: tuple[Piece, ...]
    """From left to right, a dot between them."""
    gap: int
    """Blanks between left and right."""
    separator: str = DOT
    """What stands between the words at the right."""


def state_words(status: Status, *, with_time: bool = True, with_rate: bool = True) -> str:
    """`ready`, `waiting 3 s`, `writing 7 s · ~64 tok/s`, `calling get_weather`, `retrying in 4 s`."""
    if status.phase is Phase.RETRYING:
        return f"retrying in {status.seconds or 0} s"
    if status.waits_for:
        return "waits for you" + (f"{DOT}{status.waits_key}" if with_rate and status.waits_key else "")
    if status.phase is Phase.READY and status.is_over_budget:
        return "over budget"
    if status.phase is Phase.READY and status.is_offline:
        return "offline"
    named = status.phase in (Phase.CALLING, Phase.RUNNING)
    words = f"{status.phase.value} {sanitize_line(status.detail, 60)}".rstrip() if named else status.phase.value
    if with_time and status.seconds and status.phase not in (Phase.READY, Phase.CALLING):
        words += f" {status.seconds} s"
    return words + (f"{DOT}{status.rate}" if with_rate and status.rate and status.phase is not Phase.READY else "")


def token_words(status: Status) -> str:
    """Tokens of the conversation: a dash where no answer was counted, at least so many where some were not, an
    estimate while an answer is written."""
    spending = status.spending
    total = spending.prompt_tokens + spending.completion_tokens
    if status.live_tokens is not None:
        return f"~{figures.tokens(total + status.live_tokens)}"
    if status.phase is not Phase.READY and not spending.answers:
        return figures.UNKNOWN  # the first answer is on its way, and nobody has counted it yet
    return figures.total_tokens(total, spending)


def context_words(status: Status, *, with_bar: bool) -> tuple[Piece, ...]:
    """`█░░░░ 31k of 200k`; amber with its mark from 80 %, red from 95 %. Empty where nothing is known."""
    used, window, share = *status.context, status.context.share
    if used is None:
        return ()
    if share is None:
        return ((f"{figures.tokens(used)} in context", "figure"),)
    bar = figures.bar(share, BAR_CELLS) + " " if with_bar else ""
    if share >= NEARLY_FULL:
        mark, style = (Mark.FAILED, "full") if share >= FULL else (Mark.CAUTION, "warning")
        return ((f"{mark.drawn} {bar}{figures.share(share)} of {figures.tokens(window)}", style),)
    return ((f"{bar}{figures.tokens(used)} of {figures.tokens(window)}", "figure"),)


def _forms(status: Status) -> Iterator[tuple[str, Piece, tuple[Piece, ...]]]:
    """The line's words, the widest form first: model, state, right."""
    named = sanitize_line(status.model, 120) or "no model"
    model = f"{named}{DOT}{sanitize_line(status.effort, 20)}" if status.effort else named
    queued = (f"{status.queued} waiting",) if status.queued else ()
    at_work = work_words(status.at_work, status.asking)
    badges: tuple[Piece, ...] = tuple(
        (badge, "figure" if badge in QUIET_BADGES else "badge") for badge in (*at_work, *status.badges, *queued)
    )
    lasting = tuple(badge for badge in badges if badge[0] in LASTING_BADGES)
    pressing = tuple(badge for badge in lasting if badge[0] in PRESSING_BADGES)
    is_waiting = status.phase is not Phase.READY and not status.spending.answers
    cost = figures.UNKNOWN if is_waiting else figures.total_cost(status.spending)
    narrow = figures.UNKNOWN if is_waiting else figures.total_cost(status.spending, is_narrow=True)
    tokens = token_words(status)
    figures_: tuple[Piece, ...] = ((f"{tokens} tok", "figure"), (cost, "figure"))
    narrow_figures: tuple[Piece, ...] = ((f"{tokens} tok", "figure"), (narrow, "figure"))
    bare: tuple[Piece, ...] = ((tokens, "figure"), (narrow, "figure"))
    bar, context = context_words(status, with_bar=True), context_words(status, with_bar=False)
    urgent = context if context and context[0][1] != "figure" else ()
    whole, unrated = _state(status), _state(status, with_rate=False)
    bare_state = _state(status, with_time=False, with_rate=False)
    for state, right in (
        (whole, (*badges, *bar, *figures_)),
        (whole, (*badges, *context, *figures_)),
        (whole, (*badges, *urgent, *figures_)),
        (unrated, (*badges, *urgent, *figures_)),
        (unrated, (*lasting, *urgent, *narrow_figures)),
        (unrated, (*lasting, *narrow_figures)),
        (bare_state, (*lasting, *bare)),
        (bare_state, (*pressing, *bare)),
    ):
        yield model, state, right
    short = named.rpartition("/")[2] or named
    for kept in (badges, pressing, ()):
        yield short, bare_state, (*kept, *bare)


def _state(status: Status, *, with_time: bool = True, with_rate: bool = True) -> Piece:
    words = state_words(status, with_time=with_time, with_rate=with_rate)
    is_stuck = status.phase is Phase.READY and (status.is_over_budget or status.is_offline)
    if status.phase is Phase.RETRYING or status.waits_for or is_stuck:
        return f"{Mark.CAUTION.drawn} {words}", "warning"
    return (f"{Mark.ANSWER.drawn} {words}", "busy") if status.phase in _AT_WORK else (words, "ready")


def _found_no_way(answer: Node) -> bool:
    info = answer.answer
    if info is None or info.failure is None:
        return False
    return info.outcome is Outcome.ERROR and info.failure.kind is ErrorKind.NETWORK


def _width(right: tuple[Piece, ...], separator: str = DOT) -> int:
    return sum(cell_len(words) for words, _ in right) + len(separator) * max(0, len(right) - 1)


def _weighed(status: Status) -> Iterator[Piece]:
    """The badges of which one stays where the model's name can give way to it, the weightiest first."""
    for badge in (*PRESSING_BADGES, *reversed(work_words(status.at_work, status.asking)), *QUIET_BADGES):
        if badge in status.badges or badge not in (*PRESSING_BADGES, *QUIET_BADGES):
            yield badge, "figure" if badge in QUIET_BADGES else "badge"


def lay_out(status: Status, width: int) -> StatusLayout:
    """Choose the words for a width in cells."""
    *whole, badged, unnamed, short = _forms(status)
    tries = ((whole, APART), (whole[-1:], 1), ([badged, unnamed, short], 1))
    kept = next(_weighed(status), None)
    for model, state, right, apart in ((*form, apart) for forms, apart in tries for form in forms):
        if kept is not None and kept not in right:
            continue
        gap = width - cell_len(model) - len(SEPARATOR) - cell_len(state[0]) - _width(right)
        if gap >= apart:
            return StatusLayout(model, state, right, gap)
    model, state, right = short
    separator = DOT
    for badge in _weighed(status):
        least = min(MODEL_MINIMUM, cell_len(model)) + len(SEPARATOR) + cell_len(state[0]) + 1
        if least + _width((badge, *right), " ") <= width:
            right, separator = (badge, *right), " "
            break
    if width - len(SEPARATOR) - _width(right, separator) < MODEL_MINIMUM:
        right = right[-1:]
    room = width - len(SEPARATOR) - _width(right, separator)
    shown = cut_at_start(model, max(min(MODEL_MINIMUM, cell_len(model), room - 2), room - 1 - cell_len(state[0])))
    room -= cell_len(shown)
    words = state[0] if cell_len(state[0]) < room else set_cell_size(state[0], max(0, room - 2)) + "…"
    return StatusLayout(shown, (words, state[1]), right, max(0, room - cell_len(words)), separator)


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

    def on_mount(self) -> None:
        """Create the timer, which only runs while there is something to count."""
        self._timer = self.set_interval(0.25, self._tick, pause=True)

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
        is_over_budget: bool | None = None,
        gateway: str | None = None,
    ) -> None:
        """Change some of the contents; None leaves one as it is."""
        status = self.status
        if gateway is not None and gateway != status.gateway:  # nobody knows whether this one can be reached
            status = replace(status, gateway=gateway, is_offline=False)
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
            is_over_budget=status.is_over_budget if is_over_budget is None else is_over_budget,
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
        self._live_characters = progress.characters
        self._writing_since = None if progress.writing_s is None else now - progress.writing_s
        self._tick()

    def apply(self, event: SessionEvent) -> None:
        """Follow a session."""
        match event:
            case AnswerEnded(answer):
                self._forget_live()
                self.status = replace(self.status, is_offline=_found_no_way(answer))
            case AnswerStarted():
                self._forget_live()
                if self.status.phase is Phase.READY:
                    self.enter(Phase.CONNECTING)
            case PhaseChanged(phase, detail):
                if (phase, detail) == (self.status.phase, self.status.detail) or phase is Phase.RETRYING:
                    return  # `Retrying` brings the seconds with it
                self.enter(phase, detail)
            case Retrying(_, after_s):
                self._until = self._clock() + after_s
                self.status = replace(self.status, phase=Phase.RETRYING, detail="", seconds=ceil(after_s))
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
        self.status = replace(self.status, live_tokens=None, rate="")

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
        self.status = replace(status, seconds=seconds, live_tokens=tokens, rate=rate)

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
