# ruff: noqa: E501  # refusals read best in one line
"""What a refusal asks for: the name in it decides, one thing at a time, and nothing is changed for other reasons."""

import json

import pytest
from msgspec.structs import replace

from tui_chat.core.errors import Failure
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.providers.failures import failure_from_status
from tui_chat.providers.quirks import Quirks, Thoughts
from tui_chat.providers.refusals import adapted, out_of_range

SENT: JsonObject = {
    "model": "m", "messages": [], "stream": True, "stream_options": {"include_usage": True}, "temperature": 0.7,
    "top_p": 0.9, "max_tokens": 64, "seed": 1, "stop": ["x"], "parallel_tool_calls": True, "reasoning_effort": "low",
}  # fmt: skip
PLAIN = Quirks()


def refusal(message: str, status: int = 400, param: str | None = None) -> Failure:
    error = {"message": message, "type": "invalid_request_error", "param": param}
    return failure_from_status(status, {"error": error})


def changed(message: str, quirks: Quirks = PLAIN, sent: JsonObject = SENT, param: str | None = None) -> Quirks | None:
    return adapted(quirks, refusal(message, param=param), json.dumps(sent, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        ("Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.", "temperature"),
        ("`temperature` and `top_p` cannot both be specified for this model. Please use only one.", "top_p"),
        ("Only one of top_p and temperature may be set.", "top_p"),
        ("Unexpected keys in the request: {'stream_options'}", "stream_options"),
        ("Unrecognized request argument supplied: seed", "seed"),
        ("Unknown parameter: 'parallel_tool_calls'.", "parallel_tool_calls"),
        ("Unsupported parameter: 'stop' is not supported with this model.", "stop"),
        ("stream_options: Extra inputs are not permitted", "stream_options"),
        ("This model does not support parameter reasoning_effort.", "reasoning_effort"),
        ("temperature is deprecated for this model.", "temperature"),
        ("Argument not supported on this model: top_p", "top_p"),
        ("reasoning_effort and temperature: unsupported parameters", "reasoning_effort"),
    ],
)  # fmt: skip
def test_the_name_in_the_message_decides(message: str, name: str) -> None:
    assert changed(message) == Quirks(without=frozenset({name}))


def test_the_name_apart_from_the_words_decides_too() -> None:
    assert changed("Unsupported parameter.", param="top_p") == Quirks(without=frozenset({"top_p"}))
    assert changed("'temperature' clashes with 'seed'.", param="seed") == Quirks(without=frozenset({"seed"}))


def test_several_fields_go_one_at_a_time() -> None:
    words = "Unexpected keys in the request: {'seed', 'top_p'}"
    first = changed(words)
    assert first == Quirks(without=frozenset({"seed"}))
    left = {name: value for name, value in SENT.items() if name != "seed"}
    assert changed(words, first, left) == Quirks(without=frozenset({"seed", "top_p"}))


@pytest.mark.parametrize(
    "message",
    [
        "Invalid request.",
        "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
        "invalid_request_error: the model is not supported for this key",
        "Please stop sending so much; try other models.",
        "frequency_penalty is not supported",  # was not sent
        "max_tokens is unsupported",
        "messages: text content blocks must contain non-whitespace text",
    ],
)
def test_what_names_nothing_of_ours_changes_nothing(message: str) -> None:
    assert changed(message) is None


@pytest.mark.parametrize("status", [401, 403, 404, 413, 429, 500])
def test_only_a_refused_request_is_asked_otherwise(status: int) -> None:
    failure = refusal("Unsupported parameter: 'temperature'", status)
    assert adapted(PLAIN, failure, json.dumps(SENT).encode()) is None


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("temperature: range: 0..1. Input should be less than or equal to 1", "temperature"),
        ("Invalid 'temperature': decimal above maximum value. Expected a value <= 2.", "temperature"),
        ("max_tokens is too large: 100000. This model supports at most 4096 completion tokens.", "max_tokens"),
        ("top_p must be in (0, 1], got 1.5.", "top_p"),
    ],
)
def test_a_value_out_of_range_is_for_the_person_to_change(message: str, name: str) -> None:
    failure = refusal(message)
    assert adapted(PLAIN, failure, json.dumps(SENT).encode()) is None
    assert out_of_range(failure, json.dumps(SENT).encode()) == name


def test_a_limit_goes_by_its_other_name() -> None:
    words = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    assert changed(words) == Quirks(renamed=(("max_tokens", "max_completion_tokens"),))
    older: JsonObject = {"max_completion_tokens": 64}
    found = changed("max_completion_tokens: Extra inputs are not permitted", sent=older)
    assert found == Quirks(renamed=(("max_completion_tokens", "max_tokens"),))


def test_a_limit_does_not_go_back_and_forth() -> None:
    quirks = Quirks(renamed=(("max_tokens", "max_completion_tokens"),))
    assert changed("max_completion_tokens is unknown", quirks, {"max_completion_tokens": 64}) is None


WITH_THOUGHTS: JsonObject = {"messages": [{"role": "assistant", "reasoning_content": "hm", "reasoning_details": [1]}]}


@pytest.mark.parametrize(
    "message",
    [
        "The `reasoning_content` in the thinking mode must be passed back to the API.",
        "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1",
        "messages[1]: reasoning_content is required",
    ],
)
def test_reasoning_that_is_demanded_goes_back(message: str) -> None:
    for sent in (SENT, WITH_THOUGHTS):
        assert changed(message, sent=sent) == Quirks(thoughts=Thoughts.ALWAYS, reasoning_field="reasoning_content")


@pytest.mark.parametrize(
    "message",
    [
        "The reasoning_content is an unexpected field.",
        "messages.1.reasoning_content: Extra inputs are not permitted",
        "reasoning_content must not be in the input messages",
    ],
)
def test_reasoning_that_is_refused_stays_here(message: str) -> None:
    found = changed(message, Quirks(thoughts=Thoughts.ALWAYS), WITH_THOUGHTS)
    assert found == Quirks(thoughts=Thoughts.NEVER)
    assert changed(message) is None


def test_a_field_of_earlier_answers_that_is_refused_stays_here() -> None:
    found = changed("messages.1.reasoning_details: Extra inputs are not permitted", sent=WITH_THOUGHTS)
    assert found == Quirks(unsent=frozenset({"reasoning_details"}))


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("Unexpected role 'user' after role 'tool'", "answers_results"),
        ("After the optional system message, conversation roles must alternate user/assistant/user/assistant/...", "answers_results"),
        ("Tool call id was call_0 but must be a-z, A-Z, 0-9, with a length of 9.", "short_ids"),
        ("Function call is missing a thought_signature in functionCall parts.", "signs_calls"),
    ],
)  # fmt: skip
def test_a_rule_about_the_history_is_learned_once(message: str, rule: str) -> None:
    learned = replace(PLAIN, **{rule: True})
    assert changed(message) == learned
    assert changed(message, learned) is None
