"""What a model does not take in its own form, told in words: pictures, documents, sound, a system prompt, calls and
their results.

A conversation is older than the choice of its model. What one model saw, called or was told stays in the history, and
one that takes no pictures, tools or system prompts would refuse every later question because of it.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from msgspec.structs import replace

from tui_chat.core.given import CALLED, ability_for, file_name
from tui_chat.core.models import Ability
from tui_chat.core.parts import Image, Media, Message, Part, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Origin

Said: TypeAlias = tuple[Message, Origin | None]
"""A message, and where it came from if it is an answer."""


def given_in_words(history: Sequence[Said], not_taken: AbstractSet[Ability]) -> list[Said]:
    """The history with a line of words in the place of each picture, document or recording of these kinds, and of what
    has no form in which anybody takes it."""
    return [(_without(message, not_taken), origin) for message, origin in history]


def left_in_words(history: Sequence[Said], not_taken: AbstractSet[Ability]) -> list[Ability | None]:
    """The kinds of what `given_in_words` replaces, each once; None among them for what has no form."""
    parts = (part for message, _ in history for part in message.parts if _is_told(part, not_taken))
    return list(dict.fromkeys(map(ability_for, parts)))


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


def _without(message: Message, not_taken: AbstractSet[Ability]) -> Message:
    if not any(_is_told(part, not_taken) for part in message.parts):
        return message
    return replace(
        message, parts=_joined(tuple(_in_words(part) if _is_told(part, not_taken) else part for part in message.parts))
    )


def _is_told(part: Part, not_taken: AbstractSet[Ability]) -> bool:
    if not isinstance(part, Image | Media):
        return False
    ability = ability_for(part)
    return ability is None or ability in not_taken


def _in_words(part: Part) -> Text:
    ability = ability_for(part)
    kind = CALLED[ability].one if ability is not None else "file"
    name = file_name(part.name) if isinstance(part, Media) else part.name if isinstance(part, Image) else ""
    return Text(f"(The {kind} {name} was here.)" if name else f"(A {kind} was here.)")


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
