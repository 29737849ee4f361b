"""Calls that models write as text are told from answers that speak of them."""

import pytest

from tui_chat.core.written_call import is_written_call

CALLS = {
    "Qwen Coder": "<tool_call>\n<function=get_tide>\n<parameter=at>\nHusum\n</parameter>\n</function>\n</tool_call>",
    "Hermes": 'Let me look.\n<tool_call>\n{"name": "get_tide", "arguments": {"harbour": "Husum"}}\n</tool_call>\n',
    "GLM": "\n<tool_call>get_tide\n<arg_key>harbour</arg_key>\n<arg_value>Husum</arg_value>\n</tool_call>",
    "Llama, never closed": '<function=get_tide>{"harbour": "Husum"}',
    "Claude": '<function_calls>\n<invoke name="get_tide">\n<parameter name="harbour">Husum</parameter>\n</invoke>\n',
    "Mistral": '[TOOL_CALLS]get_tide{"harbour": "Husum"}',
    "Kimi": "I look.<|tool_calls_section_begin|>functions.get_tide:0<|tool_calls_section_end|>",
    "DeepSeek": "<｜tool▁calls▁begin｜>get_tide<｜tool▁calls▁end｜>",
    "gpt-oss": '<|channel|>commentary to=functions.get_tide <|constrain|>json<|message|>{"harbour":"Husum"}<|call|>',
    "JSON": '{"name": "get_tide", "parameters": {"harbour": "Husum"}}',
    "JSON in a block": '```json\n{"name": "get_tide", "arguments": {"harbour": "Husum"}}\n```',
    "a list": '[{"name": "get_tide", "arguments": {}}, {"name": "get_wind", "arguments": {}}]',
    "as in the interface": '{"tool_calls": [{"type": "function", "function": {"name": "tide", "arguments": "{}"}}]}',
}
ANSWERS = {
    "nothing": "",
    "words": "High water is at 14:02.",
    "spoken of": "Qwen writes <tool_call> before a call and </tool_call> behind it.",
    "in a block at the end": "So:\n```\n<tool_call>get_tide</tool_call>\n```",
    "JSON that is an answer": '{"name": "Husum", "harbour": true}',
    "JSON whose arguments are words": '{"name": "Husum", "arguments": "It floods, says the mayor."}',
    "JSON with more in it": '{"name": "Husum", "arguments": {}, "note": "an example"}',
    "JSON that is none": '{"name": "get_tide", "arguments": ',
    "an empty list": "[]",
    "numbers": "[1, 2]",
    "depth": "[" * 5000,
}


@pytest.mark.parametrize("text", CALLS.values(), ids=list(CALLS))
def test_a_call_that_was_written_as_text_is_seen(text: str) -> None:
    assert is_written_call(text)


@pytest.mark.parametrize("text", ANSWERS.values(), ids=list(ANSWERS))
def test_an_answer_is_no_call(text: str) -> None:
    assert not is_written_call(text)
