# ruff: noqa: E501  # refusals read best in one line
"""Refusals of a kind of content as a whole: pictures, a system prompt, tools, the round of another model."""

import json

import pytest

from tests.providers.test_refusals import PLAIN, changed, refusal
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.models import Ability
from tui_chat.providers.quirks import Quirks
from tui_chat.providers.refusals import adapted


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
    assert adapted(PLAIN, refusal(message, status), sent) == Quirks(in_words=frozenset({Ability.PICTURES}))
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
