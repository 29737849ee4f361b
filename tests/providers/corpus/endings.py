# ruff: noqa: E501  # one case reads best in few lines
"""How answers end: a reason, the marker, an error, or the mere end of the bytes."""

import json

from tests.providers.corpus.case import Case
from tests.providers.streams import DONE, call, calls, chunk, data, text
from tui_chat.core.errors import ErrorKind

WORDS, STOP = text("Hello"), chunk(finish="stop")
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
TOKENS = (3, 2, 5)
WHOLE = {"id": "c", "object": "chat.completion", "model": "m", "usage": USAGE,
         "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}]}  # fmt: skip


def _error(name: str, body: bytes, told: str, kind: ErrorKind = ErrorKind.GATEWAY, status: int | None = None,
           text: str = "Hello", finish: str | None = None) -> Case:  # fmt: skip
    return Case(name, body, text, finish=finish, outcome="error", kind=kind, told=told, status=status)


def _empty_error(value: object) -> Case:
    return Case(f"an error that is none: {value!r}", chunk({"content": "Hello"}, error=value) + STOP + DONE)


PROTOCOL, RATE = ErrorKind.PROTOCOL, ErrorKind.RATE_LIMIT
UNSAID = "without saying which"

ENDS = (
    Case("a reason and the marker", WORDS + STOP + DONE),
    Case("a reason without the marker", WORDS + STOP),
    Case("the marker without a reason", WORDS + DONE, finish=None),
    Case("reason and text in one chunk", chunk({"content": "Hello"}, "stop")),
    Case("a reason on each chunk, and the end", b"".join(chunk({"content": c}, "stop") for c in "Hello")),
    Case("a reason on the first chunk, one at the end", chunk({"role": "assistant"}, "stop") + WORDS + STOP),
    Case("a reason on thoughts, the marker at the end", chunk({"reasoning": "hm"}, "stop") + WORDS + DONE, reasoning="hm"),
    Case("white space after the reason", WORDS + STOP + text("\n"), "Hello\n"),
    Case("text after the only reason, no marker", text("Hel") + STOP + text("lo"), finish=None, outcome="truncated",
         kind=ErrorKind.NETWORK),
    Case("thoughts after the only reason, no marker", WORDS + STOP + chunk({"reasoning": "hm"}), reasoning="hm", finish=None,
         outcome="truncated", kind=ErrorKind.NETWORK),
    Case("a call after the only reason, no marker", WORDS + STOP + calls(call("{}", index=0, id="a", name="f")),
         partial=(("a", "f", "{}"),), finish=None, outcome="truncated", kind=ErrorKind.NETWORK),
    Case("text after the reason", text("Hel") + STOP + text("lo") + DONE),
    Case("two reasons: the last one counts", WORDS + STOP + chunk(finish="length") + DONE, finish="length"),
    Case("the same reason twice, usage with the second", WORDS + STOP + chunk(finish="stop", usage=USAGE), tokens=TOKENS),
    Case("reasons that are none before the real one", chunk({"content": "Hello"}, "") + chunk(finish="null") + STOP),
    Case("only reasons that are none, and the marker", chunk({"content": "Hello"}, "null") + DONE, finish=None),
    Case("only reasons that are none", chunk({"content": "Hello"}, ""), finish=None, outcome="truncated",
         kind=ErrorKind.NETWORK),
    Case("an unknown reason", WORDS + chunk(finish="eos") + DONE, finish="eos"),
    Case("cut for its length", WORDS + chunk(finish="length") + DONE, finish="length"),
    Case("no reason until the end", b"".join(data({"choices": [{"index": 0, "delta": {"content": c}}]}) for c in "Hello")
         + STOP + DONE),
    Case("a reason that is a number", chunk({"content": "Hello"}) + data({"choices": [{"delta": {}, "finish_reason": 1}]}) + DONE,
         finish=None),
    Case("the other choice ends first", WORDS + data({"choices": [{"index": 1, "delta": {}, "finish_reason": "length"}]})
         + STOP),
    Case("the other choice alone ends", WORDS + data({"choices": [{"index": 1, "delta": {}, "finish_reason": "stop"}]}),
         finish=None, outcome="truncated", kind=ErrorKind.NETWORK),
)  # fmt: skip

ERRORS = (
    _error("an error object", WORDS + data({"error": {"message": "no", "type": "server_error", "code": 502}}) + DONE, "no", status=502),
    _error("an object, with empty choices", WORDS + data({"choices": [], "error": {"message": "no"}}) + DONE, "no"),
    _error("an object, with a choice that ends", WORDS + chunk(finish="error", error={"message": "no"}) + DONE, "no", finish="error"),
    _error("a string", WORDS + data({"error": "no"}) + DONE, "no"),
    _error("a string that is a name, and words", WORDS + data({"error": "overloaded", "message": "too busy"}), "too busy"),
    _error("a list", WORDS + data([{"error": {"message": "no", "code": 503}}]) + DONE, "no", status=503),
    _error("object: error (vLLM)", WORDS + data({"object": "error", "message": "no", "type": "BadRequestError", "code": 400})
           + DONE, "no", ErrorKind.INVALID_REQUEST, 400),
    _error("type: error (Anthropic relays)", WORDS + b"event: error\n"
           + data({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}), "Overloaded"),
    _error("event: error, with an object", WORDS + b'event: error\ndata: {"message": "no", "code": "429"}\n\n', "no", RATE, 429),
    _error("event: error, in plain text", WORDS + b"event: error\ndata: out of memory\n\n" + DONE, "out of memory"),
    _error("event: error, as a JSON string", WORDS + b'event: error\ndata: "no"\n\n' + DONE, "no"),
    _error("event: error, over a good chunk", b"event: error\n" + chunk(error={"message": "no"}) + DONE, "no", text=""),
    _error("the reason alone", WORDS + chunk(finish="error") + DONE, UNSAID, finish="error"),
    _error("the reason, then the words", WORDS + chunk(finish="error") + data({"error": {"message": "no"}}), "no", finish="error"),
    _error("the words, then the reason", WORDS + data({"error": {"message": "no"}}) + chunk(finish="error"), "no", finish="error"),
    _error("in the choice", WORDS + data({"choices": [{"index": 0, "error": {"code": 502, "message": "no"}, "delta": {}}]}),
           "no", status=502),
    _error("without data:", WORDS + b'{"error": {"message": "no"}}\n\n' + DONE, "no"),
    _error("without data: and as the last line", WORDS + b'{"error": {"message": "no"}}', "no"),
    _error("without data: over several lines", WORDS + json.dumps({"error": {"message": "no"}}, indent=1).encode() + b"\n\n", "no"),
    _error("detail in words", WORDS + data({"detail": "no"}) + DONE, "no"),
    _error("detail as an object (FastAPI)", WORDS + data({"detail": {"error": {"message": "no", "code": 429}}}), "no", RATE, 429),
    _error("detail as a list", WORDS + data({"detail": [{"loc": ["body", "x"], "msg": "no"}]}) + DONE, "x: no"),
    _error("after the reason, before the marker (OpenRouter)", WORDS + chunk(finish="length") * 2
           + chunk(finish="error", error={"code": 400, "message": "no"}) + DONE, "no", ErrorKind.INVALID_REQUEST, 400, finish="error"),
    _error("after the reason, no marker", WORDS + STOP + data({"error": {"message": "no"}}), "no", finish="stop"),
    _error("the real words in metadata.raw", data({"error": {"message": "Provider returned error", "code": 502, "metadata":
           {"raw": '{"error": {"message": "prompt is too long"}}', "provider_name": "X"}}}), "prompt is too long", status=502, text=""),
    _error("words inside words", data({"error": {"message": '{"error": {"message": "inner"}}'}}), "inner", text=""),
    _error("a rate limit by its number", data({"error": {"message": "no", "code": 429}}), "no", RATE, 429, text=""),
    _error("a rate limit by a number with a point", b'data: {"error": {"message": "no", "code": 429.0}}\n\n', "no", RATE, 429, text=""),
    _error("a rate limit by its type", data({"error": {"message": "no", "type": "RateLimitError"}}), "no", RATE, text=""),
    _error("a rate limit by its code", data({"error": {"message": "no", "code": "rate_limit_exceeded"}}), "no", RATE, text=""),
    _error("a rate limit by its status (Gemini)", data({"error": {"message": "no", "status": "RESOURCE_EXHAUSTED"}}), "no", RATE,
           text=""),
    _error("a status beside the words", data({"error": {"message": "no", "status_code": 401}}), "no", ErrorKind.AUTHENTICATION,
           401, text=""),
    _error("no balance", data({"error": {"message": "no", "code": "insufficient_quota"}}), "no", ErrorKind.PAYMENT, text=""),
    _error("the strings None (LiteLLM)", data({"error": {"message": "no", "type": "None", "param": "None", "code": "500"}}), "no",
           status=500, text=""),
    _error("a code of digits that are none", data({"error": {"message": "no", "code": "²²²"}}), "no", text=""),
    _error("a code beyond every number", b'data: {"error": {"message": "no", "code": %s}}\n\n' % (b"9" * 6000), "no", text=""),
    _error("true", WORDS + data({"error": True, "message": "no"}), "no"),
    _error("two errors: the first is the cause", data({"error": {"message": "one"}}) + data({"error": {"message": "two"}}), "one",
           text=""),
    _error("an error beats a broken chunk", WORDS + b"data: {\n\n" + data({"error": {"message": "no"}}), "no"),
    *map(_empty_error, (None, False, {}, "", [], 0, {"message": None, "code": None})),
)  # fmt: skip

BODIES = (
    Case("an answer in JSON", json.dumps(WHOLE).encode(), tokens=TOKENS),
    Case("an answer in JSON, laid out", b"\n\n" + json.dumps(WHOLE, indent=2).encode() + b"\n", tokens=TOKENS),
    Case("an answer in JSON, after a byte-order mark", b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(), tokens=TOKENS),
    Case("an answer in JSON with an empty delta (Perplexity)", json.dumps({**WHOLE, "choices": [
         {**WHOLE["choices"][0], "delta": {"role": "assistant", "content": ""}}]}).encode(), tokens=TOKENS),  # type: ignore[index]  # a literal of mixed values
    Case("an answer in JSON without a reason", json.dumps({"choices": [{"message": {"content": "Hello"}}]}).encode(), finish=None),
    Case("half an answer in JSON", json.dumps(WHOLE).encode()[:-20], "", finish=None, outcome="truncated", kind=ErrorKind.NETWORK),
    Case("a whole message in an event", data(WHOLE) + DONE, tokens=TOKENS),
    Case("deltas, then their sum", text("Hel") + text("lo") + data(WHOLE) + DONE, tokens=TOKENS),
    Case("the sum beside each delta (Perplexity)", b"".join(
         data({"choices": [{"index": 0, "message": {"content": "Hello"[:at + 1]}, "delta": {"content": "Hello"[at]}}]})
         for at in range(5)) + STOP),
    _error("an error in JSON", b'{"error": {"message": "no", "code": 429}}', "no", RATE, 429, text=""),
    _error("an error in JSON, as a list", b'[{"error": {"message": "no", "code": 400, "status": "INVALID_ARGUMENT"}}]', "no",
           ErrorKind.INVALID_REQUEST, 400, text=""),
    _error("an error in JSON, then the marker", b'{"error": {"message": "no"}}\n\ndata: [DONE]\n\n', "no", text=""),
    _error("JSON that is no answer", b'{"hello": "world"}', "not an answer", PROTOCOL, text=""),
    _error("an answer of another interface (Baidu)", b'{"error_code": 336003, "error_msg": "the user comes first"}',
           "not an answer: the user comes first", PROTOCOL, text=""),
    _error("an answer of another interface (MiniMax)", b'{"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}',
           "not an answer: insufficient balance", PROTOCOL, text=""),
    _error("an answer of a proxy's own", b'{"code": 500, "msg": "no channel for this model", "data": null}',
           "not an answer: no channel for this model", PROTOCOL, text=""),
    _error("a web page", b"<!DOCTYPE html>\n<html><head><title>504 Gateway Time-out</title></head></html>",
           "a web page: 504 Gateway Time-out", PROTOCOL, text=""),
    _error("a web page without a title", b"<html><body><center>nginx</center></body></html>", "a web page: nginx", PROTOCOL, text=""),
    _error("a web page with scripts", b"<html><style>p{}</style><p>Out <b>of</b> order<script>alert(1)</script> today</html>",
           "a web page: Out of order today", PROTOCOL, text=""),
    _error("a web page with lines that look like fields", b"<html><style>\n:root {}\ndata: x\n</style><title>Sorry</title>",
           "a web page: Sorry", PROTOCOL, text=""),
    _error("half a web page", b"<html><head><title>Sign in</title>", "a web page: Sign in", PROTOCOL, text=""),
    _error("XML", b'<?xml version="1.0"?><Error><Message>AccessDenied</Message></Error>', "AccessDenied", PROTOCOL, text=""),
    Case("a body of plain text", b"no healthy upstream", "", finish=None, outcome="truncated", kind=ErrorKind.NETWORK,
         told="no healthy upstream"),
)  # fmt: skip

CASES = (*ENDS, *ERRORS, *BODIES)
