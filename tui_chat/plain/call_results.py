"""Asking the person for the results of the tool calls that wait."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from tui_chat.core.parts import ToolCall
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.verbs import DENIED

Item = TypeVar("Item")


class CallChoice(StrEnum):
    """Choices for a call that waits, in the words of the numbered list."""

    RESULT = "type its result"
    ERROR = "type an error: the tool failed"
    DENY = "deny it: the model is told that you did"
    SHOW = "read all of its arguments"
    LATER = "leave it for later; /tools comes back to it"


class Person(Protocol):
    """The person at the keyboard. Asking raises as `Lines.read` does."""

    def say(self, text: str) -> None:
        """Say whole lines."""
        ...

    def ask_text(self, prompt: str) -> str:
        """Ask for a text of one or more lines."""
        ...

    def choose(self, items: Sequence[Item], words: Callable[[Item], str]) -> Item | None:
        """Offer a numbered choice; None where nothing was chosen."""
        ...


async def ask_for_results(person: Person, conversation: OpenConversation) -> None:
    """Ask for each result. With the last of them the next answer is due. Raises as `Lines.read` does."""
    while pending := conversation.session.pending_calls:
        call = pending[0]
        count = "1 call waits" if len(pending) == 1 else f"{len(pending)} calls wait"
        person.say(f"{count} for a result. For {sanitize_line(call.name, 100)}:")
        given = _result(person, call)
        if given is None:
            person.say("Left without a result. Your next message goes on without it.")
            return
        content, is_error = given
        await conversation.give_result(call.id, content, is_error=is_error)


def _result(person: Person, call: ToolCall) -> tuple[str, bool] | None:
    while True:
        match person.choose(tuple(CallChoice), str):
            case CallChoice.RESULT:
                return person.ask_text("Result: "), False
            case CallChoice.ERROR:
                return person.ask_text("Error: "), True
            case CallChoice.DENY:
                return DENIED, True
            case CallChoice.SHOW:
                person.say(arguments_words(call))
            case _:
                return None


def arguments_words(call: ToolCall) -> str:
    """Word all arguments of a call."""
    return f"Arguments of {sanitize_line(call.name, 100)}: {sanitize(call.arguments)}"
