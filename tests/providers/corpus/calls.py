# ruff: noqa: E501  # one case reads best in few lines
"""Tool calls as gateways send them: numbered, unnumbered, misnumbered, in pieces, whole, twice."""

from tests.providers.corpus.case import Call, Case
from tests.providers.streams import DONE, END_CALLS, call, calls, chunk, data, text
from tui_chat.core.errors import ErrorKind

A, B = ("a", "f", '{"x":1}'), ("b", "g", '{"y":2}')
A0 = call("", index=0, id="a", name="f")
B1 = call("", index=1, id="b", name="g")
BROKEN = '{"x":1}{"z":3}'


def _calls(name: str, body: bytes, *expected: Call, end: bytes = END_CALLS, **fields: str) -> Case:
    return Case(name, body + end, fields.get("text", ""), calls=expected, finish=fields.get("finish", "tool_calls"))


def _partial(name: str, end: bytes, outcome: str, finish: str | None, kind: ErrorKind | None = None) -> Case:
    body = text("Hi") + calls(call('{"x":1}', index=0, id="a", name="f")) + end
    return Case(name, body, "Hi", partial=(A,), finish=finish, outcome=outcome, kind=kind)


CASES = (
    _calls("OpenAI: one call", calls(A0) + calls(call('{"x"', index=0)) + calls(call(":1}", index=0)), A),
    _calls("OpenAI: two after each other", calls(A0) + calls(call('{"x":1}', index=0)) + calls(B1) + calls(call('{"y":2}', index=1)), A, B),
    _calls("two interleaved", calls(A0, B1) + calls(call('{"x"', index=0), call('{"y"', index=1))
           + calls(call(":2}", index=1)) + calls(call(":1}", index=0)), A, B),
    _calls("the second one's pieces first", calls(B1) + calls(A0) + calls(call('{"x":1}', index=0)) + calls(call('{"y":2}', index=1)), B, A),
    _calls("text, then a call", text("Let me see.") + calls(call('{"x":1}', index=0, id="a", name="f")), A, text="Let me see."),
    _calls("xAI: whole in one piece", calls(call('{"x":1}', index=0, id="a", name="f")), A),
    _calls("Alibaba: an empty id on later pieces", calls(A0) + calls(call('{"x"', index=0, id="", name=""))
           + calls(call(":1}", index=0, id="")), A),
    _calls("Mistral: no index, whole", calls(call('{"x":1}', id="a", name="f"), call('{"y":2}', id="b", name="g")), A, B),
    _calls("Mistral: no index, an empty name later", calls(call('{"x"', id="a", name="f")) + calls(call(":1}", id="a", name="")), A),
    _calls("no index, id null later", calls(call('{"x"', id="a", name="f"))
           + data({"choices": [{"delta": {"tool_calls": [{"index": None, "id": None, "function": {"name": None, "arguments": ":1}"}}]}}]}), A),
    _calls("Gemini: index 0 for both, one chunk each", calls(call('{"x":1}', index=0, id="a", name="f"))
           + calls(call('{"y":2}', index=0, id="b", name="g")), A, B),
    _calls("Gemini: index 0 for both, one chunk", calls(call('{"x":1}', index=0, id="a", name="f"), call('{"y":2}', index=0, id="b", name="g")),
           A, B),
    _calls("Gemini: index 0, no ids, two names", calls(call('{"x":1}', index=0, id="", name="f"))
           + calls(call('{"y":2}', index=0, id="", name="g")), ("call_0", "f", '{"x":1}'), ("call_1", "g", '{"y":2}')),
    _calls("Gemini through gateways: the second one's pieces under the first one's index", calls(A0) + calls(call('{"x":1}', index=0))
           + calls(B1) + calls(call('{"y"', index=0)) + calls(call(":2}", index=0)), A, B),
    _calls("DeepSeek behind an endpoint: the second one begins under the first one's index, and goes on under its own",
           calls(A0) + calls(call('{"x":1}', index=0)) + calls(call("", index=0, id="b", name="g")) + calls(call('{"y"', index=1))
           + calls(call(":2}", index=1)), A, B),
    _calls("Bedrock through LibreChat: begun under one index, gone on with under another", calls(A0) + calls(call('{"x"', index=1))
           + calls(call(":1}", index=1)), A),
    _calls("SGLang: no index, the name after the arguments", calls(call('{"x"', id="a")) + calls(call(":1}", id="a", name="f")), A),
    _calls("Ollama: index 0 for both, whole", calls(call('{"x":1}', index=0, id="a", name="f"), call('{"x":1}', index=0, id="b", name="f")),
           A, ("b", "f", '{"x":1}')),
    _calls("new-api: counted from 1", calls(call("", index=1, id="a", name="f")) + calls(call('{"x":1}', index=1))
           + calls(call("", index=2, id="b", name="g")) + calls(call('{"y":2}', index=2)), A, B),
    _calls("MiniMax: name and id on each piece", calls(call("", index=0, id="a", name="f")) + calls(call('{"x"', index=0, id="a", name="f"))
           + calls(call(":1}", index=0, id="a", name="f")), A),
    _calls("ids that rotate", calls(A0) + calls(call('{"x"', index=0, id="p")) + calls(call(":1}", index=0, id="q")), A),
    _calls("a new id with a name begins a call", calls(call('{"x":1}', index=0, id="a", name="f"))
           + calls(call("", index=0, id="b", name="g")) + calls(call('{"y":2}', index=0)), A, B),
    _calls("an id that comes late", calls(call("", index=0, name="f")) + calls(call('{"x":1}', index=0, id="a")), A),
    _calls("a name that comes late", calls(call("", index=0, id="a")) + calls(call('{"x"', index=0, name="f")) + calls(call(":1}", index=0)), A),
    _calls("the index on the first piece only", calls(A0) + calls(call('{"x"')) + calls(call(":1}")), A),
    _calls("the index on all but the first piece", calls(call("", id="a", name="f")) + calls(call('{"x":1}', index=0)), A),
    _calls("a known id under another index", calls(A0) + calls(call('{"x"', index=1, id="a")) + calls(call(":1}", index=2, id="a")), A),
    _calls("one id for two calls", calls(call('{"x":1}', index=0, id="a", name="f"), call('{"y":2}', index=1, id="a", name="g")),
           A, ("call_1", "g", '{"y":2}')),
    _calls("one id for two calls, no index", calls(call('{"x":1}', id="a", name="f"), call('{"y":2}', id="a", name="g")),
           A, ("call_1", "g", '{"y":2}')),
    _calls("no ids at all", calls(call('{"x":1}', index=0, name="f"), call('{"y":2}', index=1, name="g")),
           ("call_0", "f", '{"x":1}'), ("call_1", "g", '{"y":2}')),
    _calls("no ids, no index, two names", calls(call('{"x":1}', name="f"), call('{"y":2}', name="g")),
           ("call_0", "f", '{"x":1}'), ("call_1", "g", '{"y":2}')),
    _calls("an id that is a number", calls({"index": 0, "id": 7, "function": {"name": "f", "arguments": "{}"}}), ("7", "f", "{}")),
    _calls("an object", calls(call({"x": 1}, index=0, id="a", name="f")), ("a", "f", '{"x": 1}')),
    _calls("no arguments", calls(A0), ("a", "f", "{}")),
    _calls("arguments of null", data({"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "a", "function":
           {"name": "f", "arguments": None}}]}}]}), ("a", "f", "{}")),
    _calls("no arguments key", calls({"index": 0, "id": "a", "function": {"name": "f"}}), ("a", "f", "{}")),
    _calls("arguments that are no JSON", calls(call("{x:1", index=0, id="a", name="f")), ("a", "f", "{x:1")),
    _calls("more after a whole object, and one call only", calls(call('{"x":1}', index=0, id="a", name="f"))
           + calls(call('{"z":3}', index=0)), ("a", "f", BROKEN)),
    _calls("half an emoji in each piece", calls(A0) + rb'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"\ud83d"}}]}}]}'
           + b"\n\n" + rb'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\udc0e\""}}]}}]}' + b"\n\n",
           ("a", "f", '"🐎"')),
    _calls("newlines and long numbers", calls(call('{\n "n": 1234567890123456789\n}', index=0, id="a", name="f")),
           ("a", "f", '{\n "n": 1234567890123456789\n}')),
    _calls("the list without its brackets", chunk({"tool_calls": call('{"x":1}', index=0, id="a", name="f")}), A),
    _calls("holes in the list", chunk({"tool_calls": [None, 7, call('{"x":1}', index=0, id="a", name="f")]}), A),
    _calls("no function", calls({"index": 0, "id": "a", "type": "function"}) + calls(call('{"x":1}', index=0, name="f")), A),
    _calls("the legacy field", chunk({"function_call": {"name": "f", "arguments": ""}}) + chunk({"function_call": {"arguments": '{"x":1}'}}),
           ("call_0", "f", '{"x":1}'), end=chunk(finish="function_call") + DONE, finish="function_call"),
    _calls("llama_cpp.server: the legacy field beside the new one", b"".join(
           chunk({"content": None, "tool_calls": [call(piece, index=0, id="a", name="f")], "function_call": {"name": "f", "arguments": piece}})
           for piece in ('{"x"', ":1}")), A),
    _calls("llama.cpp: the list is null beside the legacy field", chunk({"tool_calls": None, "function_call": {"name": "f", "arguments": "{}"}}),
           ("call_0", "f", "{}")),
    _calls("finish in the chunk of the call", chunk({"tool_calls": [call('{"x":1}', index=0, id="a", name="f")]}, "tool_calls"), A, end=DONE),
    _calls("the reason stop", calls(call('{"x":1}', index=0, id="a", name="f")), A, end=chunk(finish="stop"), finish="stop"),
    _calls("reasoning, thinking and a call", chunk({"reasoning": ""}) + text("") + calls(call('{"x":1}', index=0, id="a", name="f")), A),
    _calls("half a tag before a call is text", text("<thi") + calls(call('{"x":1}', index=0, id="a", name="f")), A, text="<thi"),
    _calls("the other choice's call", data({"choices": [{"index": 1, "delta": {"tool_calls": [call("{}", index=0, id="z", name="z")]}}]})
           + calls(call('{"x":1}', index=0, id="a", name="f")), A),
    _partial("a call of a stream that was cut", b"", "truncated", None, ErrorKind.NETWORK),
    _partial("a call that was cut for its length", chunk(finish="length") + DONE, "complete", "length"),
    _partial("a call that was filtered", chunk(finish="content_filter") + DONE, "complete", "content_filter"),
    _partial("a call before an error", data({"error": {"message": "no"}}) + DONE, "error", None, ErrorKind.GATEWAY),
    _partial("a call after which a chunk is broken", b"data: {\n\n" + END_CALLS, "error", "tool_calls", ErrorKind.PROTOCOL),
)  # fmt: skip
