"""How an answer ended where that is not plain, in the words that every front end shows."""

from typing import Final

import msgspec

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome

PLAIN_REASONS: Final = frozenset(
    {None, "", "stop", "tool_calls", "function_call", "end_turn", "stop_sequence", "tool_use", "eos", "STOP"}
)
"""Finish reasons of an answer that is whole, as providers call them."""


class Ending(msgspec.Struct, frozen=True):
    """One ending; harmless for a terminal."""

    title: str
    why: str = ""
    advice: str = ""
    """What to do about it; empty where nothing need be done."""


def ending_of(answer: AnswerInfo, *, has_text: bool, has_reasoning: bool) -> Ending | None:
    """None where the answer is whole or still grows, and where its failure says it all; what a failure says of an
    answer that was cut is not said twice. `has_text`: it shows words, a refusal or a call."""
    match answer.outcome:
        case None:
            return None
        case Outcome.COMPLETE:
            return _completed(answer.finish_reason, has_text=has_text, has_reasoning=has_reasoning)
        case Outcome.CANCELLED:
            return Ending("Stopped", "what had arrived is kept")
        case Outcome.TRUNCATED:
            says_why = answer.failure is not None and answer.failure.message
            return Ending("Incomplete", "" if says_why else "the connection ended before the answer did")
        case Outcome.ERROR:
            if answer.failure is not None:
                return None
            return Ending("Failed", "the gateway ended the answer with an error", "/retry asks again")


def _completed(finish_reason: str | None, *, has_text: bool, has_reasoning: bool) -> Ending | None:
    match finish_reason:
        case "length":
            return Ending("Cut off", "the limit on the answer's length was reached", "write “go on” for the rest")
        case "content_filter":
            why = "the provider's content filter stopped the answer"
            return Ending("Withheld", why, "ask differently, or another model")
        case _ if finish_reason not in PLAIN_REASONS:
            why = f"the provider says “{sanitize_line(finish_reason or '', 60)}”"
            return Ending("Ended early", why, "/retry asks again")
        case _ if not has_text:
            what = "Only reasoning came, no answer" if has_reasoning else "The answer is empty"
            return Ending(what, advice="/retry asks again")
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
            if answer.finish_reason == "length":
                return "The answer ran into its length limit: this may be half a call."
            return "The gateway's filter ended the answer."
