"""The messages of a question in the OpenAI dialect, each in the form that the gateway takes for this model.

What is sent keeps the rules of everybody already (`chat/history`); here it is put into the wire's words, gets back what
belongs to whoever is asked, and follows what was learned of them (`quirks`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from tui_chat.core.given import is_of_results
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.parts import Image, Media, Message, Refusal, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Origin, Request
from tui_chat.providers.function_names import sent_name
from tui_chat.providers.given_wire import given_block
from tui_chat.providers.in_words import Said, calls_in_words, given_in_words, left_in_words, system_in_words
from tui_chat.providers.message_data import OF_THE_FUNCTION
from tui_chat.providers.quirks import LEFT_OUT, Quirks
from tui_chat.providers.sent_back import (
    begins_with_thought,
    call_fields,
    is_own,
    message_fields,
    unsent_fields,
    words_of_thought,
)

RESULTS_SEEN = "I have seen the results."
"""The answer in words that goes between a result and a question where one must."""
_SHORT_ID = 9

Wire: TypeAlias = dict[str, object]
"""One message of the request's JSON."""


def wire_messages(request: Request, quirks: Quirks, names: Mapping[str, str]) -> tuple[list[Wire], tuple[str, ...]]:
    """All messages of the question, and what of them is left out because it is refused. `names`: what tools are called
    on the wire, by their own names."""
    said, left_out = _told(request, quirks)
    ids = _ids_as_given(said, request, quirks)
    asked = (at for at, (message, _) in enumerate(said) if message.role is Role.USER and not is_of_results(message))
    last_question = max(asked, default=-1)
    history: list[Wire] = []
    for at, (message, origin) in enumerate(said):
        if message.role is not Role.ASSISTANT:
            wires = _messages(message, quirks, names)
            if quirks.answers_results and wires and wires[0]["role"] == "user" and _role(history[-1:]) == "tool":
                history.append(_seen(quirks))
            history += wires
            continue
        in_tool_loop = at > last_question
        own = origin is not None and is_own(origin, request)
        wire = _assistant(message, origin or Origin(), quirks, names, ids, own=own, in_tool_loop=in_tool_loop)
        if wire is not None:
            history.append(wire)
            left_out.update(dict.fromkeys(unsent_fields(message, origin, request, quirks, in_tool_loop=in_tool_loop)))
    _rename_ids(history, _Short() if quirks.short_ids else lambda id_: ids.get(id_, id_))
    return history, tuple(left_out)


def _told(request: Request, quirks: Quirks) -> tuple[list[Said], dict[str, None]]:
    """The history with all that is not taken in its own form in words, and the names of what is left out by that."""
    said: list[Said] = [(message, request.origins.get(at)) for at, message in enumerate(request.messages)]
    left_out: dict[str, None] = {}
    not_taken = quirks.in_words | request.not_taken
    if kinds := left_in_words(said, not_taken):
        said = given_in_words(said, not_taken)
        left_out.update((LEFT_OUT[kind], None) for kind in kinds)
    if quirks.calls_in_words or (quirks.calls_need_tools and not request.tools):
        said = calls_in_words(said)
    elif quirks.own_rounds_only:
        said = calls_in_words(said, lambda at: not begins_with_thought(said[at][1], request))
    return system_in_words(said) if quirks.system_in_words else said, left_out


def _role(message: list[Wire]) -> object:
    """The role of the one message; None where there is none."""
    return message[0]["role"] if message else None


def _seen(quirks: Quirks) -> Wire:
    fields = message_fields(Origin(), quirks, is_own=False, in_tool_loop=False)
    return {"role": "assistant", "content": RESULTS_SEEN, **fields}


def _ids_as_given(said: list[Said], request: Request, quirks: Quirks) -> dict[str, str]:
    """Ids as they came, by those of the history, of calls whose model and gateway are asked again: some put a signature
    into them, and some models know their calls by their form alone (LiteLLM, Kimi). None comes twice."""
    if quirks.short_ids:
        return {}
    taken = {call.id for message, _ in said for call in message.tool_calls}
    ids: dict[str, str] = {}
    for _, origin in said:
        if origin is not None and is_own(origin, request):
            for id_, given in origin.given_ids.items():
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


def _messages(message: Message, quirks: Quirks, names: Mapping[str, str]) -> list[Wire]:
    """One message as the wire has it: a tool message carries one result, so several results are several messages."""
    results: list[Wire] = [
        {
            "role": "tool",
            "tool_call_id": part.call_id,
            **({"name": names.get(part.name) or sent_name(part.name)} if quirks.names_results and part.name else {}),
            "content": part.content,
        }
        for part in message.parts
        if isinstance(part, ToolResult)
    ]
    content = _content(message)
    if content is None or message.role is Role.TOOL:
        return results
    return [*results, {"role": message.role.value, "content": content}]


def _assistant(
    message: Message,
    origin: Origin,
    quirks: Quirks,
    names: Mapping[str, str],
    ids: Mapping[str, str],
    *,
    own: bool,
    in_tool_loop: bool,
) -> Wire | None:
    """An answer; None where nothing of it goes back: reasoning alone, or nothing at all."""
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


def _call(call: ToolCall, quirks: Quirks, names: Mapping[str, str], *, own: bool) -> Wire:
    function: Wire = {"name": names[call.name], "arguments": call.arguments or "{}"}
    wire: Wire = {"id": call.id, "type": "function", "function": function}
    for name, value in call_fields(call.provider_data, quirks, is_own=own).items():
        if name.startswith(OF_THE_FUNCTION):
            function[name.removeprefix(OF_THE_FUNCTION)] = value
        else:
            wire[name] = value
    return wire


def _content(message: Message) -> JsonValue:
    """A string where there are only words, blocks as soon as something is given beside them; None where there is
    nothing."""
    texts: list[str] = []
    blocks: list[JsonValue] = []
    for part in message.parts:
        match part:
            case Text(text) | Refusal(text):
                texts.append(text)
                blocks.append({"type": "text", "text": text})
            case Image() | Media():
                blocks.append(given_block(part))
            case _:
                pass
    if len(blocks) > len(texts):
        return blocks
    return "".join(texts) if texts else None
