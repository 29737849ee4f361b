"""The line under an answer: how it ended where that is not plain, and what it took; below it what to do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.continuing import can_continue
from tui_chat.core.ending import STILL_WRITTEN, Ending, fallback_words, node_ending
from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.taken import is_no_tool
from tui_chat.core.tree import Node
from tui_chat.core.usage import tokens_of_length, total_spending
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.leaves import JOINT, Leaf
from tui_chat.ui.transcript.section import Tone, label
from tui_chat.workspace.advice import Audience, advise, advise_on

_MARKS: Final[Mapping[Outcome | None, tuple[Mark, Tone]]] = {
    Outcome.CANCELLED: (Mark.STOPPED, Tone.WARNING),
    Outcome.TRUNCATED: (Mark.FAILED, Tone.ERROR),
    Outcome.ERROR: (Mark.FAILED, Tone.ERROR),
}


CONTINUE: Final = "continue"
ASK_AGAIN: Final = "ask again"
UNDO: Final = "/compact undo"
COMMANDS: Final[Mapping[str, str]] = {CONTINUE: "continue", ASK_AGAIN: "retry", UNDO: "undo-deed"}
"""Commands of the words at the right edge of the line, by id: a click runs them."""


def answer_lines(
    node: Node, *, is_continued: bool = False, above: Sequence[Node] = (), seam: tuple[str, str] = ("", "")
) -> tuple[Leaf, ...]:
    """The lines under an answer; empty where it ended plainly and nothing else is known. `is_continued`: another one
    goes on with it. `above` are the answers with which it is one text, whose figures are in the sum, and `seam` says
    how it goes on with them, and in short."""
    answer = node.answer
    if answer is None:
        return ()
    if answer.outcome is None:
        return (label(f"  {STILL_WRITTEN}"),)
    ending = node_ending(node)
    facts, short = (answer_facts((*above, node), is_short=is_short) for is_short in (False, True))
    below: list[Leaf] = []
    if (failure := answer.failure) is not None:
        if failure.status:
            facts, short = (JOINT.join(filter(None, (f"HTTP {failure.status}", said))) for said in (facts, short))
        below += () if is_continued else below_failure(failure)
    elif not is_continued and ending is not None and (step := advise_on(ending, Audience.CHAT)):
        below.append(label(f"  {step[0].upper()}{step[1:]}."))
    for why, is_tool in (("not taken by this model", False), ("no such tool is on", True)):
        names = ", ".join(sanitize_line(name, 40) for name in answer.left_out if is_no_tool(name) is is_tool)
        if names:
            below.append(label(f"  without {names}: {why}"))
    below += (label(f"  {words}") for words in fallback_words(answer))
    how = _how(answer, ending)
    if not how:
        facts, short = (JOINT.join(filter(None, said)) for said in zip((facts, short), seam, strict=True))
        is_known = seam[0] or answer.counts or answer.cost or answer.timing.total_s is not None
        return (*((label("  ", facts, shorter=short),) if is_known else ()), *below)
    mark, tone = _MARKS.get(answer.outcome, (Mark.CAUTION, Tone.WARNING))
    if failure is not None and failure.is_budget:
        mark, tone = _MARKS[Outcome.CANCELLED]
    both = zip((facts, short), seam, strict=True)
    facts, short = ("".join(f"{JOINT}{said}" for said in pair if said) for pair in both)
    steps = f"{CONTINUE}{JOINT}{ASK_AGAIN}" if can_continue(node) and not is_continued else ASK_AGAIN
    return label(f"  {mark.drawn} {how}", facts, tone, shorter=short, end=steps), *below


def below_failure(failure: Failure) -> tuple[Leaf, ...]:
    """What happened in the words of who failed, and what to do, as far as either is known."""
    said = (label(f"  {sanitize_line(failure.message, 400)}", tone=Tone.PLAIN),) if failure.message else ()
    advice = advise(failure, Audience.CHAT)
    return (*said, label(f"  {sanitize_line(advice, 400)}")) if advice else said


def _how(answer: AnswerInfo, ending: Ending | None) -> str:
    if ending is not None:
        return ending.clause
    return sanitize_line(answer.failure.title, 200) if answer.failure is not None else ""


def answer_facts(pieces: Sequence[Node], *, is_short: bool = False) -> str:
    """Tokens, time, first token, speed and cost of an answer, or of several that are one text together, as far as they
    are known; tokens that nobody counted as an estimate. `is_short`: tokens and cost alone."""
    answers = [node.answer for node in pieces if node.answer is not None]
    said = [_tokens(pieces)]
    total_s = _sum(answer.timing.total_s for answer in answers)
    if not is_short and total_s is not None:
        said.append(figures.seconds(total_s))
        first_s = answers[0].timing.first_token_s
        if first_s is not None:
            said.append(f"first {figures.seconds(first_s)}")
            written = _sum(answer.counts.output_tokens if answer.counts else None for answer in answers)
            speed = figures.rate(written, _sum(answer.timing.writing_s for answer in answers))
            said.append(speed if speed != figures.UNKNOWN else "")
    said.append(_cost([each for each in answers if each.cost is not None or each.may_have_cost], is_short=is_short))
    return JOINT.join(filter(None, said))


def _cost(answers: Sequence[AnswerInfo], *, is_short: bool) -> str:
    """What they cost together; empty where nothing can have been billed."""
    if len(answers) == 1 and answers[0].cost is not None:
        return figures.bill(answers[0].cost)
    spending = total_spending((answer.counts, answer.cost) for answer in answers)
    if not spending.is_known:
        return "cost unknown"
    return figures.total_cost(spending, is_narrow=is_short, is_exact=not spending.estimated) if answers else ""


def _tokens(pieces: Sequence[Node]) -> str:
    counts = [node.answer.counts.output_tokens if node.answer and node.answer.counts else None for node in pieces]
    known = _sum(counts)
    if known is not None:
        return f"{figures.tokens(known)} tok"
    guessed = (
        tokens_of_length(node.message.written_length) if count is None else count
        for node, count in zip(pieces, counts, strict=True)
    )
    return figures.estimated_tokens(sum(guessed) or None)


Figure = TypeVar("Figure", int, float)


def _sum(figures_: Iterable[Figure | None]) -> Figure | None:
    """The sum; None where one of them is unknown."""
    known = list(figures_)
    return None if not known or None in known else sum(each for each in known if each is not None)
