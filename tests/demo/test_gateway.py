"""What the gateway answers to every kind of request, good and bad."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.demo.asking import KEY, Reply, ask, body, demo_gateway, fetch, send
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.demo.catalogue import MODELS
from tui_chat.demo.gateway import MAX_BODY_BYTES


def test_a_stream_has_the_shape_of_the_services_page() -> None:
    reply = ask(demo_gateway(), "demo/writer", "Write a short haiku about speed.")

    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.body.endswith(b"data: [DONE]\n\n")
    chunks = reply.chunks
    first, last = chunks[0], chunks[-1]
    assert first["choices"][0]["delta"]["role"] == "assistant"
    assert first["choices"][0]["delta"]["content"]
    assert last["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    for chunk in chunks:
        assert chunk["id"] == first["id"]
        assert chunk["object"] == "chat.completion.chunk"
        assert chunk["created"] == 1_770_000_000
        assert chunk["model"] == "demo/writer"
        assert len(chunk["choices"]) == 1, "the page's samples read choices[0] of every chunk"
        assert ("usage" in chunk) == (chunk is last)
    assert sum("role" in delta for delta in reply.deltas) == 1


@pytest.mark.parametrize("model", ["demo/guide", "demo/writer", "demo/thinker", "demo/tools", "demo/fast"])
def test_each_piece_that_is_streamed_is_one_token_of_the_usage(model: str) -> None:
    reply = ask(demo_gateway(), model, "What is the weather in Tokyo and Paris?")

    usage = reply.chunks[-1]["usage"]
    assert usage["completion_tokens"] == len(reply.chunks) - 1
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    reasoning = sum("reasoning" in delta for delta in reply.deltas)
    assert usage["completion_tokens_details"]["reasoning_tokens"] == reasoning


def test_the_cost_is_exact_and_a_plain_number() -> None:
    reply = ask(demo_gateway(), "demo/writer", "Write a slogan for a fast AI API.")

    last = json.loads(reply.body.decode().split("\n\n")[-3][6:], parse_float=str, parse_int=str)["usage"]
    prompt, completion = Decimal(last["prompt_tokens"]), Decimal(last["completion_tokens"])
    expected = prompt * Decimal("0.00000015") + completion * Decimal("0.0000006")
    assert last["cost"] == f"{expected:f}".rstrip("0")


def test_a_long_history_is_reported_as_cached() -> None:
    messages = [
        {"role": "user", "content": "word " * 3000},
        {"role": "assistant", "content": "yes"},
        {"role": "user", "content": "and now?"},
    ]
    reply = ask(demo_gateway(), "demo/fast", "", messages=messages)

    usage = reply.chunks[-1]["usage"]
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    assert 1024 <= cached < usage["prompt_tokens"]
    assert cached % 128 == 0


def test_without_stream_the_same_answer_comes_whole() -> None:
    streamed = ask(demo_gateway(), "demo/thinker", "What is 6 times 7?")
    whole = ask(demo_gateway(), "demo/thinker", "What is 6 times 7?", stream=False)

    completion = whole.json
    assert completion["object"] == "chat.completion"
    choice = completion["choices"][0]
    assert choice["message"]["content"] == streamed.text
    assert choice["message"]["reasoning"]
    assert choice["finish_reason"] == "stop"
    assert completion["usage"] == streamed.chunks[-1]["usage"]
    assert whole.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (b"", "not JSON"),
        (b"[]", "JSON object"),
        (b'{"messages": [{"role": "user", "content": "hi"}]}', "'model'"),
        (b'{"model": "demo/guide"}', "'messages'"),
        (b'{"model": "demo/guide", "messages": []}', "'messages'"),
        (b'{"model": "demo/guide", "messages": ["hi"]}', "messages[0]"),
        (b'{"model": "demo/guide", "messages": [{"role": "robot", "content": "hi"}]}', "messages[0].role"),
        (b'{"model": "demo/guide", "messages": [{"role": "user"}]}', "messages[0].content"),
        (b'{"model": "demo/guide", "messages": [{"role": "user", "content": 7}]}', "messages[0].content"),
        (b'{"model": "demo/guide", "messages": [{"role": "tool", "content": "x"}]}', "tool_call_id"),
        (b'{"model": "demo/guide", "messages": [{"role": "user", "content": "x"}], "tools": {}}', "'tools'"),
        (b'{"model": "demo/guide", "messages": [{"role": "user", "content": "x"}], "stream": 1}', "'stream'"),
        (b'{"model": "demo/guide", "messages": [{"role": "user", "content": "x"}], "max_tokens": 0}', "'max_tokens'"),
        (b'{"model": "demo/guide", "messages": [{"role": "user", "content": "x"}], "n": 2}', "'n'"),
        (b'{"model": "demo/guide", "messages": [{"role": "user", "content": "\xff"}]}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_malformed_body_is_refused_and_says_where(change: bytes, words: str) -> None:
    reply = send(demo_gateway(), change)

    assert reply.status == 400
    error = reply.json["error"]
    assert words in error["message"]
    assert error["type"] == "invalid_request_error"
    assert error["code"]


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer sk-other", "Basic sr_x", "sr_x"])
def test_keys_that_are_not_ours_get_401(value: str) -> None:
    for reply in (
        ask(demo_gateway(), "demo/guide", "hi", {"authorization": value} if value else {}),
        fetch(demo_gateway(), "GET", "/ai/models", {"authorization": value}),
    ):
        assert reply.status == 401
        assert reply.json["error"]["code"] == "invalid_api_key"
        assert "sk-other" not in reply.body.decode()


def test_an_empty_balance_pays_for_free_models_only() -> None:
    empty = {"authorization": "Bearer sr_empty"}

    refused = ask(demo_gateway(), "demo/writer", "hi", empty)
    assert (refused.status, refused.json["error"]["code"]) == (402, "insufficient_balance")
    assert ask(demo_gateway(), "demo/guide", "hi", empty).status == 200


def test_unknown_models_paths_and_methods_are_told_apart() -> None:
    gateway = demo_gateway()

    assert ask(gateway, "demo/none", "hi").json["error"]["code"] == "model_not_found"
    assert fetch(gateway, "GET", "/ai/models/demo/none").status == 404
    assert fetch(gateway, "POST", "/ai/chat").status == 404
    assert fetch(gateway, "GET", "/elsewhere/models").status == 404
    wrong = fetch(gateway, "GET", "/ai/chat/completions")
    assert (wrong.status, wrong.headers["allow"]) == (405, "POST")


def test_a_body_beyond_the_limit_is_refused() -> None:
    assert send(demo_gateway(), b" " * (MAX_BODY_BYTES + 1)).status == 413


@pytest.mark.parametrize("base", ["/ai", "/ai/v1"])
def test_the_catalogue_has_every_model_with_decimal_prices(base: str) -> None:
    listed = fetch(demo_gateway(), "GET", f"{base}/models").json["data"]

    assert [row["id"] for row in listed] == [model.id for model in MODELS]
    for row in listed:
        assert fetch(demo_gateway(), "GET", f"{base}/models/{row['id']}").json == row
        assert row["context_length"] > 0
        assert "text" in row["architecture"]["input_modalities"]
        assert row["supported_parameters"]
        assert Decimal(row["pricing"]["prompt"]) >= 0
        assert "E" not in row["pricing"]["prompt"] + row["pricing"]["completion"]
    assert listed[0]["pricing"] == {"prompt": "0", "completion": "0"}


def test_max_tokens_ends_the_answer_with_length() -> None:
    reply = ask(demo_gateway(), "demo/writer", "Write 900 words about tea", max_tokens=25)

    assert reply.chunks[-1]["choices"][0]["finish_reason"] == "length"
    assert reply.chunks[-1]["usage"]["completion_tokens"] == 25


def test_max_tokens_cuts_a_tool_call_short() -> None:
    reply = ask(demo_gateway(), "demo/tools", "Weather in Rome?", max_completion_tokens=3)

    assert reply.chunks[-1]["choices"][0]["finish_reason"] == "length"
    with pytest.raises(json.JSONDecodeError):
        _ = reply.calls


def test_a_stop_sequence_ends_the_text_before_it() -> None:
    reply = ask(demo_gateway(), "demo/writer", "Write about tea", stop=["##"])

    assert "##" not in reply.text
    assert reply.text.startswith("# Tea")
    assert reply.chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_a_schema_gets_an_answer_that_fits_it() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    form = {"type": "json_schema", "json_schema": {"name": "place", "schema": schema}}
    reply = ask(demo_gateway(), "demo/writer", "Where is the tower of Paris?", response_format=form)

    assert json.loads(reply.text) == {"city": "Paris"}


def test_a_fallback_answers_when_the_first_model_fails() -> None:
    reply = ask(demo_gateway(), "demo/flaky", "500 always", models=["demo/guide"], route="fallback")

    assert reply.status == 200
    assert {chunk["model"] for chunk in reply.chunks} == {"demo/guide"}


def test_attachments_are_taken_where_the_catalogue_says_so() -> None:
    content = [{"type": "text", "text": "tea"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}]
    messages = [{"role": "user", "content": content}]

    assert "1 attachment received" in ask(demo_gateway(), "demo/writer", "", messages=messages).text
    refused = ask(demo_gateway(), "demo/guide", "", messages=messages)
    assert (refused.status, refused.json["error"]["code"]) == (400, "unsupported_content")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
    ],
)
def test_documents_and_sound_are_taken_in_their_shape_alone(block: JsonObject) -> None:
    def reply(part: JsonObject, model: str = "demo/writer") -> Reply:
        messages: list[JsonValue] = [{"role": "user", "content": [part, {"type": "text", "text": "tea"}]}]
        return ask(demo_gateway(), model, "", messages=messages)

    assert "1 attachment received" in reply(block).text
    assert reply(block, "demo/guide").json["error"]["code"] == "unsupported_content"
    assert reply({"type": block["type"], str(block["type"]): {"filename": "a", "format": "ogg"}}).status == 400


def test_a_conversation_beyond_the_context_is_refused() -> None:
    reply = ask(demo_gateway(), "demo/guide", "word " * 40_000)

    assert (reply.status, reply.json["error"]["code"]) == (400, "context_length_exceeded")


def test_the_models_of_the_pages_samples_answer_under_their_names() -> None:
    for model in ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4"):
        reply = ask(demo_gateway(), model, "Give me three short tips for building a CLI.")
        assert {chunk["model"] for chunk in reply.chunks} == {model}
        assert reply.text.count("\n") == 3


def test_unknown_fields_are_no_reason_to_refuse() -> None:
    assert ask(demo_gateway(), "demo/guide", "hi", provider={"order": ["x"]}, temperature=0.5).status == 200


def test_speed_scales_every_wait() -> None:
    request = json.dumps(body("demo/writer", "Write a poem about tea")).encode()
    usual = fetch(demo_gateway(1.0), "POST", "/ai/chat/completions", KEY, request)
    double = fetch(demo_gateway(2.0), "POST", "/ai/chat/completions", KEY, request)
    none = fetch(demo_gateway(0.0), "POST", "/ai/chat/completions", KEY, request)

    waits = [step.delay_s for step in usual.steps]
    assert [round(step.delay_s * 2, 9) for step in double.steps] == [round(wait, 9) for wait in waits]
    assert not any(step.delay_s for step in none.steps)
    tokens_per_s = (len(waits) - 3) / sum(waits[1:])
    assert 60 <= tokens_per_s <= 80
    assert len(set(waits)) > len(waits) / 2, "a steady beat would not look like writing"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "messages",
        "models",
        "stream",
        "tools",
        "tool_choice",
        "stop",
        "max_tokens",
        "response_format",
        "n",
        "stream_options",
    ]
)


@given(
    model=st.sampled_from([model.id for model in MODELS]),
    prompt=st.text(max_size=40),
    fields=st.dictionaries(FIELDS, ANY_JSON, max_size=3),
)
def test_any_body_whatever_gets_an_answer_or_a_refusal(model: str, prompt: str, fields: dict[str, object]) -> None:
    reply = ask(demo_gateway(), model, prompt, KEY, **fields)

    assert reply.status in (200, 400, 404)
    assert reply.body


@given(
    st.sampled_from(["number", "integer", "string", "array", "object"]),
    st.dictionaries(st.sampled_from(["minimum", "maximum", "default", "enum", "items", "const"]), ANY_JSON, max_size=3),
    st.text(max_size=20),
)
def test_any_tool_whatever_is_called_with_json(kind: str, rule: dict[str, object], prompt: str) -> None:
    parameters = {"type": "object", "properties": {"x": {"type": kind, **rule}}, "required": ["x"]}
    tool = {"type": "function", "function": {"name": "any", "parameters": parameters}}

    reply = ask(demo_gateway(), "openai/gpt-4o-mini", prompt, tools=[tool], parallel_tool_calls=False)
    [(name, arguments)] = reply.calls

    assert name == "any"
    assert set(arguments) == {"x"}
