"""The words of the status line: at the left the model, its reasoning effort where one is set, and its state; at the
right badges, the context's fill, tokens and cost.

On a narrow screen words give way in a fixed order: the gauge's bar, a context that is not nearly full, the rate, badges
but the lasting ones and the words of sums, every context, seconds and units, the badge of the demo, the provider and
the effort, which leaves room for units again, every badge. Model, state, tokens and cost never vanish.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from rich.cells import cell_len, set_cell_size

from tui_chat.chat.session_events import Phase
from tui_chat.core import figures
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import Cost, Spending
from tui_chat.ui.rows.rows import cut_at_start
from tui_chat.ui.theming.marks import Mark, gauge
from tui_chat.workspace.context_fill import FULL, NEARLY_FULL, ContextFill
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


class Status(msgspec.Struct, frozen=True):
    """Contents of the line."""

    model: str = ""
    phase: Phase = Phase.READY
    detail: str = ""
    """The tool's name while calling and running."""
    seconds: int | None = None
    """Seconds that this phase has lasted, or will still last while retrying; None hides them."""
    retry: str = ""
    """Which retry it is, of how many, while retrying: `2 of 3`."""
    waits_for: str = ""
    """The tool whose call waits for the person."""
    waits_key: str = ""
    """The key that leads there."""
    live_tokens: int | None = None
    """Estimate of what the running answer has brought so far."""
    live_cost: Cost | None = None
    """Estimate of what that costs; None where the price is unknown."""
    rate: str = ""
    """Its speed."""
    spending: Spending = msgspec.field(default_factory=Spending)
    context: ContextFill = msgspec.field(default_factory=ContextFill)
    badges: tuple[str, ...] = ()
    queued: int = 0
    at_work: int = 0
    """How many answers are on their way out of sight."""
    asking: int = 0
    """How many conversations out of sight wait for the person."""
    is_over_budget: bool = False
    """Nothing is left of a budget."""
    budget_used: str = ""
    """What is used of it: `$5.02 of $5.00 today`."""
    gateway: str = ""
    """The base URL that is asked."""
    is_offline: bool = False
    """The last answer could not be asked for: there was no way to the gateway."""
    effort: str = ""
    """The reasoning effort that is asked for; empty where none is."""


class StatusLayout(msgspec.Struct, frozen=True):
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
    """`ready`, `waiting 3 s`, `writing 7 s · ~64 tok/s`, `calling get_weather`, `retrying in 4 s · 2 of 3`,
    `offline 12 s`, `over budget · $5.02 of $5.00 today`."""
    if status.phase is Phase.RETRYING:
        which = f"{DOT}{status.retry}" if with_rate and status.retry else ""
        return f"retrying in {status.seconds or 0} s{which}"
    if status.waits_for:
        return "waits for you" + (f"{DOT}{status.waits_key}" if with_rate and status.waits_key else "")
    if status.phase is Phase.READY and status.is_over_budget:
        return "over budget" + (f"{DOT}{status.budget_used}" if with_rate and status.budget_used else "")
    if status.phase is Phase.READY and status.is_offline:
        return f"offline {_lasted(status.seconds)}" if with_time and status.seconds else "offline"
    named = status.phase in (Phase.CALLING, Phase.RUNNING)
    words = f"{status.phase.value} {sanitize_line(status.detail, 60)}".rstrip() if named else status.phase.value
    if with_time and status.seconds and status.phase not in (Phase.READY, Phase.CALLING):
        words += f" {status.seconds} s"
    return words + (f"{DOT}{status.rate}" if with_rate and status.rate and status.phase is not Phase.READY else "")


def _lasted(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"


def token_words(status: Status) -> str:
    """Tokens of the conversation: a dash where no answer was counted, at least so many where some were not, an
    estimate while an answer is written."""
    spending = status.spending
    total = spending.prompt_tokens + spending.completion_tokens
    if status.live_tokens is not None:
        return f"~{figures.tokens(total + status.live_tokens)}"
    if status.phase is not Phase.READY and not spending.answers:
        return figures.UNKNOWN  # the first answer is on its way, and nobody has counted it yet
    return figures.total_tokens(spending.known_tokens, spending)


def cost_words(status: Status, *, is_narrow: bool = False) -> str:
    """Cost of the conversation; an estimate while an answer is written, or unknown with it. What is free needs none."""
    spending = status.spending
    is_free = status.live_cost is not None and not status.live_cost.usd
    is_first = status.phase is not Phase.READY and not spending.answers
    if (is_first or status.live_tokens is not None) and not is_free:
        spending = spending.plus(None, status.live_cost)
    return figures.total_cost(spending, is_narrow=is_narrow)


def context_words(status: Status, *, with_bar: bool, is_named: bool = False) -> tuple[Piece, ...]:
    """`context █░░░░ 31k of 200k`; amber with its mark from 80 %, red from 95 %. Empty where nothing is known."""
    used, share, window = status.context.words, status.context.share, figures.tokens(status.context.window)
    if not used:
        return ()
    if share is None:
        return ((f"{used} in context", "figure"),)
    bar = "".join(gauge(share, BAR_CELLS)) + " " if with_bar else ""
    name = "context " if is_named else ""
    if share >= NEARLY_FULL:
        mark, style = (Mark.FAILED, "full") if share >= FULL else (Mark.CAUTION, "warning")
        return ((f"{name}{mark.drawn} {bar}{status.context.share_words} of {window}", style),)
    return ((f"{name}{bar}{used} of {window}", "figure"),)


def _forms(status: Status) -> Iterator[tuple[str, Piece, tuple[Piece, ...]]]:
    """The line's words with the model's whole id, the widest form first: model, state, right."""
    named = sanitize_line(status.model, 120) or "no model"
    model = f"{named}{DOT}{sanitize_line(status.effort, 20)}" if status.effort else named
    badges = _badges(status)
    lasting, pressing = _those_in(badges, LASTING_BADGES), _those_in(badges, PRESSING_BADGES)
    cost, narrow, tokens = cost_words(status), cost_words(status, is_narrow=True), token_words(status)
    figures_: tuple[Piece, ...] = ((f"{tokens} tok", "figure"), (cost, "figure"))
    narrow_figures: tuple[Piece, ...] = ((f"{tokens} tok", "figure"), (narrow, "figure"))
    bare: tuple[Piece, ...] = ((tokens, "figure"), (narrow, "figure"))
    bar, context = context_words(status, with_bar=True), context_words(status, with_bar=False)
    urgent = context if context and context[0][1] != "figure" else ()
    whole, unrated = _state(status), _state(status, with_rate=False)
    bare_state = _state(status, with_time=False, with_rate=False)
    for state, right in (
        (whole, (*badges, *context_words(status, with_bar=True, is_named=True), *figures_)),
        (whole, (*badges, *bar, *figures_)),
        (whole, (*badges, *context, *figures_)),
        (whole, (*badges, *urgent, *figures_)),
        (unrated, (*badges, *urgent, *figures_)),
        (unrated, (*lasting, *urgent, *narrow_figures)),
        (unrated, (*lasting, *narrow_figures)),
        (bare_state, (*lasting, *bare)),
        (bare_state, (*pressing, *narrow_figures)),
        (bare_state, (*pressing, *bare)),
    ):
        yield model, state, right


def _short_forms(status: Status) -> Iterator[tuple[str, Piece, tuple[Piece, ...]]]:
    """The same without provider and effort, for a line that has no room for the model's whole id."""
    named = sanitize_line(status.model, 120) or "no model"
    short, state = named.rpartition("/")[2] or named, _state(status, with_time=False, with_rate=False)
    badges = _badges(status)
    lasting, pressing = _those_in(badges, LASTING_BADGES), _those_in(badges, PRESSING_BADGES)
    tokens, cost = token_words(status), (cost_words(status, is_narrow=True), "figure")
    for kept in (badges, lasting, pressing):
        for counted in (f"{tokens} tok", tokens):
            yield short, state, (*kept, (counted, "figure"), cost)
    yield short, state, ((tokens, "figure"), cost)


def _badges(status: Status) -> tuple[Piece, ...]:
    queued = (f"{status.queued} waiting",) if status.queued else ()
    words = (*work_words(status.at_work, status.asking), *status.badges, *queued)
    return tuple((badge, "figure" if badge in QUIET_BADGES else "badge") for badge in words)


def _those_in(badges: tuple[Piece, ...], kinds: tuple[str, ...]) -> tuple[Piece, ...]:
    return tuple(badge for badge in badges if badge[0] in kinds)


def _state(status: Status, *, with_time: bool = True, with_rate: bool = True) -> Piece:
    words = state_words(status, with_time=with_time, with_rate=with_rate)
    is_stuck = status.phase is Phase.READY and (status.is_over_budget or status.is_offline)
    if status.phase is Phase.RETRYING or status.waits_for:
        return f"{Mark.CAUTION.drawn} {words}", "warning"
    if is_stuck:
        return f"{Mark.FAILED.drawn} {words}", "full"
    return (f"{Mark.ANSWER.drawn} {words}", "busy") if status.phase in _AT_WORK else (words, "ready")


def _width(right: tuple[Piece, ...], separator: str = DOT) -> int:
    return sum(cell_len(words) for words, _ in right) + len(separator) * max(0, len(right) - 1)


def _weighed(status: Status) -> Iterator[Piece]:
    """The badges of which one stays where the model's name can give way to it, the weightiest first."""
    for badge in (*PRESSING_BADGES, *reversed(work_words(status.at_work, status.asking)), *QUIET_BADGES):
        if badge in status.badges or badge not in (*PRESSING_BADGES, *QUIET_BADGES):
            yield badge, "figure" if badge in QUIET_BADGES else "badge"


def lay_out(status: Status, width: int) -> StatusLayout:
    """Choose the words for a width in cells."""
    whole, short = [*_forms(status)], [*_short_forms(status)]
    tries = ((whole, APART), (whole[-1:], 1), (short, 1))
    kept = next(_weighed(status), None)
    for model, state, right, apart in ((*form, apart) for forms, apart in tries for form in forms):
        if kept is not None and kept not in right:
            continue
        gap = width - cell_len(model) - len(SEPARATOR) - cell_len(state[0]) - _width(right)
        if gap >= apart:
            return StatusLayout(model, state, right, gap)
    model, state, right = short[-1]
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
