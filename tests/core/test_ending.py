"""The words for endings that are not plain."""

import pytest

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.ending import PLAIN_REASONS, Ending, ending_of, why_not_to_act
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import Outcome

REFUSED = Failure(ErrorKind.RATE_LIMIT, "Too many requests.", "Wait a minute.")


def ending(outcome: Outcome | None, reason: str | None = None, *, has_text: bool = True) -> Ending | None:
    return ending_of(AnswerInfo("m", outcome=outcome, finish_reason=reason), has_text=has_text, has_reasoning=False)


@pytest.mark.parametrize("reason", sorted(map(str, PLAIN_REASONS - {None})))
def test_a_whole_answer_needs_no_words(reason: str) -> None:
    assert ending(Outcome.COMPLETE, reason) is None


@pytest.mark.parametrize(
    ("outcome", "reason", "title"),
    [
        (Outcome.CANCELLED, None, "Stopped"),
        (Outcome.TRUNCATED, None, "Incomplete"),
        (Outcome.ERROR, None, "Failed"),
        (Outcome.COMPLETE, "length", "Cut off"),
        (Outcome.COMPLETE, "content_filter", "Withheld"),
        (Outcome.COMPLETE, "pause", "Ended early"),
    ],
)
def test_every_other_ending_has_a_title(outcome: Outcome, reason: str | None, title: str) -> None:
    said = ending(outcome, reason)
    assert said is not None
    assert said.title == title


def test_an_answer_without_words_is_said_to_be_empty() -> None:
    said = ending(Outcome.COMPLETE, "stop", has_text=False)
    assert said is not None
    assert said.title == "The answer is empty"


def test_a_failure_speaks_for_itself() -> None:
    info = AnswerInfo("m", outcome=Outcome.ERROR, failure=REFUSED)
    assert ending_of(info, has_text=False, has_reasoning=False) is None


@pytest.mark.parametrize(("failure", "why"), [(None, True), (REFUSED, False)])
def test_why_an_answer_was_cut_is_said_once(failure: Failure | None, why: bool) -> None:
    said = ending_of(AnswerInfo("m", outcome=Outcome.TRUNCATED, failure=failure), has_text=True, has_reasoning=False)
    assert said is not None
    assert bool(said.why) is why


def test_a_finish_reason_from_outside_is_harmless() -> None:
    said = ending(Outcome.COMPLETE, "\x1b[2Jpause\x07")
    assert said is not None
    assert "\x1b" not in said.why
    assert "\x07" not in said.why


def test_calls_of_a_growing_answer_are_not_to_be_acted_on() -> None:
    assert why_not_to_act(None) == why_not_to_act(AnswerInfo("m")) == "The answer was never finished."
    assert "length" in why_not_to_act(AnswerInfo("m", outcome=Outcome.COMPLETE, finish_reason="length"))
