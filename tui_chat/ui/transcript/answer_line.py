"""The line under an answer: how it ended where that is not plain, and what it took; below it what to do."""

from collections.abc import Mapping
from typing import Final

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.continuing import can_continue
from tui_chat.core.ending import Ending, node_ending
from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.taken import is_no_tool
from tui_chat.core.tree import Node
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


def answer_lines(node: Node, *, is_continued: bool = False, seam: tuple[str, str] = ("", "")) -> tuple[Leaf, ...]:
    """The lines under an answer that has ended; empty where it ended plainly and nothing else is known. `is_continued`:
    another one goes on with it. `seam` says how it goes on with another answer, and in short."""
    answer = node.answer
    if answer is None or answer.outcome is None:
        return ()
    ending = node_ending(node)
    facts, short = answer_facts(answer), answer_facts(answer, is_short=True)
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
    for failed in answer.fell_back:
        how = f"failed ({failed.status})" if failed.status else "did not answer in time, and may be billed"
        below.append(label(f"  {sanitize_line(failed.model, 100)} {how}: another model was asked"))
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


def answer_facts(answer: AnswerInfo, *, is_short: bool = False) -> str:
    """Tokens, time, first token, speed and cost, as far as they are known; `is_short`: tokens and cost alone."""
    written = answer.counts.output_tokens if answer.counts else None
    timing = answer.timing
    said = [f"{figures.tokens(written)} tok" if written is not None else ""]
    if not is_short and timing.total_s is not None:
        said.append(figures.seconds(timing.total_s))
        if timing.first_token_s is not None:
            said.append(f"first {figures.seconds(timing.first_token_s)}")
            speed = figures.rate(written, timing.writing_s)
            said.append(speed if speed != figures.UNKNOWN else "")
    if answer.cost is not None:
        said.append(figures.bill(answer.cost))
    elif answer.may_have_cost:
        said.append("cost unknown")
    return JOINT.join(filter(None, said))
