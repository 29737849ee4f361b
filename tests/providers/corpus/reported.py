# ruff: noqa: E501  # one case reads best in few lines
"""Streams that users of other clients reported, with the tracker they come from: ends, usage and thoughts."""

import json

from tests.providers.corpus.case import Case
from tests.providers.streams import DONE, call, calls, chunk, data, text
from tui_chat.core.errors import ErrorKind

WORDS, STOP = text("Hello"), chunk(finish="stop")
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
NOTHING_YET = {"prompt_tokens": 3, "completion_tokens": 0, "total_tokens": 0}
TOKENS = (3, 2, 5)
CALL = calls(call('{"x":1}', index=0, id="a", name="f"))
A = (("a", "f", '{"x":1}'),)


def _unsure(reason: str, source: str) -> Case:
    """A call that looks whole, of an answer that says that it is not."""
    return Case(
        f"reported: a call, then {reason} ({source})", CALL + chunk(finish=reason) + DONE, "", partial=A, finish=reason
    )


UNSURE = (
    _unsure("MALFORMED_FUNCTION_CALL", "NousResearch/hermes-agent#83886"),
    _unsure("function_call_filter: MALFORMED_FUNCTION_CALL", "NousResearch/hermes-agent#83882"),
    _unsure("UNEXPECTED_TOOL_CALL", "NousResearch/hermes-agent#83882"),
    _unsure("model_context_window_exceeded", "earendil-works/pi#1868"),
    _unsure("MAX_TOKENS", "metabase/metabase#80959"),
    _unsure("max_tokens", "vertesia/llumiverse#199"),
    _unsure("model_length", "UKGovernmentBEIS/inspect_ai#4552"),
    _unsure("abort", "vllm-project/vllm#53270"),
    _unsure("repetition", "vllm-project/vllm#53270"),
    _unsure("insufficient_system_resource", "DeepSeek's reference"),
    _unsure("refusal", "CherryHQ/cherry-studio#16079"),
    _unsure("SAFETY", "vertesia/llumiverse#199"),
)

ENDS = (
    Case("reported: stop behind a cut, nothing between them: the cut counts", CALL + chunk(finish="length") + STOP + DONE, "",
         partial=A, finish="length"),
    Case("reported: a plain reason behind a plain one", CALL + chunk(finish="tool_calls") + STOP + DONE, "", calls=A),
    Case("reported: the last words with the reason, and the reason again (linagora/openrag#462)", chunk({"content": "Hello"}, "stop")
         + STOP + DONE),
    Case("reported: STOP with each chunk (suhaibbinyounis/github-copilot-api-vscode#100)", b"".join(
         chunk({"content": piece}, "STOP") for piece in ("Hel", "lo")) + DONE, finish="STOP"),
    Case("reported: pages behind the reason, no marker (diegosouzapw/OmniRoute#6791)", WORDS + STOP
         + data({"choices": [], "search_results": [{"title": "A", "url": "https://a"}]})),
    Case("reported: an answer that is an error with a native reason (OpenRouterTeam/openrouter-examples#67)", json.dumps({"choices": [
         {"index": 0, "finish_reason": "error", "native_finish_reason": "MALFORMED_FUNCTION_CALL",
          "message": {"role": "assistant", "content": None}}]}).encode(), "", finish="error", outcome="error",
         kind=ErrorKind.GATEWAY),
    Case("reported: all of it thought (diegosouzapw/OmniRoute#11151)", chunk({"content": None, "reasoning_content": "It is 408."})
         + STOP + DONE, "", reasoning="It is 408."),
    Case("reported: half a call that is called whole (vllm-project/vllm#53269)", calls(call('{"text": "Onc', index=0, id="a", name="f"))
         + chunk(finish="tool_calls") + DONE, "", calls=(("a", "f", '{"text": "Onc'),), finish="tool_calls"),
    Case("reported: a template's complaint inside the stream (sterlp/eclipse-peon-ai#75)", data({"error": {"code": "server_error",
         "message": "rpc error: code = InvalidArgument desc = \n------------\nWhile executing CallExpression", "type": "server_error"}})
         + DONE, "", finish=None, outcome="error", kind=ErrorKind.GATEWAY, told="InvalidArgument"),
)  # fmt: skip

LATE_USAGE = (
    Case("reported: usage behind the marker (Continuum-AI-Corp/OrcaRouter-Lite#127)", WORDS + STOP + DONE
         + data({"choices": [], "usage": USAGE}), tokens=TOKENS),
    Case("reported: usage with an empty delta behind the reason (agentjido/req_llm#780)", WORDS + STOP
         + data({"choices": [{"index": 0, "delta": {}}], "usage": USAGE}) + DONE, tokens=TOKENS),
    Case("reported: usage of nothing with each chunk (router-for-me/CLIProxyAPI#3077)", chunk({"content": "Hel"}, usage=NOTHING_YET)
         + chunk({"content": "lo"}, usage=NOTHING_YET) + chunk(finish="stop", usage=USAGE) + DONE, tokens=TOKENS),
    Case("reported: usage with each chunk ends nothing (rashidrazak/opencode-cmd-provider#213)", chunk({"reasoning": "hm"}, usage=NOTHING_YET)
         + chunk({"tool_calls": [call('{"x"', index=0, id="a", name="f")]}, usage=NOTHING_YET)
         + chunk({"content": "", "tool_calls": []}, usage=NOTHING_YET)
         + chunk({"tool_calls": [call(":1}", index=0)]}, usage=NOTHING_YET) + chunk(finish="tool_calls", usage=USAGE) + DONE, "",
         reasoning="hm", calls=A, finish="tool_calls", tokens=TOKENS),
    Case("reported: words behind the marker are none", WORDS + STOP + DONE + text(" there") + chunk(finish="length")),
)  # fmt: skip

THOUGHTS = (
    Case("reported: thoughts in reasoning_text (anomalyco/opencode#8900)", chunk({"content": None, "reasoning_text": "Let "})
         + chunk({"reasoning_text": "me see."}) + chunk({"reasoning_opaque": "b64=="}) + WORDS + STOP + DONE, reasoning="Let me see."),
    Case("reported: thoughts as an object (diegosouzapw/OmniRoute#2159)", chunk({"reasoning": {"summary": "Let me "}})
         + chunk({"reasoning": {"summary": "see."}}) + WORDS + STOP + DONE, reasoning="Let me see."),
    Case("reported: details without a type (archestra-ai/archestra#6834)", chunk({"reasoning_details": [{"text": "Let me "}]})
         + chunk({"reasoning_details": [{"text": "see."}]}) + WORDS + STOP + DONE, reasoning="Let me see."),
    Case("reported: details in pieces (MiniMax-AI/MiniMax-M2#95)", b"".join(chunk({"reasoning_details": [
         {"type": "reasoning.text", "id": "r-1", "format": "MiniMax-response-v1", "index": 0, "text": piece}]})
         for piece in ("The user", " is asking.")) + WORDS + STOP + DONE, reasoning="The user is asking."),
)  # fmt: skip

CASES = (*UNSURE, *ENDS, *LATE_USAGE, *THOUGHTS)
