"""The question in the OpenAI dialect: the body of `POST /chat/completions`.

Source: the service's page on streaming and its reference of request fields. What the caller left open is left out, so
that the model's own defaults count and servers that refuse unknown fields are not provoked.
"""

import hashlib
from collections.abc import Mapping
from typing import cast

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.parts import File, Image, Message, Reasoning, Refusal, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Origin, Request, Sampling, ToolDefinition
from tui_chat.core.sanitize import without_surrogates
from tui_chat.providers.function_names import own_names, sent_name, sent_names
from tui_chat.providers.in_words import Said, calls_in_words, has_pictures, pictures_in_words, system_in_words
from tui_chat.providers.quirks import Quirks
from tui_chat.providers.sent_back import begins_with_thought, call_fields, is_own, message_fields, unsent_fields

NO_QUIRKS = Quirks()
OPTIONAL_FIELDS = frozenset(
    {
        "stream_options", "models", "route", "parallel_tool_calls", "tool_choice", "response_format", "temperature",
        "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "frequency_penalty", "presence_penalty",
        "reasoning_effort",
    }
)  # fmt: skip
"""Fields that a request can do without where a server refuses them."""


RESULTS_SEEN = "I have seen the results."
"""The answer in words that goes between a result and a question where one must."""
_SHORT_ID = 9


class Body(msgspec.Struct, frozen=True):
    """The body of a request, and what about it differs from the question."""

    json: bytes
    left_out: tuple[str, ...]
    """Fields that were left out, of the request and of earlier answers."""
    renamed: dict[str, str]
    """Own names of the tools that go by another one, by that."""


def request_body(request: Request, quirks: Quirks = NO_QUIRKS) -> Body:
    """The JSON body that asks for a stream with usage."""
    names = sent_names(tool.name for tool in request.tools)
    history, unsent = _history(request, quirks, names)
    body: dict[str, object] = {
        "model": request.model,
        "messages": history,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.fallbacks:
        body["models"] = [request.model, *(model for model in request.fallbacks if model != request.model)]
        body["route"] = "fallback"
    if request.tools:
        if not quirks.calls_in_words:
            body["tools"] = [_tool(tool, names) for tool in request.tools]
        if request.tool_choice is not None and "tools" in body:
            body["tool_choice"] = _tool_choice(request.tool_choice, names)
        if request.parallel_tool_calls is not None and "tools" in body:
            body["parallel_tool_calls"] = request.parallel_tool_calls
    if request.response_format is not None:
        body["response_format"] = request.response_format
    body.update(_sampling(request.sampling))
    left_out = tuple(name for name in body if name in quirks.without and name in OPTIONAL_FIELDS)
    for name in left_out:
        del body[name]
    for old, new in quirks.renamed:
        if old in body:
            body.setdefault(new, body.pop(old))
    if request.tools and "tools" not in body:
        left_out = (*left_out, "tools")
    try:
        json = msgspec.json.encode(body)
    except UnicodeEncodeError:
        json = msgspec.json.encode(_encodable(body))
    return Body(json, (*left_out, *unsent), own_names(names))


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
    for name in Sampling.__struct_fields__:
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


def _history(
    request: Request, quirks: Quirks, names: Mapping[str, str]
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """The messages as the wire has them, and the fields of them that were left out."""
    said: list[Said] = [(message, request.origins.get(at)) for at, message in enumerate(request.messages)]
    left_out: dict[str, None] = {}
    if (quirks.pictures_in_words or not request.takes_pictures) and has_pictures(said):
        said = pictures_in_words(said)
        left_out["images"] = None
    if quirks.calls_in_words or (quirks.calls_need_tools and not request.tools):
        said = calls_in_words(said)
    elif quirks.own_rounds_only:
        said = calls_in_words(said, lambda at: not begins_with_thought(said[at][1], request))
    if quirks.system_in_words:
        said = system_in_words(said)
    last_question = max((at for at, (message, _) in enumerate(said) if message.role is Role.USER), default=-1)
    history: list[dict[str, object]] = []
    for at, (message, origin) in enumerate(said):
        if message.role is not Role.ASSISTANT:
            wires = _messages(message)
            if quirks.answers_results and wires and wires[0]["role"] == "user" and _last_role(history) == "tool":
                history.append(_seen(quirks))
            history += wires
            continue
        in_tool_loop = at > last_question
        if wire := _assistant(message, request, origin, quirks, names, in_tool_loop=in_tool_loop):
            history.append(wire)
            left_out.update(dict.fromkeys(unsent_fields(message, origin, request, quirks, in_tool_loop=in_tool_loop)))
    if quirks.short_ids:
        _shorten_ids(history)
    return history, tuple(left_out)


def _last_role(history: list[dict[str, object]]) -> object:
    return history[-1]["role"] if history else None


def _seen(quirks: Quirks) -> dict[str, object]:
    fields = message_fields(Origin(), quirks, is_own=False, in_tool_loop=False)
    return {"role": "assistant", "content": RESULTS_SEEN, **fields}


def _shorten_ids(history: list[dict[str, object]]) -> None:
    """Every id as nine letters and digits, the same ones for the same id."""
    short: dict[object, str] = {}

    def shortened(id_: object) -> str:
        text, number = str(id_), 0
        found = text if len(text) == _SHORT_ID and text.isascii() and text.isalnum() else ""
        while id_ not in short:
            if found and found not in short.values():
                short[id_] = found
            found = hashlib.sha256(f"{number} {text}".encode()).hexdigest()[:_SHORT_ID]
            number += 1
        return short[id_]

    for message in history:
        if "tool_call_id" in message:
            message["tool_call_id"] = shortened(message["tool_call_id"])
        for call in cast(list[dict[str, object]], message.get("tool_calls", [])):
            call["id"] = shortened(call["id"])


def _messages(message: Message) -> list[dict[str, object]]:
    """One message as the wire has it: a tool message carries one result, so several results are several messages."""
    results: list[dict[str, object]] = [
        {"role": "tool", "tool_call_id": part.call_id, "content": part.content}
        for part in message.parts
        if isinstance(part, ToolResult)
    ]
    content = _content(message)
    if content is None or message.role is Role.TOOL:
        return results
    return [*results, {"role": message.role.value, "content": content}]


def _assistant(
    message: Message,
    request: Request,
    origin: Origin | None,
    quirks: Quirks,
    names: Mapping[str, str],
    *,
    in_tool_loop: bool,
) -> dict[str, object] | None:
    """None where nothing of the message goes back: reasoning alone, or nothing at all."""
    own = origin is not None and is_own(origin, request)
    calls: list[dict[str, object]] = [
        {
            "id": part.id,
            "type": "function",
            "function": {
                "name": names.get(part.name) or sent_name(part.name),
                "arguments": part.arguments or "{}",
            },
            **call_fields(part.provider_data, quirks, is_own=own),
        }
        for part in message.parts
        if isinstance(part, ToolCall)
    ]
    words = "".join(part.text for part in message.parts if isinstance(part, Text | Refusal))
    if not words and not calls:
        return None
    wire: dict[str, object] = {"role": "assistant", "content": words or None}
    wire.update(message_fields(origin or Origin(), quirks, is_own=own, in_tool_loop=in_tool_loop))
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
