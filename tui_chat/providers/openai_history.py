"""The messages of a question in the OpenAI dialect, each in the form that the gateway takes for this model.

What is sent keeps the rules of everybody already (`chat/history`); here it is put into the wire's words, gets back what
belongs to whoever is asked, and follows what was learned of them (`quirks`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.parts import Image, Message, Refusal, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Origin, Request
from tui_chat.core.sanitize import sanitize_line
from tui_chat.providers.message_data import OF_THE_FUNCTION
from tui_chat.providers.quirks import PICTURES, Quirks
from tui_chat.providers.sent_back import call_fields, is_own, message_fields, words_of_thought
from tui_chat.providers.tool_names import ToolNames

RESULTS_SEEN = "I have seen the results."
"""The answer in words that goes between a result and a question where one must."""
_SHORT_ID = 9
_MAX_NAME = 100

Wire: TypeAlias = dict[str, object]
"""One message of the request's JSON."""


def wire_messages(request: Request, quirks: Quirks, names: ToolNames) -> list[Wire]:
    """All messages of the question; `names`: what its tools are called."""
    messages, ids = request.messages, _ids_as_given(request, quirks)
    last_question = _last_question(messages)
    history: list[Wire] = []
    for at, message in enumerate(messages):
        if message.role is not Role.ASSISTANT:
            wires = _messages(message, quirks, names, shows_pictures=at >= last_question or not quirks.no_pictures)
            if quirks.answers_results and wires and wires[0]["role"] == "user" and _role(history[-1:]) == "tool":
                history.append(_seen(quirks))
            history += wires
        elif wire := _assistant(request, at, quirks, names, ids, in_tool_loop=at > last_question):
            history.append(wire)
    if quirks.no_system:
        _ask_with_system(history)
    _rename_ids(history, _Short() if quirks.short_ids else lambda id_: ids.get(id_, id_))
    return history


def withheld(request: Request, quirks: Quirks) -> tuple[str, ...]:
    """What the conversation has and `wire_messages` leaves out, because it is refused."""
    names: list[str] = []
    own = [at for at, origin in request.origins.items() if is_own(origin, request)]
    for name in sorted(quirks.unsent):
        of_messages = any(name in request.origins[at].message_data for at in own)
        of_calls = any(
            name in (field.removeprefix(OF_THE_FUNCTION) for field, _ in call.provider_data)
            for at in own
            for call in request.messages[at].tool_calls
        )
        if of_messages or of_calls:
            names.append(name)
    earlier = request.messages[: max(0, _last_question(request.messages))]
    if quirks.no_pictures and any(isinstance(part, Image) for message in earlier for part in message.parts):
        names.append(PICTURES)
    return tuple(names)


def _last_question(messages: tuple[Message, ...]) -> int:
    return max((at for at, message in enumerate(messages) if message.role is Role.USER), default=-1)


def _role(message: list[Wire]) -> object:
    """The role of the one message; None where there is none."""
    return message[0]["role"] if message else None


def _seen(quirks: Quirks) -> Wire:
    fields = message_fields(Origin(), quirks, is_own=False, in_tool_loop=False)
    return {"role": "assistant", "content": RESULTS_SEEN, **fields}


def _ask_with_system(history: list[Wire]) -> None:
    """Put what the system message says before the first question."""
    if _role(history[:1]) != "system":
        return
    system = str(history.pop(0)["content"])
    if _role(history[:1]) != "user":
        history.insert(0, {"role": "user", "content": system})
        return
    content = history[0]["content"]
    is_text = isinstance(content, str)
    blocks = cast(list[object], content)
    history[0]["content"] = (
        f"{system}\n\n{content}" if is_text else [{"type": "text", "text": f"{system}\n\n"}, *blocks]
    )


def _ids_as_given(request: Request, quirks: Quirks) -> dict[str, str]:
    """Ids as they came, by those of the history, of calls whose model and gateway are asked again: some put a signature
    into them, and some models know their calls by their form alone (LiteLLM, Kimi). None comes twice."""
    if quirks.short_ids:
        return {}
    taken = {call.id for message in request.messages for call in message.tool_calls}
    ids: dict[str, str] = {}
    for at in sorted(request.origins):
        if is_own(request.origins[at], request):
            for id_, given in request.origins[at].given_ids.items():
                if given not in taken:
                    taken.add(given)
                    ids[id_] = given
    return ids


def _rename_ids(history: list[Wire], renamed: Callable[[str], str]) -> None:
    for message in history:
        if "tool_call_id" in message:
            message["tool_call_id"] = renamed(str(message["tool_call_id"]))
        for call in cast(list[Wire], message.get("tool_calls", [])):
            call["id"] = renamed(str(call["id"]))


class _Short:
    """Every id as nine letters and digits, the same ones for the same id."""

    def __init__(self) -> None:
        self._short: dict[str, str] = {}

    def __call__(self, id_: str) -> str:
        short, number = self._short, 0
        found = id_ if len(id_) == _SHORT_ID and id_.isascii() and id_.isalnum() else ""
        while id_ not in short:
            if found and found not in short.values():
                short[id_] = found
            found = hashlib.sha256(f"{number} {id_}".encode("utf-8", "surrogatepass")).hexdigest()[:_SHORT_ID]
            number += 1
        return short[id_]


def _messages(message: Message, quirks: Quirks, names: ToolNames, *, shows_pictures: bool) -> list[Wire]:
    """One message as the wire has it: a tool message carries one result, so several results are several messages."""
    results: list[Wire] = [
        {
            "role": "tool",
            "tool_call_id": part.call_id,
            **({"name": names.on_wire(part.name)} if quirks.names_results and part.name else {}),
            "content": part.content,
        }
        for part in message.parts
        if isinstance(part, ToolResult)
    ]
    content = _content(message, shows_pictures=shows_pictures)
    if content is None or message.role is Role.TOOL:
        return results
    return [*results, {"role": message.role.value, "content": content}]


def _assistant(
    request: Request, at: int, quirks: Quirks, names: ToolNames, ids: Mapping[str, str], *, in_tool_loop: bool
) -> Wire | None:
    """The answer at a place; None where nothing of it goes back: reasoning alone, or nothing at all."""
    message, known = request.messages[at], request.origins.get(at)
    own = known is not None and is_own(known, request)
    origin = known or Origin()
    calls = [_call(part, quirks, names, own=own) for part in message.parts if isinstance(part, ToolCall)]
    words = "".join(part.text for part in message.parts if isinstance(part, Text | Refusal))
    if not words and not calls:
        return None
    words = words_of_thought(origin, quirks, is_own=own) + words
    wire: Wire = {"role": "assistant", "content": words if words or quirks.no_null else None}
    renamed = {given: now for id_, given in origin.given_ids.items() if (now := ids.get(id_, id_)) != given}
    wire.update(message_fields(origin, quirks, is_own=own, in_tool_loop=in_tool_loop, renamed=renamed))
    if calls:
        wire["tool_calls"] = calls
    return wire


def _call(call: ToolCall, quirks: Quirks, names: ToolNames, *, own: bool) -> Wire:
    function: Wire = {"name": names.on_wire(call.name), "arguments": call.arguments or "{}"}
    wire: Wire = {"id": call.id, "type": "function", "function": function}
    for name, value in call_fields(call.provider_data, quirks, is_own=own).items():
        if name.startswith(OF_THE_FUNCTION):
            function[name.removeprefix(OF_THE_FUNCTION)] = value
        else:
            wire[name] = value
    return wire


def _content(message: Message, *, shows_pictures: bool) -> JsonValue:
    """A string where there are only words, blocks as soon as there is a picture; None where there is nothing."""
    texts: list[str] = []
    blocks: list[JsonValue] = []
    for part in message.parts:
        text = ""
        match part:
            case Text(text) | Refusal(text):
                pass
            case Image(name=name) if not shows_pictures:
                text = f"[a picture{f': {sanitize_line(name, _MAX_NAME)}' if name else ''}]\n"
            case Image(url):
                blocks.append({"type": "image_url", "image_url": {"url": url}})
                continue
            case _:
                continue
        texts.append(text)
        blocks.append({"type": "text", "text": text})
    if len(blocks) > len(texts):
        return blocks
    return "".join(texts) if texts else None
