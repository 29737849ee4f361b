"""Recognises a tool call that a model wrote as text, because its server does not parse the model's own form.

Such a call is never run: it is only told from an answer. Looked at are the two ends of the text alone, so the same
letters inside an answer, or in a code block at its end, are something that the model talks about.
"""

from typing import Final

import msgspec

_OPENINGS: Final = (
    "<tool_call>",  # Qwen, Hermes, GLM 4.5
    "<function=",  # Llama 3.1, Qwen Coder
    "<function_calls>",  # Claude behind relays, DeepSeek V3.2
    "<invoke name=",  # the same, without what stands around it
    "<minimax:tool_call>",
    "<seed:tool_call>",
    "<TOOLCALL>",  # Nemotron
    "[TOOL_CALLS]",  # Mistral
    "<|tool_call|>",  # Phi 4, Granite
    "<|tool_call>",  # Gemma 4
    "<|tool_call_start|>",  # LFM 2
    "<|tool_calls_section_begin|>",  # Kimi K2
    "<｜tool▁calls▁begin｜>",  # DeepSeek R1, V3
    "<｜DSML｜function_calls>",  # DeepSeek V3.2
    "<|python_tag|>",  # Llama 3.1
    "<start_function_call>",  # FunctionGemma
    "commentary to=functions.",  # gpt-oss without its marks
)
_CLOSINGS: Final = (
    "</tool_call>",
    "</function>",
    "</function_calls>",
    "</invoke>",
    "</minimax:tool_call>",
    "</seed:tool_call>",
    "</TOOLCALL>",
    "<tool_call|>",
    "<|tool_call_end|>",
    "<|tool_calls_section_end|>",
    "<｜tool▁calls▁end｜>",
    "</｜DSML｜function_calls>",
    "<end_function_call>",
    "<|call|>",  # gpt-oss
)
_MAX_JSON: Final = 64 * 1024
_CALL_FIELDS: Final = frozenset({"type", "id", "name", "arguments", "parameters", "function"})


def is_written_call(text: str) -> bool:
    """Whether a text is, begins or ends with a call in one of the forms that models are trained to write."""
    ends = text[-200:].rstrip()
    return text[:200].lstrip().startswith(_OPENINGS) or ends.endswith(_CLOSINGS) or _is_call_in_json(text)


def _is_call_in_json(text: str) -> bool:
    """Nothing but JSON with a name and arguments, perhaps in a code block (Llama 3.2, Qwen Coder)."""
    if len(text) > _MAX_JSON or not text[:20].lstrip().startswith(("{", "[", "```")):
        return False
    text = text.strip()
    if text.startswith("```") and text.endswith("```"):
        text = text.removesuffix("```").partition("\n")[2]
    try:
        value: object = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return False
    if isinstance(value, dict) and set(value) == {"tool_calls"}:
        value = value["tool_calls"]
    calls = value if isinstance(value, list) else [value]
    return bool(calls) and all(map(_is_call, calls))


def _is_call(value: object) -> bool:
    if not isinstance(value, dict) or not value.keys() <= _CALL_FIELDS:
        return False
    function = value.get("function")
    if isinstance(function, dict):
        value = function
    arguments = value.get("arguments", value.get("parameters"))
    is_object = isinstance(arguments, str) and arguments.lstrip().startswith("{")
    return isinstance(value.get("name"), str) and (is_object or isinstance(arguments, dict))
