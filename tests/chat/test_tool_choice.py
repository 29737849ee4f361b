"""Whether the model calls a tool: forced for the answer to a question alone, and said only where tools are offered."""

import pytest

from tui_chat.chat.stream_notices import left_out
from tui_chat.chat.tool_choice import Applied, about_calls, applied
from tui_chat.core.errors import SettingsError
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import FieldLeftOut
from tui_chat.settings.parameters import given_in, with_parameter

TOOLS = ("get_weather", "search")


def asked(**values: object) -> Sampling:
    sampling = Sampling(seed=1)
    for name, value in values.items():
        sampling = with_parameter(sampling, name, value)
    return sampling


def test_what_is_set_is_said() -> None:
    sampling = asked(tool_choice="search", parallel_tool_calls=False)
    assert about_calls(sampling) == ("search", False)
    assert given_in(sampling) == {"seed": "1", "tool_choice": "search", "parallel_tool_calls": "false"}
    assert about_calls(Sampling()) == (None, None)
    assert given_in(asked(tool_choice="auto", parallel_tool_calls=True)).keys() > {"parallel_tool_calls"}
    assert with_parameter(sampling, "tool_choice", None) == asked(parallel_tool_calls=False)


@pytest.mark.parametrize("is_question", [True, False])
@pytest.mark.parametrize("choice", ["auto", "none"])
def test_what_forces_nothing_counts_in_every_answer(choice: str, *, is_question: bool) -> None:
    sampling = asked(tool_choice=choice, parallel_tool_calls=False)
    assert applied(sampling, TOOLS, is_question=is_question) == Applied(sampling)


@pytest.mark.parametrize("choice", ["required", "search"])
def test_a_call_is_forced_once_and_not_after_its_result(choice: str) -> None:
    sampling = asked(tool_choice=choice, parallel_tool_calls=False)
    assert applied(sampling, TOOLS, is_question=True) == Applied(sampling)
    assert applied(sampling, TOOLS, is_question=False) == Applied(asked(parallel_tool_calls=False))


def test_nothing_is_said_of_calls_where_no_tool_is_offered() -> None:
    assert applied(asked(tool_choice="required", parallel_tool_calls=False), (), is_question=True) == Applied(asked())


def test_a_tool_that_is_not_offered_cannot_be_asked_for_and_that_is_told() -> None:
    assert applied(asked(tool_choice="other"), TOOLS, is_question=True) == Applied(asked(), ("tool_choice other",))
    said = left_out(FieldLeftOut("tool_choice other", "")).message
    assert said == "Asked without tool_choice other: no tool of this name is on."


@pytest.mark.parametrize(
    ("name", "value"),
    [("tool_choice", "two words"), ("tool_choice", 1), ("parallel_tool_calls", "yes"), ("parallel_tool_calls", 1)],
)
def test_other_values_are_refused(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        asked(**{name: value})
