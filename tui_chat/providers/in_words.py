"""What a model does not take in its own form, told in words: pictures, a system prompt, calls and their results.

A conversation is older than the choice of its model. What one model saw, called or was told stays in the history, and
one that takes no pictures, tools or system prompts would refuse every later question because of it.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from tui_chat.core.parts import Image, Message, Part, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Origin

Said: TypeAlias = tuple[Message, Origin | None]
"""A message, and where it came from if it is an answer."""


def pictures_in_words(history: Sequence[Said]) -> list[Said]:
    """The history with a line of words in the place of each picture."""
    return [(_without_pictures(message), origin) for message, origin in history]


def has_pictures(history: Sequence[Said]) -> bool:
    """Whether there is a picture in it."""
    return any(isinstance(part, Image) for message, _ in history for part in message.parts)


def system_in_words(history: Sequence[Said]) -> list[Said]:
    """The history with the system prompt at the head of the first question."""
    if not history or history[0][0].role is not Role.SYSTEM:
        return list(history)
    prompt, rest = Text(history[0][0].text), list(history[1:])
    asked = rest.pop(0)[0].parts if rest and rest[0][0].role is Role.USER else ()
    return [(Message(Role.USER, _joined((prompt, *asked))), None), *rest]


def calls_in_words(history: Sequence[Said], is_told: Callable[[int], bool] = lambda _: True) -> list[Said]:
    """The history with the calls of those answers, by their place in it, and their results told in words."""
    told: list[Said] = []
    ids: set[str] = set()
    """Of the calls that are told."""
    for at, (message, origin) in enumerate(history):
        calls = message.tool_calls
        if calls and is_told(at):
            ids.update(call.id for call in calls)
            words = _joined(tuple(_call(part) if isinstance(part, ToolCall) else part for part in message.parts))
            told.append((Message(Role.ASSISTANT, words), _only_thoughts(origin)))
            continue
        results = [part for part in message.parts if isinstance(part, ToolResult)]
        if results and results[0].call_id in ids:
            message = Message(Role.USER, tuple(map(_result, results)))
        if message.role is Role.USER and told and told[-1][0].role is Role.USER:
            message = Message(Role.USER, _joined(told.pop()[0].parts + message.parts))
        told.append((message, origin))
    return told


def _without_pictures(message: Message) -> Message:
    if not any(isinstance(part, Image) for part in message.parts):
        return message
    return replace(message, parts=_joined(tuple(map(_picture, message.parts))))


def _picture(part: Part) -> Part:
    if not isinstance(part, Image):
        return part
    return Text(f"(The picture {part.name} was here.)" if part.name else "(A picture was here.)")


def _call(call: ToolCall) -> Text:
    return Text(f"(I called {call.name} with {call.arguments or '{}'}.)")


def _result(result: ToolResult) -> Text:
    verb = "failed" if result.is_error else "gave"
    return Text(f"({result.name} {verb}: {result.content})")


def _only_thoughts(origin: Origin | None) -> Origin | None:
    """What is signed stands for a call, and goes without it nowhere."""
    return replace(origin, message_data={}) if origin else None


def _joined(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, all words in one text with empty lines between them, behind everything else."""
    words = "\n\n".join(part.text for part in parts if isinstance(part, Text))
    return (*(part for part in parts if not isinstance(part, Text)), Text(words))
