"""The question in the OpenAI dialect: the body of `POST /chat/completions`.

Source: the service's page on streaming and its reference of request fields. What the caller left open is left out, so
that the model's own defaults count and servers that refuse unknown fields are not provoked.
"""

from collections.abc import Collection

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.parts import File, Image, Message, Reasoning, Refusal, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Request, Sampling, ToolDefinition
from tui_chat.core.sanitize import without_surrogates

OPTIONAL_FIELDS = frozenset(
    {
        "stream_options", "models", "route", "parallel_tool_calls", "tool_choice", "response_format", "temperature",
        "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "frequency_penalty", "presence_penalty",
        "reasoning_effort",
    }
)  # fmt: skip
"""Fields that a request can do without where a server refuses them."""


def request_body(request: Request, without: Collection[str] = ()) -> bytes:
    """The JSON body that asks for a stream with usage."""
    body: JsonObject = {
        "model": request.model,
        "messages": [wire for message in request.messages for wire in _messages(message)],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.fallbacks:
        body["models"] = [request.model, *(model for model in request.fallbacks if model != request.model)]
        body["route"] = "fallback"
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
        if request.tool_choice is not None:
            body["tool_choice"] = _tool_choice(request.tool_choice)
        if request.parallel_tool_calls is not None:
            body["parallel_tool_calls"] = request.parallel_tool_calls
    if request.response_format is not None:
        body["response_format"] = request.response_format
    body.update(_sampling(request.sampling))
    for name in without:
        if name in OPTIONAL_FIELDS:
            body.pop(name, None)
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(body))


def _encodable(value: JsonValue) -> JsonValue:
    """The value without the surrogate halves that no encoder takes."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(name): _encodable(item) for name, item in value.items()}
    return value


def _sampling(sampling: Sampling) -> JsonObject:
    fields: JsonObject = {}
    for name in Sampling.__struct_fields__:
        value: float | int | str | tuple[str, ...] | None = getattr(sampling, name)
        if value is not None:
            fields[name] = list(value) if isinstance(value, tuple) else value
    return fields


def _tool(tool: ToolDefinition) -> JsonObject:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
    }


def _tool_choice(choice: str) -> JsonValue:
    if choice in ("auto", "none", "required"):
        return choice
    return {"type": "function", "function": {"name": choice}}


def _messages(message: Message) -> list[JsonValue]:
    """One message as the wire has it: a tool message carries one result, so several results are several messages."""
    if message.role is Role.ASSISTANT:
        return [wire] if (wire := _assistant(message)) else []
    results: list[JsonValue] = [
        {"role": "tool", "tool_call_id": part.call_id, "content": part.content}
        for part in message.parts
        if isinstance(part, ToolResult)
    ]
    content = _content(message)
    if content is None or message.role is Role.TOOL:
        return results
    return [*results, {"role": message.role.value, "content": content}]


def _assistant(message: Message) -> JsonObject | None:
    """None where nothing of the message goes back: reasoning alone, or nothing at all."""
    calls: list[JsonValue] = [
        {"id": part.id, "type": "function", "function": {"name": part.name, "arguments": part.arguments or "{}"}}
        for part in message.parts
        if isinstance(part, ToolCall)
    ]
    words = "".join(part.text for part in message.parts if isinstance(part, Text | Refusal))
    if not words and not calls:
        return None
    wire: JsonObject = {"role": "assistant", "content": words or None}
    if calls:
        wire["tool_calls"] = calls
    return wire


def _content(message: Message) -> JsonValue:
    """A string where there are only words, blocks as soon as there is a picture; None where there is nothing."""
    texts: list[str] = []
    blocks: list[JsonValue] = []
    for part in message.parts:
        match part:
            case Text(text) | Refusal(text):
                texts.append(text)
                blocks.append({"type": "text", "text": text})
            case Image(url):
                blocks.append({"type": "image_url", "image_url": {"url": url}})
            case Reasoning() | ToolCall() | ToolResult() | File():
                pass
    if len(blocks) > len(texts):
        return blocks
    return "".join(texts) if texts else None
