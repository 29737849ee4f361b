# ruff: noqa: E501  # the page's own lines are longer
"""Streams as literal bytes, and what they come to: shared by the tests of the dialect and of the client."""

import json

from tui_chat.core.reply import Reply, fold
from tui_chat.core.sse import MAX_LINE_BYTES
from tui_chat.core.stream_events import StreamEvent
from tui_chat.providers.openai_decoder import MAX_ANSWER_BYTES, OpenAIChatDecoder

PAGE_TEXT = b"""data: {"id":"chatcmpl_1","object":"chat.completion.chunk","choices":[{"delta":{"role":"assistant","content":"Low"},"index":0}]}

data: {"id":"chatcmpl_1","object":"chat.completion.chunk","choices":[{"delta":{"content":" latency"},"index":0}]}

data: {"id":"chatcmpl_1","object":"chat.completion.chunk","choices":[{"delta":{"content":" feels like"},"index":0}]}

data: {"id":"chatcmpl_1","object":"chat.completion.chunk","choices":[{"delta":{"content":" magic."},"index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":14,"completion_tokens":6,"total_tokens":20,"cost":0.0000027}}

data: [DONE]

"""

PAGE_CALLS = b"""data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":\\"To"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"kyo\\"}"}}]}}]}

data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

"""

DONE = b"data: [DONE]\n\n"


def data(value: object) -> bytes:
    """One event."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunk(delta: object = None, finish: str | None = None, **fields: object) -> bytes:
    """One chunk with one choice."""
    choice: dict[str, object] = {"index": 0, "delta": {} if delta is None else delta, "finish_reason": finish}
    return data({"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **fields})


def text(words: str) -> bytes:
    """One chunk of text."""
    return chunk({"content": words})


def calls(*items: object) -> bytes:
    """One chunk of tool-call fragments."""
    return chunk({"tool_calls": list(items)})


def call(
    arguments: object = None, *, index: int | None = None, id: str | None = None, name: str | None = None
) -> dict[str, object]:
    """One fragment of a tool call; what is None is left out."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    item: dict[str, object] = {"function": function}
    if index is not None:
        item["index"] = index
    if id is not None:
        item["id"] = id
    return item


END = chunk(finish="stop") + DONE
END_CALLS = chunk(finish="tool_calls") + DONE


def decode(
    *chunks: bytes, max_line_bytes: int = MAX_LINE_BYTES, max_answer_bytes: int = MAX_ANSWER_BYTES
) -> list[StreamEvent]:
    """The events that these reads make."""
    decoder = OpenAIChatDecoder(max_line_bytes=max_line_bytes, max_answer_bytes=max_answer_bytes)
    events = [event for piece in chunks for event in decoder.feed(piece)]
    return events + decoder.finish()


def reply_to(body: bytes, **options: int) -> Reply:
    """What a body comes to, which is the same whole, byte by byte and line by line."""
    whole = fold(decode(body, **options))
    assert fold(decode(*(body[at : at + 1] for at in range(len(body))), **options)) == whole
    assert fold(decode(*body.splitlines(keepends=True), **options)) == whole
    return whole


def arguments(reply: Reply) -> list[tuple[str, str, str]]:
    """Id, name and arguments of the calls that may be acted on."""
    return [(call.id, call.name, call.arguments) for call in reply.tool_calls]
