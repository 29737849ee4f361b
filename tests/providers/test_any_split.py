"""However the bytes are cut, the same comes out; and nothing that bytes can hold makes the decoder raise."""

import time
from collections.abc import Callable
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.streams import (
    DONE,
    END_CALLS,
    PAGE_CALLS,
    PAGE_TEXT,
    call,
    calls,
    chunk,
    data,
    decode,
    text,
)
from tui_chat.core.reply import fold
from tui_chat.core.stream_events import Stopped, TextDelta

CORPUS = {
    "page text": PAGE_TEXT,
    "page calls": PAGE_CALLS,
    "everything at once": b"\xef\xbb\xbf: hello\r\n\r\n"
    + chunk({"role": "assistant", "content": ""}, provider="p").replace(b"\n", b"\r\n")
    + chunk({"reasoning": "h\u00e4\U0001f40e"}).replace(b"\n", b"\r")
    + text("<think>more</think>\n\na\u2028b")
    + calls(call('{"x":', index=0, id="a", name="f"), call('{"y":1}', index=1, id="b", name="g"))
    + b": ping\n"
    + calls(call("1}", index=0))
    + data({"choices": [], "usage": {"prompt_tokens": 1, "cost": "0.1"}})
    + END_CALLS,
    "cut": text("so far") + b'data: {"choices":[{"del',
    "an error, then the marker": text("a") + data({"error": {"message": "no", "code": 400}}) + DONE,
    "bad bytes": b'data: {"choices":[{"delta":{"content":"a\xff\xc3(\xf0\x9f\x90"}}]}\n\n' + DONE,
    "half a pair": rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}' + b"\n\n" + text("x") + DONE,
    "whole json": b'{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}',
    "a web page": b"<html><title>T</title></html>",
    "nothing": b"",
}


def cut_at_random(body: bytes, random: Random) -> list[bytes]:
    pieces, at = [], 0
    while at < len(body):
        size = random.choice((1, 2, 3, 7, 40, 500))
        pieces.append(body[at : at + size])
        at += size
    return pieces


@pytest.mark.parametrize("name", CORPUS)
def test_cut_in_two_at_every_byte_the_reply_is_the_same(name: str) -> None:
    body = CORPUS[name]
    whole = fold(decode(body))

    for at in range(len(body) + 1):
        assert fold(decode(body[:at], body[at:])) == whole


@given(st.sampled_from(sorted(CORPUS)), st.randoms(use_true_random=False))
def test_cut_at_random_the_reply_is_the_same(name: str, random: Random) -> None:
    body = CORPUS[name]

    assert fold(decode(*cut_at_random(body, random))) == fold(decode(body))


@given(st.lists(st.sampled_from(list(CORPUS.values())) | st.binary(max_size=40), max_size=6), st.randoms())
def test_no_bytes_make_the_decoder_raise(bodies: list[bytes], random: Random) -> None:
    body = b"".join(bodies)

    events = decode(*cut_at_random(body, random))

    assert [event for event in events if isinstance(event, Stopped)] == [events[-1]]
    fold(events)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["index", "id", "name", "function", "arguments", "content", "type", "text", "cost", "error"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
fields = st.sampled_from(["content", "reasoning", "reasoning_details", "tool_calls", "function_call", "refusal"])


@given(
    st.lists(
        st.dictionaries(fields, json_values, max_size=3).map(chunk)
        | st.dictionaries(st.sampled_from(["id", "model", "choices", "usage", "error", "x"]), json_values).map(data)
        | json_values.map(data),
        max_size=5,
    )
)
def test_no_json_makes_the_decoder_raise(chunks: list[bytes]) -> None:
    body = b"".join(chunks)

    events = decode(body)

    assert isinstance(events[-1], Stopped)
    assert fold(decode(*(body[at : at + 1] for at in range(len(body))))) == fold(events)
    assert all(event.text for event in events if isinstance(event, TextDelta))


LONGER = 8
"""How much longer the long stream is: linear time takes so many times as long, squared time its square."""


TRIES = 3
"""The quickest counts, for the others were disturbed."""


def seconds_for(pieces: list[bytes]) -> float:
    """The processor's seconds for a stream."""
    started = time.process_time()
    decode(*pieces)
    return time.process_time() - started


@cache
def seconds_for_ordinary() -> float:
    """The seconds for a stream of words; what takes less is measured by chance."""
    return min(seconds_for([text("word ")] * 2_500) for _ in range(TRIES))


def thinking_spaces(count: int) -> list[bytes]:
    return [text("<think>a")] + [text("\n" * 10)] * count


def ends_of_two_calls(count: int) -> list[bytes]:
    return [calls(call("", index=at, name="f")) for at in (0, 1)] + [calls(call("}", index=0))] * count


@pytest.mark.parametrize(
    ("stream", "length"),
    [
        pytest.param(thinking_spaces, 20_000, id="white space in thinking"),
        pytest.param(lambda count: [text(" ")] * count, 20_000, id="white space before anything"),
        pytest.param(lambda count: [text("<thinking>a")] + [text(" \n")] * count, 20_000, id="a block that is doubted"),
        pytest.param(
            lambda count: [text("<thinking>a</thinking>")] + [text(" \n")] * count,
            20_000,
            id="space behind such a block",
        ),
        pytest.param(lambda count: [text("a")] + [text(" <")] * count, 20_000, id="beginnings of tags"),
        pytest.param(
            lambda count: [text("<|channel|>final<|message|>")] + [text(" <|")] * count,
            20_000,
            id="beginnings of marks",
        ),
        pytest.param(lambda count: [calls(call("x", index=at)) for at in range(count)], 10_000, id="an index each"),
        pytest.param(
            lambda count: [calls(call("x", id=str(at), name="f")) for at in range(count)], 10_000, id="an id each"
        ),
        pytest.param(ends_of_two_calls, 20_000, id="ends"),
        pytest.param(lambda count: [bytes([byte]) for byte in text("x" * count)], 200_000, id="a byte each"),
        pytest.param(
            lambda count: [bytes([byte]) for byte in b'{"x": "' + b"x" * count], 200_000, id="a byte each of JSON"
        ),
        pytest.param(
            lambda count: [data({"error": {"message": "<script " * count}})], 100_000, id="scripts that never close"
        ),
        pytest.param(
            lambda count: [data({"error": {"message": "<title" * count}})], 120_000, id="titles that never close"
        ),
        pytest.param(lambda count: [b'data: {"choices": ' + b"[" * count + b"\n\n"], 4_000_000, id="depth"),
    ],
)
def test_no_stream_costs_more_than_its_length(stream: Callable[[int], list[bytes]], length: int) -> None:
    short, long = stream(length // LONGER), stream(length)
    short_s = min(seconds_for(short) for _ in range(TRIES))
    most_s = max(short_s, seconds_for_ordinary()) * LONGER * 2.5

    long_s = [seconds_for(long)]
    while long_s[-1] >= most_s and len(long_s) < TRIES:
        long_s.append(seconds_for(long))

    assert min(long_s) < most_s
