"""How an answer ended where that is not plain, in the words that every front end shows."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

import msgspec

from tui_chat.core.answer import AnswerInfo, Cut, cut_of
from tui_chat.core.budget import budget_name
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node
from tui_chat.core.written_call import is_written_call

PLAIN_REASONS: Final = frozenset(
    {None, "", "stop", "tool_calls", "function_call", "end_turn", "stop_sequence", "tool_use", "eos", "STOP"}
)
"""Finish reasons of an answer that is whole, as providers call them."""


OUTCOME_TITLES: Final[Mapping[Outcome, str]] = {
    Outcome.COMPLETE: "Complete",
    Outcome.CANCELLED: "Stopped",
    Outcome.TRUNCATED: "Incomplete",
    Outcome.ERROR: "Failed",
}


STILL_WRITTEN: Final = "The answer is still being written."
"""Said of an answer that has no ending yet."""


def fallback_words(answer: AnswerInfo) -> tuple[str, ...]:
    """`a/one failed (503): another model was asked`, for each model that was asked in vain before."""
    return tuple(
        sanitize_line(failed.model, 100)
        + (f" failed ({failed.status})" if failed.status else " did not answer in time, and may be billed")
        + ("" if failed.model == answer.model else ": another model was asked")  # which a budget may forbid
        for failed in answer.fell_back
    )


class NextStep(Enum):
    """What to do about an answer that did not end plainly; how it is done differs by front end."""

    ASK_AGAIN = auto()
    GO_ON = auto()
    ASK_OTHERWISE = auto()


class Ending(msgspec.Struct, frozen=True):
    """One ending; harmless for a terminal."""

    title: str
    why: str = ""
    next_step: NextStep | None = None
    """None where nothing need be done."""
    brief: str = ""
    """The same in a few words, among the facts of an answer; empty where title and reason are as short."""

    @property
    def words(self) -> str:
        """Title and reason in one clause, without a full stop."""
        return f"{self.title}: {self.why}" if self.why else self.title

    @property
    def clause(self) -> str:
        """How it ended, among other facts: a clause that begins small."""
        return self.brief or self.words[0].lower() + self.words[1:]


def node_ending(node: Node) -> Ending | None:
    """`ending_of` the answer that a node keeps, and what its words and calls say of it; None also where it is none."""
    if node.answer is None:
        return None
    message = node.message
    has_text = bool(message.text or message.refusal or message.tool_calls or message.beside_words)
    ending = ending_of(node.answer, has_text=has_text, has_reasoning=bool(message.reasoning))
    if ending is not None or node.answer.outcome is not Outcome.COMPLETE:
        return ending
    if flaw := next((call.flaw for call in message.tool_calls if call.flaw), ""):
        return Ending("A call cannot be run", f"{flaw[0].lower()}{flaw[1:].rstrip('.')}", NextStep.ASK_AGAIN)
    if not message.tool_calls and is_written_call(message.text):
        why = "the server did not read it as a call, so nothing was run"
        return Ending("The model wrote a tool call as text", why, NextStep.ASK_OTHERWISE)
    return None


def ending_of(answer: AnswerInfo, *, has_text: bool, has_reasoning: bool) -> Ending | None:
    """None where the answer is whole or still grows, and where its failure says it all; what a failure says of an
    answer that was cut is not said twice. `has_text`: it shows words, a refusal, a call, or
    something beside words."""
    match answer.outcome:
        case None:
            return None
        case Outcome.COMPLETE:
            return _completed(answer.finish_reason, has_text=has_text, has_reasoning=has_reasoning)
        case Outcome.CANCELLED:
            return Ending(OUTCOME_TITLES[Outcome.CANCELLED], "what had arrived is kept", brief="stopped by you")
        case Outcome.TRUNCATED:
            says_why = answer.failure is not None and answer.failure.message
            why = "" if says_why else "the connection ended before the answer did"
            brief = "cut off" if says_why else "cut off: the connection ended"
            if answer.failure is not None and answer.failure.is_budget:
                brief = f"stopped by {budget_name(answer.failure.code)}"
            return Ending(OUTCOME_TITLES[Outcome.TRUNCATED], why, brief=brief)
        case Outcome.ERROR:
            if answer.failure is not None:
                return None
            why = "the gateway ended the answer with an error"
            return Ending(OUTCOME_TITLES[Outcome.ERROR], why, NextStep.ASK_AGAIN)


STOPPED: Final = "stopped"
"""The `short_ending` of what a person, or a budget, has ended."""


def short_ending(answer: AnswerInfo) -> str:
    """How an answer ended, in a word or two; empty where it is whole."""
    if answer.outcome is Outcome.CANCELLED or (answer.failure is not None and answer.failure.is_budget):
        return STOPPED
    if answer.outcome is Outcome.ERROR:
        return "failed"
    if answer.outcome is None:
        return "unfinished"
    ending = ending_of(answer, has_text=True, has_reasoning=False)
    return ending.clause.partition(":")[0] if ending is not None else ""


def _completed(finish_reason: str | None, *, has_text: bool, has_reasoning: bool) -> Ending | None:
    match finish_reason:
        case _ if cut_of(finish_reason) is Cut.LENGTH:
            return Ending("Cut off", "the limit on the answer's length was reached", NextStep.GO_ON, "length limit")
        case "content_filter":
            why = "the provider's content filter stopped the answer"
            return Ending("Withheld", why, NextStep.ASK_OTHERWISE, "withheld by the provider")
        case _ if finish_reason not in PLAIN_REASONS:
            why = f"the provider says “{sanitize_line(finish_reason or '', 60)}”"
            return Ending("Ended early", why, NextStep.ASK_AGAIN)
        case _ if not has_text:
            what = "Only reasoning came, no answer" if has_reasoning else "The answer is empty"
            brief = "nothing but reasoning" if has_reasoning else "nothing came"
            return Ending(what, "", NextStep.ASK_AGAIN, brief)
        case _:
            return None


def why_not_to_act(answer: AnswerInfo | None) -> str:
    """Why the calls of an answer must not be acted on, in one sentence; for those that may be, see
    `AnswerInfo.calls_may_be_acted_on`."""
    if answer is None or answer.outcome is None:
        return "The answer was never finished."
    match answer.outcome:
        case Outcome.CANCELLED:
            return "The answer was stopped before it was whole."
        case Outcome.TRUNCATED:
            return "The answer was cut off: this may be half a call."
        case Outcome.ERROR:
            return "The answer failed: this may be half a call."
        case Outcome.COMPLETE:
            match cut_of(answer.finish_reason):
                case Cut.LENGTH:
                    return "The answer ran into its length limit: this may be half a call."
                case Cut.BREAK:
                    return "The gateway says that the answer broke off: this may be half a call."
                case _:
                    return "The gateway's filter ended the answer."
