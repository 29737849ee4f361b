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


def body(*messages: JsonObject, **fields: object) -> JsonObject:
    return json.loads(json.dumps({"messages": messages, **fields}))  # type: ignore[no-any-return]  # as it was written


PICTURE = body({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]})
PROMPTED = body({"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}, tools=[{}])
CALLED = body({"role": "assistant", "tool_calls": [{"id": "a"}]}, {"role": "tool", "tool_call_id": "a"})


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Invalid content type. image_url is only supported by certain models."),
        (400, "Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, expected `text` at line 1 column 99"),
        (422, "Failed to deserialize the JSON body into the target type: messages[2]: invalid type: sequence, expected a string at line 1 column 2901"),
        (400, "messages[1]: data did not match any variant of untagged enum ChatCompletionRequestContent at line 1 column 18231"),
        (400, "messages[1].content must be a string"),
        (404, "No endpoints found that support image input"),
        (400, "this model does not support image input (ref: b8bd630e)"),
        (400, "this model is missing data required for image input"),
        (400, "Image input is not enabled for this model"),
        (400, "At most 0 image(s) may be provided in one prompt."),
        (400, "some/model is not a multimodal model"),
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (400, "This model doesn't support the image content block that you provided."),
        (400, "Image inputs are not supported by this model."),
    ],
)  # fmt: skip
def test_pictures_that_a_model_does_not_take_are_told_in_words(status: int, message: str) -> None:
    sent = json.dumps(PICTURE).encode()
    assert adapted(PLAIN, refusal(message, status), sent) == Quirks(pictures_in_words=True)
    assert adapted(PLAIN, refusal(message, status), b'{"messages":[]}') is None


@pytest.mark.parametrize(
    "message",
    [
        "messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 6291456 bytes > 5242880 bytes",
        "You uploaded an unsupported image. Please make sure your image has of one the following formats: png, jpeg.",
        "image_url: cannot download the image",
    ],
)
def test_one_bad_picture_says_nothing_of_pictures(message: str) -> None:
    assert changed(message, sent=PICTURE) is None


@pytest.mark.parametrize(
    "message",
    [
        "Developer instruction is not enabled for models/gemma-3-27b-it",
        "System role not supported",
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
    ],
)  # fmt: skip
def test_a_system_prompt_that_is_not_taken_goes_into_the_question(message: str) -> None:
    assert changed(message, sent=PROMPTED) == Quirks(system_in_words=True)
    assert changed(message) is None


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "registry.ollama.ai/library/gemma:latest does not support tools"),
        (404, "No endpoints found that support tool use. To learn more about provider routing, visit: https://x"),
        (400, "`tool calling` is not supported with this model"),
        (400, "Function calling is not enabled for models/gemma-3-27b-it"),
        (400, "Unsupported parameter: 'tools' is not supported with this model."),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        (400, "This model doesn't support tool use in streaming mode."),
        (400, "deepseek-reasoner does not support Function Calling"),
    ],
)
def test_tools_that_a_model_does_not_take_are_not_offered(status: int, message: str) -> None:
    for sent in (PROMPTED, CALLED):
        found = adapted(PLAIN, refusal(message, status), json.dumps(sent, separators=(",", ":")).encode())
        assert found == Quirks(calls_in_words=True)
    assert changed(message) is None


@pytest.mark.parametrize(
    "message",
    ["deepseek-reasoner does not support this tool_choice", "This model does not support parallel tool calls"],
)
def test_what_is_about_the_use_of_tools_takes_no_tool_away(message: str) -> None:
    found = changed(message, sent=PROMPTED)
    assert found is None or not found.calls_in_words


@pytest.mark.parametrize(
    "message",
    [
        "litellm.UnsupportedParamsError: Bedrock doesn't support tool calling without `tools=` param specified.",
        "Requests which include `tool_use` or `tool_result` blocks must define tools",
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
    ],
)
def test_calls_that_need_tools_are_told_in_words_without_them(message: str) -> None:
    assert changed(message, sent=CALLED) == Quirks(calls_need_tools=True)


def test_a_round_that_another_model_began_is_told_in_words_where_a_thought_must_begin_it() -> None:
    message = "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`."
    assert changed(message, sent=CALLED) == Quirks(own_rounds_only=True)
