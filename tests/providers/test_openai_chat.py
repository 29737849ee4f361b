"""Reading and ending: every rule of the page on reliability, each at every way of cutting the bytes."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.streams import (
    DONE,
    END,
    PAGE_CALLS,
    PAGE_TEXT,
    arguments,
    call,
    calls,
    chunk,
    data,
    decode,
    reply_to,
    text,
)
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.reply import Reply, fold
from tui_chat.core.stream_events import (
    Heartbeat,
    Outcome,
    ProviderData,
    ReasoningDelta,
    Reclassified,
    Stopped,
    StreamEvent,
    TextDelta,
)
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.openai_decoder import OpenAIChatDecoder

MARKS = ("<think>", "</think>", "<thinking>", "</thinking>", "<|channel|>analysis<|message|>", "<|end|>", "<|start|>")
HEADER = re.compile(r"<\|(?:start|channel)\|>(?:.*?<\|message\|>|[a-z]*(?:<\|channel\|>[a-z]*)?$)", re.DOTALL)
"""Names who speaks and how: none of it is said."""


def test_the_pages_own_stream_comes_out_as_the_page_says() -> None:
    reply = reply_to(PAGE_TEXT)

    assert reply.text == "Low latency feels like magic."
    assert reply.counts == TokenCounts(14, 6, 20)
    assert reply.cost == Cost(Decimal("0.0000027"), CostSource.GATEWAY)
    assert (reply.outcome, reply.finish_reason, reply.response_id) == (Outcome.COMPLETE, "stop", "chatcmpl_1")


def test_the_pages_own_tool_call_comes_out_as_the_page_says() -> None:
    reply = reply_to(PAGE_CALLS)

    assert arguments(reply) == [("call_1", "get_weather", '{"city":"Tokyo"}')]
    assert reply.finish_reason == "tool_calls"


def test_deltas_of_one_read_come_as_one_event() -> None:
    events = decode(text("a") + text("b") + text("c") + END)

    assert [event.text for event in events if isinstance(event, TextDelta)] == ["abc"]


def test_a_comment_is_a_heartbeat_and_no_text() -> None:
    events = decode(b": OPENROUTER PROCESSING\n\n" + text("a") + END)

    assert Heartbeat() in events
    assert fold(events).text == "a"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (data({"choices": [{"index": 1, "delta": {"content": "B"}}, {"index": 0, "delta": {"content": "A"}}]}), "A"),
        (data({"choices": [{"index": 1, "delta": {"content": "B"}}]}) + text("A"), "A"),
        (data({"choices": [{"delta": {"content": "A"}}]}), "A"),
        (data({"choices": [{"index": "0", "delta": {"content": "A"}}]}), "A"),
        (data({"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "A"}]}}]}), "A"),
        (data({"choices": [{"index": 0, "delta": None, "message": {"content": "A"}}]}), "A"),
        (data({"choices": [{"index": 0, "delta": {"content": "A"}, "message": {"content": "AAA"}}]}), "A"),
        (data({"choices": []}) + data({"choices": None}) + text("A"), "A"),
        (data({"choices": {"0": 1}}) + data({"choices": [None, 1]}) + text("A"), "A"),
        (data([]) + data(1) + data(None) + data("x") + b"data: \n\n" + text("A"), "A"),
        (chunk({"content": None}) + text("A"), "A"),
        (chunk({"content": 5}) + text("A"), "A"),
        (data({"error": None, "choices": [{"delta": {"content": "A"}, "index": 0}]}), "A"),
        (b'data: {"choices":[{"delta":{"content":"A\nB"}}]}\n\n'.replace(b"A\nB", b"A\tB"), "A\tB"),
        (b'data: {"choices":[{"delta":{"content":"\xff"}}]}\n\n', "\ufffd"),
        (b'data: {"choices":[\ndata: {"delta":{"content":"A"}}]}\n\n', "A"),
        (b'data: {"choices":[{"delta":{"content":"A"}}],"usage":NaN}\n\n', "A"),
        (text("A") + chunk(finish="stop") + text("B"), "AB"),
        (text("a\u2028b\u2029c\x85d"), "a\u2028b\u2029c\x85d"),
        (b'event: message\ndata: {"choices":[{"delta":{"content":"A"}}]}\n\n', "A"),
    ],
)
def test_text_is_found_wherever_gateways_put_it(body: bytes, expected: str) -> None:
    reply = reply_to(body + END)

    assert (reply.text, reply.outcome, reply.failure) == (expected, Outcome.COMPLETE, None)


@pytest.mark.parametrize(
    ("halves", "expected"),
    [
        ((rb"a\ud83d", rb"\udc0eb"), "a\U0001f40eb"),
        ((rb"a\ud83d", rb"b"), "a\ufffdb"),
        ((rb"a", rb"\udc0eb"), "a\ufffdb"),
        ((rb"a\ud83d", rb""), "a\ufffd"),
        ((rb"\ud83d\udc0e", rb""), "\U0001f40e"),
    ],
)
def test_halves_of_a_surrogate_pair_are_joined_across_chunks(halves: tuple[bytes, bytes], expected: str) -> None:
    for field in (b"content", b"reasoning", b"refusal"):
        body = b"".join(b'data: {"choices":[{"delta":{"' + field + b'":"' + half + b'"}}]}\n\n' for half in halves)
        reply = reply_to(body + END)
        assert (reply.text or reply.reasoning or reply.refusal) == expected


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning": "why"},
        {"reasoning_content": "why", "content": None},
        {"reasoning_details": [{"type": "reasoning.text", "text": "why"}]},
        {"reasoning_details": [{"type": "reasoning.summary", "summary": "why"}, {"type": "reasoning.encrypted"}]},
        {"reasoning": "why", "reasoning_details": [{"type": "reasoning.text", "text": "why"}]},
        {"reasoning": "why", "reasoning_content": "why", "content": ""},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "why"}]}]},
    ],
)
def test_reasoning_is_read_from_one_field_and_never_from_two(delta: object) -> None:
    reply = reply_to(chunk(delta) + text("so") + END)

    assert (reply.reasoning, reply.text) == ("why", "so")


@pytest.mark.parametrize(
    ("words", "reasoning", "expected"),
    [
        (["<think>why</think>so"], "why", "so"),
        (["<th", "ink>wh", "y</thi", "nk>", "\n\nso"], "why", "so"),
        (["\n<think>\nwhy</think>so"], "why", "so"),
        (["<think>why"], "why", ""),
        (["<think>a < b </thin"], "a < b </thin", ""),
        (["<thin", "gs are"], "", "<things are"),
        (["so <think>why</think>"], "", "so <think>why</think>"),
        (["<think></think>so"], "", "so"),
        (["<"], "", "<"),
        (["  so"], "", "  so"),
    ],
)
def test_thinking_inside_the_text_is_reasoning_at_its_start_only(
    words: list[str], reasoning: str, expected: str
) -> None:
    reply = reply_to(b"".join(map(text, words)) + END)

    assert (reply.reasoning, reply.text) == (reasoning, expected)


def test_text_is_taken_back_as_soon_as_it_is_known_to_be_thought() -> None:
    events = decode(text("17*20 is"), text(" 340.\n</th"), text("ink>\n\n"), text("408"), END)

    said = [event for event in events if isinstance(event, TextDelta | ReasoningDelta | Reclassified)]
    assert said == [TextDelta("17*20 is"), TextDelta(" 340.\n"), Reclassified(14), TextDelta("408")]


def test_of_a_model_that_never_opens_its_thoughts_the_text_is_held_from_then_on() -> None:
    dialect = OpenAIChat()

    def said(model: str, *pieces: str) -> list[StreamEvent]:
        decoder = dialect.decoder(model)
        events = [event for piece in pieces for event in decoder.feed(text(piece))]
        events += decoder.feed(DONE) + decoder.finish()
        return [event for event in events if isinstance(event, TextDelta | ReasoningDelta | Reclassified)]

    moved = [TextDelta("Hm."), Reclassified(3), TextDelta("a")]
    assert said("m", "Hm.", "</think>a") == moved
    assert said("other", "Hm.", "</think>a") == moved
    assert said("m", "Hm", ".", "</think>a", "b") == [ReasoningDelta("Hm."), TextDelta("a"), TextDelta("b")]
    assert said("m", "a", "b") == [TextDelta("ab")]
    assert said("m", "a", "b") == [TextDelta("a"), TextDelta("b")]


@pytest.mark.parametrize(
    ("end", "said"), [("<|start|>assistant<|channel|>final", ""), ("<|start|>`ls`", "<|start|>`ls`")]
)
def test_words_after_half_a_header_are_not_lost(end: str, said: str) -> None:
    decoder = OpenAIChatDecoder(model="m", unopened=set())
    reply = fold([*decoder.feed(text(f"<|channel|>analysis<|message|>hm{end}")), *decoder.finish()])
    assert (reply.reasoning, reply.text) == ("hm", said)


@given(st.lists(st.text("ab.\n `<>/|", max_size=4) | st.sampled_from(MARKS), max_size=12), st.booleans(), st.data())
def test_however_text_is_cut_the_same_comes_out_and_no_word_is_lost(
    pieces: list[str], holds_text: bool, data: st.DataObject
) -> None:
    words = "".join(pieces)
    cut = data.draw(st.integers(0, len(words)))

    def reply(*parts: str) -> Reply:
        decoder = OpenAIChatDecoder(model="m", unopened={"m"} if holds_text else set())
        events = [event for part in parts for event in decoder.feed(text(part))]
        return fold(events + decoder.finish())

    whole = reply(words, "")
    assert reply(words[:cut], words[cut:]) == whole
    assert reply(*words, "") == whole
    for letter in "ab.`":
        outside = HEADER.sub("", words)
        marked = sum(mark.count(letter) * outside.count(mark) for mark in MARKS)
        said = (whole.text + whole.reasoning).count(letter)
        assert outside.count(letter) - marked <= said <= words.count(letter)


@given(st.text("ab. \n\t", min_size=1), st.data())
def test_of_plain_words_nothing_waits_so_that_a_kill_at_any_moment_loses_none(words: str, data: st.DataObject) -> None:
    words = f"a{words}"
    cut = data.draw(st.integers(1, len(words)))
    decoder = OpenAIChatDecoder()
    events = [event for part in (words[:cut], words[cut:]) if part for event in decoder.feed(text(part))]

    assert fold(events).text == words
    assert fold(OpenAIChatDecoder().feed(text(words[:cut]))).text == words[:cut]


def test_a_refusal_is_kept_apart_from_text() -> None:
    reply = reply_to(chunk({"refusal": "I can"}) + chunk({"refusal": "not"}) + END)

    assert (reply.refusal, reply.text) == ("I cannot", "")


USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


@pytest.mark.parametrize(
    "body",
    [
        data({"choices": [], "usage": USAGE}),
        chunk(usage={**USAGE, "completion_tokens": 1}) + chunk(usage=USAGE),
        chunk(usage=USAGE) + chunk(usage=None),
        data({"choices": [{"index": 0, "delta": {}, "usage": USAGE}]}),
        chunk(x_groq={"id": "r", "usage": USAGE}),
        data({"usage": USAGE}),
        chunk(usage={"input_tokens": "1", "output_tokens": 2.0, "total_tokens": 3}),
    ],
)
def test_the_last_usage_counts_wherever_it_stands(body: bytes) -> None:
    assert reply_to(text("a") + body + END).counts == TokenCounts(1, 2, 3)


@pytest.mark.parametrize(
    "told",
    [
        [{"cost": 0.1, **USAGE}, USAGE],
        [{"cost": 0.1}, USAGE],
        [USAGE, {"cost": 0.1}],
        [{"prompt_tokens": 1}, {"completion_tokens": 2, "cost": 0.2}, {"total_tokens": 3, "cost": 0.1}],
        [{"cost": 0.2, **USAGE}, {"cost": 0.1, "completion_tokens": None, "total_tokens": 3}],
        [{"cost": 0.2}, USAGE, {"cost": 0.1}],
    ],
)
@pytest.mark.parametrize("separator", [b"", text("b")])
def test_what_is_told_of_usage_stays_until_it_is_told_again(told: list[dict[str, object]], separator: bytes) -> None:
    reply = reply_to(text("a") + separator.join(chunk(usage=usage) for usage in told) + END)

    assert (reply.counts, reply.cost) == (TokenCounts(1, 2, 3), Cost(Decimal("0.1"), CostSource.GATEWAY))
    assert reply.usage_raw is not None
    assert json.loads(reply.usage_raw) == {"cost": 0.1, **USAGE}


def test_a_sum_of_tokens_that_was_told_early_is_none_of_what_came_later() -> None:
    early, late = {"prompt_tokens": 5, "total_tokens": 5}, {"completion_tokens": 7}

    assert reply_to(chunk(usage=early) + chunk(usage=late) + END).counts == TokenCounts(5, 7)


def test_details_of_usage_are_read() -> None:
    usage = {"prompt_tokens_details": {"cached_tokens": 5}, "completion_tokens_details": {"reasoning_tokens": 7}}

    assert reply_to(chunk(usage=usage) + END).counts == TokenCounts(cached_tokens=5, reasoning_tokens=7)


@pytest.mark.parametrize(
    ("cost", "usd"),
    [
        ("0.0000027", "0.0000027"),
        ('"0.0000027"', "0.0000027"),
        ("0.1234567890123456789", "0.1234567890123456789"),
        (f"{Decimal.from_float(0.1)}", f"{Decimal.from_float(0.1)}"),
        (f'"{Decimal.from_float(0.1)}"', f"{Decimal.from_float(0.1)}"),
        (f"0.{'1' * 500}", None),
        ("2.7e-06", "0.0000027"),
        ("0", "0"),
        ("3", "3"),
        ('{"total_cost":0.006}', "0.006"),
        ("-1", None),
        ("1e999999", None),
        ("1e99999999999999999999", None),
        ("1e-999999", None),
        ("NaN", None),
        ('"NaN"', None),
        ("Infinity", None),
        ('"free"', None),
        ('"1_000"', None),
        ("true", None),
        ("null", None),
        ("9" * 5000, None),
    ],
)
def test_a_cost_is_an_exact_decimal_or_unknown(cost: str, usd: str | None) -> None:
    reply = reply_to(b'data: {"choices":[],"usage":{"prompt_tokens":1,"cost":%s}}\n\n' % cost.encode() + END)

    assert reply.cost == (Cost(Decimal(usd), CostSource.GATEWAY) if usd is not None else None)
    assert reply.counts == TokenCounts(prompt_tokens=1)


@pytest.mark.parametrize("reason", ["", "null", None])
def test_a_reason_that_is_none_does_not_end_an_answer(reason: str | None) -> None:
    assert reply_to(text("a") + chunk(finish=reason)).outcome is Outcome.TRUNCATED


def test_an_unknown_reason_is_passed_on() -> None:
    assert reply_to(text("a") + chunk(finish="eos_token")).finish_reason == "eos_token"


def test_unknown_fields_are_kept_and_the_last_one_wins() -> None:
    events = decode(chunk(provider="A", created=1) + chunk(provider="B", odd={"x": [1]}, obfuscation="zz") + END)

    assert [event for event in events if isinstance(event, ProviderData)] == [
        ProviderData("odd", '{"x": [1]}'),
        ProviderData("provider", '"B"'),
    ]


def test_the_model_that_answers_is_the_last_one_named() -> None:
    body = data({"id": "1", "model": "a", "choices": []}) + data({"id": "2", "model": "b", "choices": []}) + END
    reply = fold(decode(body.replace(b'"model": "m"', b'"model": "b"')))

    assert (reply.response_id, reply.model) == ("1", "b")


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (text("a") + DONE, Outcome.COMPLETE),
        (text("a") + chunk(finish="stop"), Outcome.COMPLETE),
        (text("a") + b"data: [DONE]", Outcome.COMPLETE),
        (text("a") + chunk(finish="length").rstrip(), Outcome.COMPLETE),
        (text("a") + b"data:[DONE]\r\n\r\n", Outcome.COMPLETE),
        (text("a"), Outcome.TRUNCATED),
        (text("a") + b'data: {"choi', Outcome.TRUNCATED),
        (text("a") + b"data: [DON", Outcome.TRUNCATED),
        (b"", Outcome.TRUNCATED),
        (b": hi\n\n", Outcome.TRUNCATED),
        (text("a") + b'data: {"choi\n\n' + text("") + DONE, Outcome.ERROR),
        (text("a") + b"data: garbage\n\n" + chunk(finish="stop") + DONE, Outcome.ERROR),
        (text("a") + chunk(finish="error") + DONE, Outcome.ERROR),
    ],
)
def test_an_answer_ends_as_it_ended(body: bytes, outcome: Outcome) -> None:
    reply = reply_to(body)

    assert reply.outcome is outcome
    assert reply.text == ("a" if body.startswith(b"data") else "")
    assert (reply.failure is None) == (outcome is Outcome.COMPLETE)


def test_a_malformed_chunk_keeps_what_came_before_and_after_it() -> None:
    reply = reply_to(text("a") + b'data: {"x":\n\n' + text("b") + END)

    assert (reply.text, reply.failure and reply.failure.kind) == ("ab", ErrorKind.PROTOCOL)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (data({"error": {"message": "no", "type": "server_error", "code": 502}}), "no"),
        (data({"error": {"message": "no"}, "choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]}), "no"),
        (data({"error": "no"}), "no"),
        (data({"object": "error", "message": "no", "code": 400}), "no"),
        (data({"type": "error", "error": {"message": "no"}}), "no"),
        (b'event: error\ndata: {"error":{"message":"no"}}\n\n', "no"),
        (b'event: error\ndata: {"message":"no"}\n\n', "no"),
        (b"event: error\ndata: no\n\n", "no"),
        (b'{"error":{"message":"no"}}\n\n', "no"),
        (b'{"error":{"message":"no"}}', "no"),
        (data([{"error": {"message": "no"}}]), "no"),
        (data({"choices": [{"index": 0, "delta": {}, "error": {"message": "no"}, "finish_reason": "error"}]}), "no"),
        (chunk(finish="error"), "The gateway reported an error without saying which."),
        (data({"detail": [{"msg": "no", "loc": ["body", "x"]}]}), "x: no"),
        (
            data({"error": {"message": "Provider returned error", "metadata": {"raw": '{"error":{"message":"no"}}'}}}),
            "Provider returned error: no",
        ),
        (data({"error": {"message": "a\x1b[31mb\nc<b>"}}), "a␛[31mb c<b>"),
    ],
)
def test_an_error_inside_the_stream_wins_over_everything(body: bytes, message: str) -> None:
    for before in (text("a"), text("a") + chunk(finish="length")):
        reply = reply_to(before + body + (b"" if body.endswith(b"}") else DONE))
        assert (reply.outcome, reply.text) == (Outcome.ERROR, "a")
        assert reply.failure is not None
        assert reply.failure.message == message


def test_an_error_inside_the_stream_keeps_its_status_type_and_code() -> None:
    failure = reply_to(data({"error": {"message": "slow down", "type": "rate", "code": "429"}})).failure

    assert failure is not None
    assert (failure.kind, failure.status, failure.type, failure.code) == (ErrorKind.RATE_LIMIT, 429, "rate", "429")


WHOLE = b"""{"id": "c", "model": "m", "choices": [{"index": 0, "finish_reason": "stop",
 "message": {"role": "assistant", "content": "Hi", "tool_calls": null}}], "usage": {"prompt_tokens": 1}}"""


def test_a_whole_json_answer_is_read_like_a_stream() -> None:
    reply = reply_to(b"\n" + WHOLE)

    assert (reply.text, reply.outcome, reply.counts) == ("Hi", Outcome.COMPLETE, TokenCounts(prompt_tokens=1))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "no"}}', "no"),
        (b'[{"error": {"message": "no"}}]', "no"),
        (b'{"detail": "no"}', "no"),
        (b'{\n  "error": {\n    "message": "no"\n  }\n}\n', "no"),
        (b"<!doctype html><title>Sign\nin &amp; go</title>", "The gateway answered with a web page: Sign in & go"),
        (b"{}", "The gateway answered with JSON that is not an answer."),
    ],
)
def test_a_body_that_is_no_answer_is_an_error_in_words(body: bytes, message: str) -> None:
    reply = reply_to(body)

    assert (reply.outcome, reply.failure and reply.failure.message) == (Outcome.ERROR, message)


def test_half_a_json_answer_was_cut() -> None:
    assert reply_to(WHOLE[:-30]).outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("body", [b"data: " + b"[" * 100_000 + b"\n\n", data({"choices": [[]]}), b"\x00\xff" * 50])
def test_nothing_makes_the_decoder_raise(body: bytes) -> None:
    assert isinstance(decode(body)[-1], Stopped)


def test_an_endless_line_is_refused_in_words() -> None:
    reply = fold(decode(text("a"), b"data: " + b"x" * 2000, max_line_bytes=1000))

    assert (reply.text, reply.outcome) == ("a", Outcome.ERROR)
    assert reply.failure is not None
    assert "a line of more than" in reply.failure.message


def test_a_runaway_answer_is_refused_in_words() -> None:
    reply = fold(decode(*([text("x" * 100)] * 50), max_answer_bytes=1000))

    assert 1000 <= len(reply.text) <= 1100
    assert reply.failure is not None
    assert "longer than" in reply.failure.message


@pytest.mark.parametrize(("character", "bytes_each"), [("\x01", 6), ('"', 2), ("\n", 2), ("漢", 3), ("x", 1)])
def test_an_answer_is_measured_as_it_is_kept(character: str, bytes_each: int) -> None:
    for body in (text(character * 100), calls(call(character * 100, index=0, id="a", name="f"))):
        events = decode(*([body] * 50), max_answer_bytes=5000)
        kept = sum(len(getattr(event, "text", "") or getattr(event, "fragment", "")) for event in events)
        assert kept <= 5000 / bytes_each + 200  # what arrives in one piece is measured behind it


def test_an_answer_is_measured_as_it_is_held() -> None:
    reply = fold(decode(*([text("🐎" + "x" * 99)] * 50), max_answer_bytes=4000))  # one of them makes all four wide

    assert 1000 <= len(reply.text) <= 1100


def test_why_the_bytes_ended_is_told_only_where_the_answer_was_not_over() -> None:
    cut = Failure(ErrorKind.TIMEOUT, "No data", "Try again.")

    def ended(body: bytes) -> Stopped:
        decoder_events = decode_cut(body, cut)
        last = decoder_events[-1]
        assert isinstance(last, Stopped)
        return last

    assert ended(text("a")).failure == cut
    assert ended(text("a") + chunk(finish="stop")) == Stopped(Outcome.COMPLETE, "stop")


def decode_cut(body: bytes, cut: Failure) -> list[StreamEvent]:
    decoder = OpenAIChatDecoder()
    return [*decoder.feed(body), *decoder.finish(cut)]
