"""What of a conversation is sent: the path as messages that every gateway accepts.

History stays sendable whatever happened in it: a call without a result gets one that says so, calls of an answer that
did not end well are left out, arguments that are not a JSON object are wrapped in one.
"""

import json

import msgspec

from tui_chat.chat.services import Services
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import File, Image, Message, Part, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Request
from tui_chat.core.tree import Conversation, Node

NO_RESULT = "No result was given for this call."


def build_request(conversation: Conversation, path: tuple[Node, ...], services: Services, model: str) -> Request:
    """The request that asks `model` to continue the path."""
    messages = [Message(Role.SYSTEM, (Text(conversation.system),))] if conversation.system else []
    messages.extend(sendable_messages(path))
    return Request(
        model=model,
        messages=tuple(messages),
        fallbacks=tuple(fallback for fallback in services.fallbacks if fallback != model),
        tools=services.tools,
        sampling=services.sampling,
    )


def sendable_messages(path: tuple[Node, ...]) -> list[Message]:
    """The path as messages, without what must not or need not be sent."""
    messages: list[Message] = []
    open_calls: dict[str, ToolCall] = {}
    for node in path:
        message = node.message
        if message.role is Role.TOOL:
            results = [part for part in message.parts if isinstance(part, ToolResult) and part.call_id in open_calls]
            for result in results:
                del open_calls[result.call_id]
                messages.append(Message(Role.TOOL, (result,)))
            continue
        messages.extend(_results_for(open_calls))
        open_calls = {call.id: call for call in node.calls_to_act_on}
        parts = _answer_parts(node) if message.role is Role.ASSISTANT else _question_parts(message)
        if parts:
            messages.append(Message(message.role, parts))
    messages.extend(_results_for(open_calls))
    return messages


def _results_for(open_calls: dict[str, ToolCall]) -> list[Message]:
    return [
        Message(Role.TOOL, (ToolResult(call.id, call.name, NO_RESULT, is_error=True),)) for call in open_calls.values()
    ]


def _answer_parts(node: Node) -> tuple[Part, ...]:
    message = node.message
    words = message.text or message.refusal or ""
    calls = tuple(_sendable_call(call) for call in node.calls_to_act_on)
    return (Text(words), *calls) if words else calls


def _sendable_call(call: ToolCall) -> ToolCall:
    """The call with arguments that are a JSON object: some gateways refuse the whole conversation otherwise."""
    if parse_arguments(call.arguments)[1] is None:
        return call
    return msgspec.structs.replace(call, arguments=json.dumps({"invalid_arguments": call.arguments}), fragments=())


def parse_arguments(arguments: str) -> tuple[JsonObject | None, str | None]:
    """The arguments' JSON object and None, or None and what is wrong with them."""
    try:
        value = json.loads(arguments)
    except json.JSONDecodeError as error:
        return None, f"not valid JSON: {error.msg} at character {error.pos + 1}"
    except (RecursionError, ValueError) as error:
        return None, f"not readable JSON: {type(error).__name__}"
    if not isinstance(value, dict):
        return None, "not a JSON object"
    return value, None


def _question_parts(message: Message) -> tuple[Part, ...]:
    """Pictures as they are; words and files as one text, files first and fenced."""
    pictures = tuple(part for part in message.parts if isinstance(part, Image))
    files = [_fenced(part) for part in message.parts if isinstance(part, File)]
    words = [part.text for part in message.parts if isinstance(part, Text)]
    text = "\n\n".join((*files, *words))
    return (*pictures, Text(text)) if text else pictures


def _fenced(file: File) -> str:
    fence = "```"
    while fence in file.text:
        fence += "`"
    newline = "" if file.text.endswith("\n") else "\n"
    return f"File `{file.name}`:\n{fence}\n{file.text}{newline}{fence}"
