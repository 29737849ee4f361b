"""Rows of the usage board about one answer, and about what is left of the gateway's limits.

Unknown is a dash, an estimate carries a tilde, and nothing is ever shown as zero because it is not known.
"""

from collections.abc import Sequence

import msgspec

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.ending import OUTCOME_TITLES, ending_of
from tui_chat.core.limits import LimitLeft, limit_words
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import TokenCounts
from tui_chat.ui.rows.rows import Ink, Row, flowed, spread, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.parameters import asked_with_words
from tui_chat.workspace.usage_report import served_words


class Live(msgspec.Struct, frozen=True):
    """Figures of the running answer, as far as they are known."""

    node_id: str
    model: str
    elapsed_s: float
    first_token_s: float | None = None
    estimated_tokens: int | None = None
    """Estimate by the characters that came; None before the first."""
    counts: TokenCounts | None = None
    """As the gateway reported them so far."""
    cost: str = figures.UNKNOWN
    retries: int = 0
    waiting_s: float | None = None
    """Seconds until the next attempt; None where none is due."""


def labelled(label: str, value: str, ink: Ink = Ink.TEXT) -> Row:
    """A small label and its value."""
    return (Ink.MUTED, label + " "), (ink, value)


def limit_rows(limits: Sequence[LimitLeft], width: int) -> list[Row]:
    """What is left of the gateway's limits; nothing where it does not say."""
    if not limits:
        return []
    rows: list[Row] = [spread(((Ink.TITLE, "Limits"),), ((Ink.MUTED, "as the last answer began"),), width)]
    for limit in limits:
        rows += indented(wrapped(limit_words(limit), width - 2, Ink.WARNING if limit.is_low else Ink.TEXT))
    return rows


def answer_rows(answer: AnswerInfo, width: int) -> list[Row]:
    """An answer that has ended."""
    counts = answer.counts or TokenCounts()
    timing = answer.timing
    cost_ink = Ink.WARNING if figures.cost(answer.cost).startswith("~") else Ink.TEXT
    head = spread(
        ((Ink.ACCENT, sanitize_line(answer.answering_model) or figures.UNKNOWN),),
        ((cost_ink, figures.bill(answer.cost) if answer.cost else figures.UNKNOWN),),
        width,
    )
    rows = [head, *flowed(count_pieces(counts), width, indent=2)]
    rows += flowed(
        [
            labelled("first", figures.seconds(timing.first_token_s)),
            labelled("total", figures.seconds(timing.total_s)),
            ((Ink.TEXT, speed(counts.output_tokens, timing.writing_s)),),
        ],
        width,
        indent=2,
    )
    if answer.model and answer.model != answer.requested_model:
        rows += indented(wrapped(f"asked {sanitize_line(answer.requested_model)}", width - 2, Ink.MUTED))
    if served := served_words(answer):
        rows += indented(wrapped(served, width - 2, Ink.MUTED))
    if asked := asked_with_words(answer):
        rows += indented(wrapped(f"with {asked}", width - 2, Ink.MUTED))
    rows += outcome_rows(answer, width)
    return rows


def count_pieces(counts: TokenCounts, written: str = "") -> list[Row]:
    """Tokens in and out, with those of their parts that are known and not zero. `written` stands for an unknown
    output."""
    pieces = [labelled("in", figures.tokens(counts.prompt_tokens))]
    if counts.cached_tokens:
        pieces.append(labelled("cached", figures.tokens(counts.cached_tokens)))
    if counts.cache_write_tokens:
        pieces.append(labelled("to cache", figures.tokens(counts.cache_write_tokens)))
    if counts.completion_tokens is None and written:
        pieces.append(labelled("out", written, Ink.WARNING))
    else:
        pieces.append(labelled("out", figures.tokens(counts.completion_tokens)))
    if counts.reasoning_tokens:
        pieces.append(labelled("reasoning", figures.tokens(counts.reasoning_tokens)))
    return pieces


def outcome_rows(answer: AnswerInfo, width: int) -> list[Row]:
    """An ending that is not a plain one, and the time taken."""
    rows: list[Row] = []
    if words := ending_words(answer):
        ink = Ink.ERROR if answer.outcome is Outcome.ERROR else Ink.WARNING
        rows += indented(wrapped(words, width - 2, ink))
    if answer.retries:
        rows += indented(wrapped(f"after {figures.retries(answer.retries)}", width - 2, Ink.MUTED))
    return rows


def ending_words(answer: AnswerInfo) -> str:
    """The ending where it is not a plain one, a failure by its title alone; empty where it is plain."""
    if answer.outcome is None:
        return "Was not finished"
    if answer.failure is not None:
        return f"{OUTCOME_TITLES[answer.outcome]}: {answer.failure.title.lower()}"
    ending = ending_of(answer, has_text=True, has_reasoning=False)
    return ending.words if ending else ""


def speed(tokens: int | None, duration_s: float | None) -> str:
    """Tokens per second, with the unit where the number is unknown."""
    rate = figures.rate(tokens, duration_s)
    return f"{rate} tok/s" if rate == figures.UNKNOWN else rate


def indented(rows: list[Row]) -> list[Row]:
    """The rows two cells to the right."""
    return [((Ink.TEXT, "  "), *row) for row in rows]


def live_rows(live: Live, width: int) -> list[Row]:
    """The running answer."""
    head = spread(
        ((Ink.SUCCESS, f"{Mark.FOLDED.drawn} "), (Ink.ACCENT, sanitize_line(live.model) or figures.UNKNOWN)),
        ((Ink.TEXT, live.cost),),
        width,
    )
    written = figures.UNKNOWN if live.estimated_tokens is None else f"~{figures.tokens(live.estimated_tokens)}"
    rows = [head, *flowed(count_pieces(live.counts or TokenCounts(), written), width, indent=2)]
    writing_s = None if live.first_token_s is None else live.elapsed_s - live.first_token_s
    exact = live.counts.completion_tokens if live.counts else None
    rate = speed(exact if exact is not None else live.estimated_tokens, writing_s)
    is_guess = exact is None and not rate.startswith(figures.UNKNOWN)
    rows += flowed(
        [
            labelled("first", figures.seconds(live.first_token_s)),
            labelled("elapsed", figures.seconds(live.elapsed_s)),
            ((Ink.WARNING, f"~{rate}") if is_guess else (Ink.TEXT, rate),),
        ],
        width,
        indent=2,
    )
    if live.retries:
        words = f"after {figures.retries(live.retries)}"
        if live.waiting_s is not None:
            words = f"retry {live.retries} in {figures.seconds(live.waiting_s)}"
        rows += indented(wrapped(words, width - 2, Ink.WARNING))
    return rows
