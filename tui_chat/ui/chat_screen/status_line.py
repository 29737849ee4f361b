"""The status line: the model, its state, and the conversation's cost.

On a narrow screen words give way in a fixed order: badges, units, tokens, cost; the model's id is shortened but it and
the state never vanish.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from tui_chat.chat.session_events import AnswerStarted, Phase, PhaseChanged, Retrying, SessionEvent
from tui_chat.core import figures
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import Spending

MODEL_MINIMUM = 8
SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Status:
    """Contents of the line."""

    model: str = ""
    phase: Phase = Phase.READY
    detail: str = ""
    """The tool's name while calling."""
    seconds: int | None = None
    """Seconds that this phase has lasted, or will still last while retrying; None hides them."""
    spending: Spending = field(default_factory=Spending)
    badges: tuple[str, ...] = ()
    queued: int = 0


@dataclass(frozen=True, slots=True)
class StatusLayout:
    """Words that fit, in their order; empty where there was no room."""

    model: str
    state: str
    right: tuple[tuple[str, str], ...]
    """(words, style) from left to right."""
    gap: int


def state_words(status: Status, *, with_time: bool = True) -> str:
    """`ready`, `waiting 3 s`, `calling get_weather`, `retrying in 4 s`."""
    if status.phase is Phase.RETRYING:
        return f"retrying in {status.seconds or 0} s"
    if status.phase is Phase.CALLING:
        return f"calling {sanitize_line(status.detail, 60)}".rstrip()
    if with_time and status.seconds and status.phase is not Phase.READY:
        return f"{status.phase.value} {status.seconds} s"
    return status.phase.value


def token_words(spending: Spending) -> str:
    """Tokens of the conversation; a dash where no answer was counted, a mark where some were not."""
    total = spending.prompt_tokens + spending.completion_tokens
    if spending.answers and spending.uncounted == spending.answers:
        return figures.UNKNOWN
    return figures.tokens(total) + ("+?" if spending.uncounted else "")


def _shortened(text: str, width: int) -> str:
    """Text in at most `width` cells, its end kept: ids differ at their ends."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    kept = text
    while kept and cell_len(kept) > width - 1:
        kept = kept[1:]
    return "…" + kept


def lay_out(status: Status, width: int) -> StatusLayout:
    """Choose the words for a width in cells."""
    model = sanitize_line(status.model, 120) or "no model"
    tokens, cost = token_words(status.spending), figures.total_cost(status.spending)
    if status.phase is not Phase.READY and not status.spending.answers:
        tokens = cost = figures.UNKNOWN  # the first answer is on its way, and nobody has counted it yet
    queued = (f"{status.queued} queued",) if status.queued else ()
    badges = tuple((badge, "badge") for badge in (*queued, *status.badges))
    for with_time, right in (
        (True, (*badges, (f"{tokens} tokens", "figure"), (cost, "figure"))),
        (True, (*badges, (tokens, "figure"), (cost, "figure"))),
        (False, (*badges, (tokens, "figure"), (cost, "figure"))),
        (False, ((tokens, "figure"), (cost, "figure"))),
    ):
        state = state_words(status, with_time=with_time)
        right_width = sum(cell_len(words) + 1 for words, _ in right)
        room = width - cell_len(state) - cell_len(SEPARATOR) - right_width
        if room >= cell_len(model):
            return StatusLayout(model, state, right, room - cell_len(model) + 1)
    state = state_words(status, with_time=False)
    for right in (((tokens, "figure"), (cost, "figure")), ((cost, "figure"),), ()):
        room = width - cell_len(state) - cell_len(SEPARATOR) - sum(cell_len(words) + 1 for words, _ in right)
        if room >= min(MODEL_MINIMUM, cell_len(model)):
            shown = _shortened(model, room)
            return StatusLayout(shown, state, right, room - cell_len(shown) + 1)
    shown = _shortened(model, min(MODEL_MINIMUM, width // 2))
    state = set_cell_size(state, max(0, min(cell_len(state), width - cell_len(shown) - cell_len(SEPARATOR))))
    return StatusLayout(shown, state, (), 0)


class StatusLine(Widget):
    """Model, state, tokens and cost."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        padding: 0 1;
        color: $foreground;
        background: $surface;
    }
    """

    STYLES: ClassVar[dict[str, str]] = {"badge": "$warning", "figure": "$text-muted"}

    status: reactive[Status] = reactive(Status())

    def __init__(self, *, clock: Callable[[], float] = monotonic, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._since = 0.0
        self._until = 0.0
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Create the timer, which only runs while there is something to count."""
        self._timer = self.set_interval(0.25, self._tick, pause=True)

    def show(
        self,
        *,
        model: str | None = None,
        spending: Spending | None = None,
        badges: tuple[str, ...] | None = None,
        queued: int | None = None,
    ) -> None:
        """Change some of the contents; None leaves one as it is."""
        status = self.status
        self.status = replace(
            status,
            model=status.model if model is None else model,
            spending=status.spending if spending is None else spending,
            badges=status.badges if badges is None else badges,
            queued=status.queued if queued is None else queued,
        )

    def enter(self, phase: Phase, detail: str = "") -> None:
        """Show another phase from now on."""
        self._since = self._clock()
        self.status = replace(self.status, phase=phase, detail=detail, seconds=None)
        self._run_timer(phase is not Phase.READY)

    def apply(self, event: SessionEvent) -> None:
        """Follow a session."""
        match event:
            case AnswerStarted():
                if self.status.phase is Phase.READY:
                    self.enter(Phase.CONNECTING)
            case PhaseChanged(phase, detail):
                if (phase, detail) == (self.status.phase, self.status.detail) or phase is Phase.RETRYING:
                    return  # `Retrying` brings the seconds with it
                self.enter(phase, detail)
            case Retrying(_, after_s):
                self._until = self._clock() + after_s
                self.status = replace(self.status, phase=Phase.RETRYING, detail="", seconds=_ceil(after_s))
                self._run_timer(True)
            case _:
                pass

    def _run_timer(self, run: bool) -> None:
        if self._timer is not None:
            if run:
                self._timer.resume()
            else:
                self._timer.pause()

    def _tick(self) -> None:
        now = self._clock()
        left = _ceil(self._until - now) if self.status.phase is Phase.RETRYING else int(now - self._since)
        self.status = replace(self.status, seconds=max(0, left))

    def render(self) -> Content:
        """Render the line; nothing in it is parsed as markup."""
        layout = lay_out(self.status, self.size.width)
        busy = self.status.phase is not Phase.READY
        trouble = self.status.phase is Phase.RETRYING
        parts = [
            Content.styled(layout.model, "bold"),
            Content(SEPARATOR),
            Content.styled(layout.state, "$warning" if trouble else "$accent" if busy else "$success"),
            Content(" " * max(0, layout.gap - 1)),
        ]
        for words, style in layout.right:
            parts += [Content(" "), Content.styled(words, self.STYLES[style])]
        return Content("").join(parts)


def _ceil(seconds: float) -> int:
    return -int(-seconds // 1)
