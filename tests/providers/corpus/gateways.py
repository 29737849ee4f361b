# ruff: noqa: E501  # one case reads best in few lines
"""The quirks of gateways and servers, one stream each, shortened to what is odd about them."""

import json

from tests.providers.corpus.case import Case
from tests.providers.streams import DONE, chunk, data, text
from tui_chat.core.errors import ErrorKind

STOP = chunk(finish="stop")
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
TOKENS = (3, 2, 5)


def choice(delta: object, finish: object = None, **fields: object) -> bytes:
    """A chunk whose choice holds more than a delta."""
    return data(
        {"id": "c", "object": "chat.completion.chunk", "choices": [{"delta": delta, "finish_reason": finish, **fields}]}
    )


def _details(*details: object) -> bytes:
    return chunk({"content": "", "reasoning_details": list(details)})


GATEWAYS = (
    Case("OpenAI", chunk({"role": "assistant", "content": "", "refusal": None}, usage=None, obfuscation="aX")
         + chunk({"content": "Hello"}, usage=None, obfuscation="b", service_tier="default", system_fingerprint="fp")
         + chunk(finish="stop", usage=None) + data({"choices": [], "usage": USAGE, "obfuscation": ""}) + DONE, tokens=TOKENS),
    Case("OpenAI: a refusal", chunk({"refusal": "I can"}) + chunk({"refusal": "not."}) + STOP + DONE, "", refusal="I cannot."),
    Case("OpenAI: moderation without choices", data({"object": "chat.completion.chunk", "moderation": {"flagged": False}})
         + text("Hello") + STOP + DONE),
    Case("Azure", data({"id": "", "model": "", "object": "", "created": 0, "choices": [], "prompt_filter_results":
         [{"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False}}}]})
         + choice({"content": "Hello"}, index=0, content_filter_results={}, content_filter_offsets={"check_offset": 1})
         + choice({}, "content_filter", index=0) + DONE, finish="content_filter"),
    Case("OpenRouter", b": OPENROUTER PROCESSING\n\n" * 30 + chunk({"role": "assistant", "content": "Hel"}, provider="X")
         + b": OPENROUTER PROCESSING\n\n" + chunk({"role": "assistant", "content": "lo"})
         + choice({"role": "assistant", "content": ""}, "stop", native_finish_reason="STOP")
         + chunk({"role": "assistant", "content": ""}, "stop", usage={**USAGE, "cost": 0.00014, "is_byok": False,
         "cost_details": {"upstream_inference_cost": None}}) + DONE, tokens=TOKENS, cost="0.00014"),
    Case("OpenRouter: reasoning said twice", b"".join(chunk({"content": "", "reasoning": word, "reasoning_details":
         [{"type": "reasoning.text", "text": word, "format": "unknown", "index": 0}]}) for word in ("Let ", "me see"))
         + text("Hello") + STOP + DONE, reasoning="Let me see"),
    Case("OpenRouter: details alone", _details({"type": "reasoning.summary", "summary": "Short. "})
         + _details({"type": "reasoning.encrypted", "data": "gAAAA"}, {"type": "reasoning.text", "text": "Long."})
         + _details({"type": "reasoning.text", "text": None, "signature": "s"}) + text("Hello") + STOP + DONE,
         reasoning="Short. Long."),
    Case("Groq", chunk({"role": "assistant", "content": ""}, x_groq={"id": "req"}) + chunk({"channel": "analysis", "reasoning": "hm"})
         + text("Hello") + chunk(finish="stop", x_groq={"id": "req", "usage": {**USAGE, "queue_time": 0.1}}) + DONE,
         reasoning="hm", tokens=TOKENS),
    Case("Groq: an error event and no marker", text("Hello") + b"event: error\n"
         + data({"error": {"message": "Tool call validation failed", "type": "invalid_request_error", "status_code": 400}}),
         finish=None, outcome="error", kind=ErrorKind.INVALID_REQUEST, status=400, told="Tool call validation"),
    Case("Groq: thinking inside the text", text("<think>") + text("\nOkay") + text(".\n") + text("</think>") + text("\n\n")
         + text("Hello") + STOP + DONE, reasoning="Okay."),
    Case("DeepSeek", chunk({"role": "assistant", "content": None, "reasoning_content": ""})
         + chunk({"content": None, "reasoning_content": "hm"}) + chunk({"content": "Hello", "reasoning_content": None})
         + chunk({"content": "", "reasoning_content": None}, "stop", usage={**USAGE, "prompt_cache_hit_tokens": 0}) + DONE,
         reasoning="hm", tokens=TOKENS),
    Case("Moonshot: usage inside the choice", chunk({"reasoning_content": "hm"}) + text("Hello")
         + choice({}, "stop", index=0, usage=USAGE) + DONE, reasoning="hm", tokens=TOKENS),
    Case("xAI: usage on each chunk", chunk({"reasoning_content": "hm"}, usage={**USAGE, "completion_tokens": 0})
         + chunk({"content": "Hello", "role": "assistant"}, usage={**USAGE, "completion_tokens": 1})
         + chunk(finish="stop", usage=USAGE) + DONE, reasoning="hm", tokens=TOKENS),
    Case("Mistral: parts", chunk({"role": "assistant", "content": ""})
         + chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Let "}]}]})
         + chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "me"}], "closed": True},
                              {"type": "text", "text": "Hel"}, {"type": "reference", "reference_ids": [1]}]})
         + chunk({"content": "lo"}, "stop", usage=USAGE, p="abc") + DONE, reasoning="Let me", tokens=TOKENS),
    Case("parts of other makes", chunk({"content": ["Hel", {"text": "l"}, None, 7, {"type": "text", "text": "o"}]}) + STOP + DONE),
    Case("one part without its list", chunk({"content": {"type": "text", "text": "Hello"}}) + STOP + DONE),
    Case("Snowflake", data({"id": "", "model": "m", "created": 0, "choices": [{"delta": {"content": "Hello", "refusal": "",
         "tool_calls": None, "content_list": [{"type": "text", "text": "Hello"}]}}], "usage": {}})
         + data({"choices": [], "usage": USAGE}) + DONE, finish=None, tokens=TOKENS),
    Case("Perplexity", b"".join(data({"choices": [{"index": 0, "finish_reason": end, "message": {"role": "assistant", "content": all_},
         "delta": {"role": "assistant", "content": word}}], "citations": ["https://x"], "usage": {**USAGE, "cost":
         {"input_tokens_cost": 0.001, "total_cost": 0.006}}}) for word, all_, end in (("Hel", "Hel", None), ("lo", "Hello", "stop"))),
         tokens=TOKENS, cost="0.006"),
    Case("Together", data({"choices": [{"index": 0, "text": "Hello", "logprobs": None, "delta": {"token_id": 5, "content": "Hello",
         "tool_calls": []}, "finish_reason": None}], "token_ids": [5]}) + choice({"token_id": 2, "content": ""}, "stop", text="")
         + DONE),
    Case("Fireworks, Cerebras: unknown fields", chunk({"content": "Hello"}, perf_metrics=None, time_info={"t": 1}, sla_metrics={},
         prompt_token_ids=None) + STOP + DONE),
    Case("Gemini: whole in two chunks, usage with both", chunk({"role": "assistant", "content": "Hel"}, usage={**USAGE,
         "completion_tokens": 1}) + chunk({"content": "lo", "extra_content": {"google": {}}}, "stop", usage=USAGE) + DONE,
         tokens=TOKENS),
    Case("Foundry Local, SGLang: fields of null", b"".join(data({"id": str(at), "error": None, "choices": [{"index": 0, "delta":
         {"role": None, "content": letter, "reasoning_content": None, "tool_calls": None, "function_call": None}, "logprobs": None,
         "finish_reason": "", "matched_stop": None}], "usage": None}) for at, letter in enumerate("Hello")) + STOP + DONE),
    Case("GenieX: reasons of null to the very end", chunk({"content": "Hello"}, "null") + chunk({}, "null") + DONE, finish=None),
    Case("vLLM: both names of reasoning", chunk({"reasoning": "hm", "reasoning_content": "hm"}) + text("Hello") + STOP + DONE,
         reasoning="hm"),
    Case("vLLM: an error, then the marker", text("Hello") + data({"error": {"message": "EngineCore died", "type":
         "InternalServerError", "param": None, "code": 500}}) + DONE, finish=None, outcome="error", kind=ErrorKind.GATEWAY, status=500,
         told="EngineCore"),
    Case("llama-server", chunk({"role": "assistant", "content": None}) + chunk({"role": "assistant"}, prompt_progress={"total": 9})
         + text("Hello") + chunk(finish="stop", timings={"predicted_n": 2}) + data({"choices": [], "usage": USAGE, "timings": {}})
         + DONE, tokens=TOKENS),
    Case("llama-server: two choices", data({"choices": [{"index": 1, "delta": {"content": "other"}}]}) + text("Hello")
         + data({"choices": [{"index": 1, "delta": {}, "finish_reason": "length"}]}) + STOP + DONE),
    Case("llama-server: stopped", text("Hello") + b":\n\n", finish=None, outcome="truncated", kind=ErrorKind.NETWORK),
    Case("llama_cpp.server: spaces in the JSON", text("Hello").replace(b'":', b'" : ') + STOP + DONE),
    Case("transformers serve: the end in one chunk, no marker", data({"choices": [{"delta": {"content": "Hello", "role": "assistant"},
         "index": 0}]}) + chunk({}, "stop", usage=USAGE), tokens=TOKENS),
    Case("LiteLLM", data({"choices": [{"index": 0, "delta": {"content": "Hello", "role": "assistant"}}]})
         + data({"choices": [{"finish_reason": "stop", "index": 0, "delta": {}}]})
         + data({"choices": [{"index": 0, "delta": {}}], "usage": USAGE}) + DONE, tokens=TOKENS),
    Case("Ollama: reasoning", chunk({"role": "assistant", "content": "", "reasoning": "hm"}) + text("Hello")
         + chunk({"role": "assistant", "content": ""}, "stop") + DONE, reasoning="hm"),
    Case("KoboldCpp: the event is named", (text("Hello") + STOP).replace(b"data:", b"event: message\ndata:") + DONE),
    Case("LM Studio: usage and stats at the end", text("Hello") + STOP + data({"choices": [], "usage": USAGE, "stats": {}}) + DONE,
         tokens=TOKENS),
    Case("Cohere: content is missing", chunk({"role": "assistant"}) + text("Hello") + chunk({}, "stop") + DONE),
    Case("choices of null", data({"choices": None}) + text("Hello") + STOP + DONE),
    Case("choices as an object", data({"choices": {"delta": {"content": "Hello"}, "finish_reason": "stop"}})),
    Case("choices with holes", data({"choices": [None, {"index": 0, "delta": {"content": "Hello"}}, 7]}) + STOP),
    Case("both choices in one chunk, the other first", data({"choices": [{"index": 1, "delta": {"content": "x"}},
         {"index": 0, "delta": {"content": "Hello"}}]}) + STOP),
    Case("numbers with a point, and as strings", data({"choices": [{"index": 0.0, "delta": {"content": "Hel"}}]})
         + data({"choices": [{"index": "0", "delta": {"content": "lo"}}], "usage": {"prompt_tokens": 3.0, "completion_tokens": "2",
         "total_tokens": 5}}) + STOP, tokens=TOKENS),
    Case("a delta of null", data({"choices": [{"index": 0, "delta": None}]}) + text("Hello") + STOP),
    Case("content that is no text", chunk({"content": 7}) + chunk({"content": True}) + text("Hello") + STOP),
    Case("an object named error inside the delta", chunk({"content": "Hello", "error": {"message": "x"}}) + STOP),
)  # fmt: skip


def _thinking(name: str, words: list[str], reasoning: str, said: str) -> Case:
    return Case(f"thinking: {name}", b"".join(map(text, words)) + STOP + DONE, said, reasoning=reasoning)


THINKING = (
    _thinking("whole in one chunk", ["<think>why</think>so"], "why", "so"),
    _thinking("letter by letter", list("<think>\nwhy\n</think>\n\nso"), "why", "so"),
    _thinking("white space before it", ["\n\n", " <think>why</think>", " so"], "why", "so"),
    _thinking("never closed", ["<think>why", " not"], "why not", ""),
    _thinking("closed by half", ["<think>why</thi"], "why</thi", ""),
    _thinking("nested: the first close ends it", ["<think>a<think>b</think>c</think>d"], "a<think>b", "c</think>d"),
    _thinking("in the middle", ["so <think>why</think>"], "", "so <think>why</think>"),
    _thinking("in code", ["```\n<think>x</think>\n```"], "", "```\n<think>x</think>\n```"),
    _thinking("another tag", ["<thinking>x</thinking>"], "", "<thinking>x</thinking>"),
    _thinking("in capitals", ["<THINK>x"], "", "<THINK>x"),
    _thinking("closed but never opened", ["why</think>so"], "", "why</think>so"),
    _thinking("a second time", ["<think>a</think>b<think>c</think>"], "a", "b<think>c</think>"),
    _thinking("nothing in it", ["<think>\n\n</think>\n\nso"], "", "so"),
    _thinking("white space inside stays", ["<think>a \n", "\n b</think>so"], "a \n\n b", "so"),
    _thinking("half a tag at the end", ["<thin"], "", "<thin"),
)  # fmt: skip


def _cost(
    value: str, usd: str | None, tokens: tuple[int | None, int | None, int | None] | None = (3, None, None)
) -> Case:
    usage = f'{{"prompt_tokens": 3, "cost": {value}}}'
    return Case(f"cost: {value[:30]}", text("Hello") + STOP + b'data: {"choices": [], "usage": %s}\n\n' % usage.encode() + DONE,
                tokens=tokens, cost=usd)  # fmt: skip


def _usage(value: str, tokens: tuple[int | None, int | None, int | None] | None) -> Case:
    body = text("Hello") + STOP + b'data: {"choices": [], "usage": %s}\n\n' % value.encode() + DONE
    return Case(f"usage: {value[:40]}", body, tokens=tokens)


COUNTS = (
    _cost("0.0000027", "0.0000027"),
    _cost('"0.0000027"', "0.0000027"),
    _cost("2.7E-6", "0.0000027"),
    _cost('"2.7e-06"', "0.0000027"),
    _cost("0.10", "0.10"),
    _cost("0", "0"),
    _cost("0e-30", "0"),
    _cost("12", "12"),
    _cost("0.1234567890123456789", "0.1234567890123456789"),
    _cost('{"total_cost": "0.5"}', "0.5"),
    *(_cost(odd, None) for odd in ("null", "-1", "NaN", "Infinity", "1e400", "1e-400", "1e999999999", '"free"', '""', "[]", "true")),
    _usage("{}", None),
    _usage("null", None),
    _usage("[]", None),
    _usage('{"prompt_tokens": null, "total_tokens": null}', None),
    _usage('{"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}', (0, 0, 0)),
    _usage('{"prompt_tokens": 12.0, "completion_tokens": 1e1, "total_tokens": "22"}', (12, 10, 22)),
    _usage('{"prompt_tokens": -1, "completion_tokens": 9223372036854775808, "total_tokens": 5}', (None, None, 5)),
    _usage('{"prompt_tokens": NaN, "completion_tokens": 1e999, "total_tokens": 5}', (None, None, 5)),
    _usage('{"prompt_tokens": %s, "total_tokens": 5}' % ("9" * 5000), (None, None, 5)),
    _usage('{"input_tokens": 3, "output_tokens": 2}', (3, 2, None)),
    Case("usage: the last that says something", chunk({"content": "Hello"}, usage={**USAGE, "completion_tokens": 1})
         + chunk(finish="stop", usage=USAGE) + data({"choices": [], "usage": {}}) + data({"usage": {"prompt_tokens": None}}) + DONE,
         tokens=TOKENS),
    Case("usage: after the reason, without choices", text("Hello") + STOP + data({"usage": USAGE}) + DONE, tokens=TOKENS),
    Case("usage: an answer that broke off keeps it", chunk({"content": "Hello"}, usage=USAGE), finish=None, outcome="truncated",
         kind=ErrorKind.NETWORK, tokens=TOKENS),
    Case("usage: beside an error", text("Hello") + data({"error": {"message": "no"}, "usage": USAGE}), finish=None, outcome="error",
         kind=ErrorKind.GATEWAY, told="no", tokens=TOKENS),
    Case("usage: as JSON in a string", text("Hello") + STOP + data({"usage": json.dumps(USAGE)})),
)  # fmt: skip

CASES = (*GATEWAYS, *THINKING, *COUNTS)
