# ruff: noqa: E501  # refusals read best in one line
"""What a refusal asks for: the name in it decides, one thing at a time, and nothing is changed for other reasons."""

import json

import pytest
from msgspec.structs import replace

from tui_chat.core.errors import Failure
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.models import Ability
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


FREE: JsonObject = {
    "messages": [], "top_k": 4, "min_p": 0.1, "thinking": {"type": "enabled"}, "verbosity": "low", "n": 1,
    "max_output_tokens": 64, "response_format": {"type": "json_schema"}, "tools": [{"type": "function"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("message", "param", "name"),
    [
        ("Unsupported parameter: 'top_k' is not supported with this model.", "top_k", "top_k"),
        ("Unrecognized request argument supplied: top_k", None, "top_k"),
        ("top_k: Extra inputs are not permitted", None, "top_k"),
        ("This model does not support the topK field.", None, "top_k"),
        ("Unknown parameter: 'min_p'.", None, "min_p"),
        ("[{'type': 'extra_forbidden', 'loc': ('body', 'verbosity'), 'msg': 'Extra inputs are not permitted'}]", None, "verbosity"),
        ("Model m does not support parameter thinking.", None, "thinking"),
        ("thinking is not supported by this model", None, "thinking"),
        ("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.", "response_format", "response_format"),
        ("This response_format type is unavailable now", None, "response_format"),
        ("JSON mode is not enabled for this model", None, "response_format"),
        ("response_format type must be one of \"text\" or \"json_object\", but got: json_schema", None, "response_format"),
        ("'response_format.type' : value is not one of the allowed values ['text','json_object']", None, "response_format"),
        ("body.response_format.type: Input should be 'text' or 'json_object'", None, "response_format"),
        ("`temperature` and `top_k` cannot both be specified for this model.", None, "top_k"),
    ],
)  # fmt: skip
def test_a_field_that_the_person_set_goes_where_it_is_refused(message: str, param: str | None, name: str) -> None:
    assert changed(message, sent={**SENT, **FREE}, param=param) == Quirks(without=frozenset({name}))


@pytest.mark.parametrize(
    "message",
    [
        "'top_k' is wrong.",
        "Invalid schema for response_format 'answer': 'additionalProperties' is required to be false.",
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        "max_output_tokens is not supported",
        "Unsupported parameter: 'messages'",
        "Unsupported parameter: 'tools[0].function.strict'",
        "This model is not supported: thinking takes too many of n tokens, low verbosity or not.",
    ],
)
def test_a_field_that_the_person_set_stays_where_something_else_is_wrong(message: str) -> None:
    assert changed(message, sent=FREE) is None


@pytest.mark.parametrize("name", ["reasoning", "annotations"])
def test_a_field_that_the_person_set_goes_before_one_of_its_name_in_earlier_answers(name: str) -> None:
    words = f"Unknown parameter: '{name}'."
    history: JsonObject = {"messages": [{"role": "assistant", name: "hm"}]}
    first = changed(words, sent={**history, name: {"effort": "high"}})
    assert first == Quirks(without=frozenset({name}))
    assert changed(words, first, history) not in (None, first)


def test_a_value_of_the_person_s_own_field_that_is_out_of_range_is_theirs_to_change() -> None:
    failure, body = refusal("top_k must be between 1 and 3."), json.dumps(FREE).encode()
    assert (adapted(PLAIN, failure, body), out_of_range(failure, body)) == (None, "top_k")


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


@pytest.mark.parametrize(
    "message",
    [
        "Unrecognized request argument supplied: provider",
        "provider: Extra inputs are not permitted",
        "Unknown parameter: 'provider'.",
        "Parameter 'provider' is not supported.",
    ],
)
def test_preferences_among_providers_are_left_out_where_there_is_no_such_field(message: str) -> None:
    sent: JsonObject = {"provider": {"only": ["azure"]}}
    assert changed(message, sent=sent) == Quirks(without=frozenset({"provider"}))


@pytest.mark.parametrize(
    "message",
    [
        "No allowed providers are available for the selected model.",
        "'provider' has an unknown value: azur",
        "Unknown provider 'azur' in field 'provider'",
        "Invalid provider name 'azur' in 'provider'",
        "Parameter 'provider' is not supported with value azur",
        "provider: azur is not one of those that serve this model",
    ],
)
def test_a_wrong_preference_among_providers_stays_since_without_it_somebody_else_would_be_asked(message: str) -> None:
    sent: JsonObject = {"provider": {"only": ["azur"]}}
    assert changed(message, sent=sent) is None


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
    learned = replace(PLAIN, **{rule: frozenset({Ability.PICTURES}) if rule == "in_words" else True})
    assert changed(message) == learned
    assert changed(message, learned) is None


# What users of other clients were refused, with the tracker it comes from.

PENALTIES: JsonObject = {"messages": [], "frequency_penalty": 0.1, "presence_penalty": 0.2, "reasoning_effort": "low"}
BOTH_LIMITS: JsonObject = {"messages": [], "max_tokens": 64, "max_completion_tokens": 64}
WITH_TOOLS: JsonObject = {**SENT, "tools": [{"type": "function"}], "tool_choice": "auto"}
NOWHERE = "To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing"


@pytest.mark.parametrize(
    ("message", "sent", "name"),
    [
        # lobehub/lobehub#13332, open-webui/open-webui#21266
        ("Model grok-4-1-fast-non-reasoning does not support parameter presencePenalty.", PENALTIES, "presence_penalty"),
        # NitroRCr/AIaW#62
        ("Argument not supported on this model: frequencyPenalty", PENALTIES, "frequency_penalty"),
        # chenyme/grok2api#814
        ("Model grok-4.20-0309-reasoning does not support parameter reasoningEffort.", PENALTIES, "reasoning_effort"),
        # crewAIInc/crewAI#3317
        ("This model doesn't support the stopSequences field. Remove stopSequences and try again.", SENT, "stop"),
        # langchain-ai/langchain-aws#62
        ("Malformed input request: extraneous key [stop_sequences] is not permitted, please reformat your input", SENT, "stop"),
        # PublicAffairs/openai-gemini#63
        ("Penalty is not enabled for models/gemini-2.5-flash-preview-05-20", PENALTIES, "frequency_penalty"),
        # NoFxAiOS/nofx#1415
        ("invalid temperature: only 1 is allowed for this model", SENT, "temperature"),
        # n4ze3m/page-assist#418
        ('Invalid JSON payload received. Unknown name "frequency_penalty": Cannot find field.', PENALTIES, "frequency_penalty"),
        # BerriAI/litellm#7748
        ("litellm.UnsupportedParamsError: gemini does not support parameters: {'frequency_penalty': 0.5}, for model=g.", PENALTIES, "frequency_penalty"),
        # langchain-ai/langgraph#5943
        ("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", BOTH_LIMITS, "max_tokens"),
        # HKUDS/nanobot#2548
        ("The parameter max_tokens specified in the request are not valid: max_tokens and max_completion_tokens cannot be set at the same time.", BOTH_LIMITS, "max_tokens"),
    ],
)  # fmt: skip
def test_the_name_counts_in_whatever_spelling_it_is_refused(message: str, sent: JsonObject, name: str) -> None:
    assert changed(message, sent=sent) == Quirks(without=frozenset({name}))


def test_of_two_fields_with_one_name_the_second_goes_when_the_first_was_not_all() -> None:
    words = "Penalty is not enabled for models/gemini-2.5-pro"
    first = changed(words, sent=PENALTIES)
    assert first is not None
    left = {name: value for name, value in PENALTIES.items() if name not in first.without}
    assert changed(words, first, left) == Quirks(without=frozenset({"frequency_penalty", "presence_penalty"}))


def test_an_answer_that_must_not_be_streamed_is_asked_for_whole() -> None:
    """charmbracelet/crush#422"""
    words = (
        "Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings."
    )
    assert changed(words, param="stream") == Quirks(without=frozenset({"stream"}))
    assert changed(words) == Quirks(without=frozenset({"stream"}))
    assert changed("Unsupported value: 'stream' does not support true with this model.") == Quirks(
        without=frozenset({"stream"})
    )


def test_a_field_that_nobody_behind_a_gateway_takes_is_left_out() -> None:
    """zed-industries/zed#36094"""
    body = json.dumps(WITH_TOOLS).encode()
    words = f"No endpoints found that support the provided 'tool_choice' value. {NOWHERE}"
    assert adapted(PLAIN, refusal(words, 404), body) == Quirks(without=frozenset({"tool_choice"}))
    assert adapted(PLAIN, refusal(f"No endpoints found for some/model. {NOWHERE}", 404), body) is None


@pytest.mark.parametrize(
    "message",
    [
        # open-webui/open-webui#10507
        "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]",
        # we0-dev/we0#56
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
        # yiliqi78/TOKENICODE#3
        "The parameter max_tokens specified in the request is not valid: integer above maximum value, expected a value <= 32768, but got 64000 instead.",
    ],
)  # fmt: skip
def test_a_limit_out_of_range_is_said(message: str) -> None:
    failure = refusal(message)
    assert adapted(PLAIN, failure, json.dumps(SENT).encode()) is None
    assert out_of_range(failure, json.dumps(SENT).encode()) == "max_tokens"


def test_a_limit_that_is_refused_in_a_list_goes_by_its_other_name() -> None:
    """voideditor/void#128"""
    words = "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 8192}]"
    assert changed(words, sent={"max_completion_tokens": 8192}) == Quirks(
        renamed=(("max_completion_tokens", "max_tokens"),)
    )


def asked(*messages: JsonObject, **fields: object) -> JsonObject:
    return {"messages": [{"role": "system", "content": "Be brief."}, *messages], **fields}  # type: ignore[dict-item]  # literals of mixed values


CALLED: JsonObject = {"role": "assistant", "content": None, "tool_calls": [{"id": "a", "function": {"name": "f"}}]}
RESULT: JsonObject = {"role": "tool", "tool_call_id": "a", "content": "1"}
QUESTION: JsonObject = {"role": "user", "content": "and?"}
PICTURE: JsonObject = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x/y.png"}}]}
JINJA = (
    "\n------------\nWhile executing CallExpression at line 189, column 32 in source:\n...== 0) %}↵            "
    "{{- raise_exception('After the optional system message, con...\n                                           ^\n"
    "Error: Jinja Exception: After the optional system message, conversation roles must alternate user and assistant "
    "roles except for tool calls and results."
)


@pytest.mark.parametrize(
    ("message", "status", "sent", "rule"),
    [
        # sgl-project/sglang#892, huggingface/chat-ui#1386, vllm-project/vllm#2964
        ("System role not supported", 400, asked(QUESTION), "system_in_words"),
        ("Unsupported value: 'messages[0].role' does not support 'system' with this model.", 400, asked(QUESTION), "system_in_words"),
        ("Developer instruction is not enabled for models/gemma-3-27b-it", 400, asked(QUESTION), "system_in_words"),
        # sipeed/picoclaw#207, idiap/sdialog#122
        (JINJA, 500, {"messages": [CALLED, RESULT, QUESTION]}, "answers_results"),
        # langgenius/dify#16421, onyx-dot-app/onyx#7842
        ("The toolConfig field must be defined when using toolUse and toolResult content blocks.", 400, asked(CALLED, RESULT, QUESTION), "calls_need_tools"),
        ("Requests which include `tool_use` or `tool_result` blocks must define tools", 400, asked(CALLED, RESULT, QUESTION), "calls_need_tools"),
        # ollama/ollama#14214, vectorize-io/hindsight#187
        ("* GenerateContentRequest.contents[2].parts[0].function_response.name: Name cannot be empty.", 400, asked(CALLED, RESULT), "names_results"),
        # lmstudio-ai/lmstudio-bug-tracker#261
        ("Invalid 'content': 'content' field must be a string or an array of objects.", 400, asked(CALLED, RESULT), "no_null"),
        # mistralai/mistral-common#324
        ("messages.1.content: Input should be a valid string", 422, asked(CALLED, RESULT), "no_null"),
        # BigPizzaV3/CodexPlusPlus#631, nesquena/hermes-webui#2297
        ("Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, expected `text` at line 1 column 482302", 400, asked(PICTURE, CALLED, QUESTION), "in_words"),
        # nexu-io/nexu#875, github/app#2163
        ("No endpoints found that support image input", 404, asked(PICTURE, CALLED, QUESTION), "in_words"),
        # what remains refused of ids that go back as they came: vercel/ai#5171
        ("Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 53 instead.", 400, asked(CALLED, RESULT), "short_ids"),
        ("messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'", 400, asked(CALLED, RESULT), "short_ids"),
    ],
)  # fmt: skip
def test_a_rule_of_a_template_or_a_provider_is_learned_once(
    message: str, status: int, sent: JsonObject, rule: str
) -> None:
    body = json.dumps(sent, separators=(",", ":")).encode()
    learned = replace(PLAIN, **{rule: frozenset({Ability.PICTURES}) if rule == "in_words" else True})
    assert adapted(PLAIN, refusal(message, status), body) == learned
    assert adapted(learned, refusal(message, status), body) is None


def test_a_fault_of_the_server_is_no_refusal() -> None:
    body = json.dumps(asked(CALLED, RESULT, QUESTION)).encode()
    assert adapted(PLAIN, refusal("The server is overloaded: roles must alternate between shards.", 500), body) is None


SIGNED: JsonObject = asked(
    {"role": "assistant", "content": "so", "reasoning_details": [1], "thinking_blocks": [1]}, QUESTION
)


@pytest.mark.parametrize(
    ("message", "signs_calls"),
    [
        # linanwx/nagobot#21, can1357/oh-my-pi#6379
        ("messages.7.content.2: Invalid signature in thinking block", False),
        ("messages.1.content.0: Invalid `signature` in `thinking` block", False),
        # earendil-works/pi#2063
        ("The model returned the following errors: messages.3.content.0.thinking.signature: Field required", False),
        # bobrware/bobrchat#120
        ("Google: Unable to submit request because Thought signature is not valid.. Learn more: https://cloud.google.com", True),
        # theopenco/llmgateway#3252
        ("Corrupted thought signature.", True),
    ],
)  # fmt: skip
def test_signatures_that_are_not_believed_stay_here(message: str, signs_calls: bool) -> None:
    found = changed(message, sent=SIGNED)
    assert found == Quirks(unsent=frozenset({"reasoning_details", "thinking_blocks"}), signs_calls=signs_calls)
