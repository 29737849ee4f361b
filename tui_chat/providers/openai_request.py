"""The question in the OpenAI dialect: the body of `POST /chat/completions`.

Source: the service's page on streaming and its reference of request fields. What the caller left open is left out, so
that the model's own defaults count and servers that refuse unknown fields are not provoked.
"""

from collections.abc import Mapping

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.request import SAMPLED, Request, Sampling, ToolDefinition
from tui_chat.core.sanitize import without_surrogates
from tui_chat.providers.function_names import own_names, sent_names
from tui_chat.providers.openai_history import wire_messages
from tui_chat.providers.quirks import NEEDED, Quirks

NO_QUIRKS = Quirks()
_TOGETHER = {"stream": ("stream_options",), "models": ("route",)}
"""Fields that mean nothing without another one."""

_ABOUT_CALLS = ("tool_choice", "parallel_tool_calls")
"""Fields that the request has by itself, and that go only with tools."""


class Body(msgspec.Struct, frozen=True):
    """The body of a request, and what about it differs from the question."""

    json: bytes
    left_out: tuple[str, ...]
    """Fields that were left out, of the request and of earlier answers."""
    meant: dict[str, str]
    """Own names of the tools that go by another one, by that."""


def request_body(request: Request, quirks: Quirks = NO_QUIRKS) -> Body:
    """The JSON body that asks for a stream with usage."""
    called = [call.name for message in request.messages for call in message.tool_calls]
    names = sent_names((*(tool.name for tool in request.tools), *called))
    messages, unsent = wire_messages(request, quirks, names)
    body: dict[str, object] = {
        "model": request.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.fallbacks:
        body["models"] = [request.model, *(model for model in request.fallbacks if model != request.model)]
        body["route"] = "fallback"
    if request.tools and not quirks.calls_in_words:
        body["tools"] = [_tool(tool, names) for tool in request.tools]
        if request.tool_choice is not None:
            body["tool_choice"] = _tool_choice(request.tool_choice, names)
        if request.parallel_tool_calls is not None:
            body["parallel_tool_calls"] = request.parallel_tool_calls
    if request.response_format is not None:
        body["response_format"] = request.response_format
    body.update(_sampling(request.sampling))
    for name, value in request.sampling.extra:
        if name not in _ABOUT_CALLS:
            body.setdefault(name, msgspec.json.decode(value))
    left_out = tuple(name for name in body if name in quirks.without and name not in NEEDED)
    for name in left_out:
        for refused in (name, *_TOGETHER.get(name, ())):
            body.pop(refused, None)
    if request.tools and quirks.calls_in_words:
        left_out = (*left_out, "tools")
    for old, new in quirks.renamed:
        if old in body:
            body.setdefault(new, body.pop(old))
    try:
        json = msgspec.json.encode(body)
    except UnicodeEncodeError:
        json = msgspec.json.encode(_encodable(body))
    return Body(json, (*request.left_out, *left_out, *unsent), own_names(names))


def _encodable(value: object) -> object:
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
    for name in SAMPLED:
        value: float | int | str | tuple[str, ...] | None = getattr(sampling, name)
        if value is not None:
            fields[name] = list(value) if isinstance(value, tuple) else value
    return fields


def _tool(tool: ToolDefinition, names: Mapping[str, str]) -> JsonObject:
    return {
        "type": "function",
        "function": {"name": names[tool.name], "description": tool.description, "parameters": tool.parameters},
    }


def _tool_choice(choice: str, names: Mapping[str, str]) -> JsonValue:
    if choice in ("auto", "none", "required"):
        return choice
    return {"type": "function", "function": {"name": names.get(choice, choice)}}
