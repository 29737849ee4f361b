"""The figures of one answer, as every front end shows them."""

from typing import NamedTuple

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo

SHORTEST_S = 0.1
"""Seconds of writing below which a rate says nothing."""


class Fact(NamedTuple):
    """One figure in words."""

    words: str
    gives_way: int
    """0: stays at every width; else the highest goes first."""


def answer_facts(answer: AnswerInfo) -> tuple[Fact, ...]:
    """Tokens, seconds, time to the first token, rate and cost of an answer that has ended, without those that mean
    nothing; empty where nothing was received or counted."""
    counts, timing = answer.counts, answer.timing
    if counts is None and timing.first_token_s is None:
        return ()
    tokens = counts.output_tokens if counts else None
    writing_s = None
    if timing.total_s is not None and timing.first_token_s is not None:
        writing_s = timing.total_s - timing.first_token_s
    facts = [Fact(f"{figures.tokens(tokens)} tok", 0)]
    if timing.total_s is not None:
        facts.append(Fact(figures.seconds(timing.total_s), 1))
    if timing.first_token_s is not None:
        facts.append(Fact(f"first {figures.seconds(timing.first_token_s)}", 2))
    if tokens is not None and writing_s is not None and writing_s >= SHORTEST_S:
        facts.append(Fact(figures.rate(tokens, writing_s), 3))
    facts.append(Fact(figures.cost(answer.cost) if answer.cost else "cost unknown", 0))
    return tuple(facts)
