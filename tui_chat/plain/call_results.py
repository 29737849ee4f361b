"""Asking the person about the tool calls that wait: whether one may run, or for its result where nothing runs it.

A question about running is asked of a person at a terminal alone, and nothing that was typed before it is taken for an
answer.
"""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from tui_chat.chat.history import parse_arguments
from tui_chat.chat.json_schema import fault_of
from tui_chat.chat.tool_plans import CallFault, ToolPlan
from tui_chat.core.parts import DENIED, ToolCall
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.plain.prompts import CommandTyped
from tui_chat.plain.wording import plan_words
from tui_chat.workspace.calls import Call
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import (
    CallKey,
    Deny,
    Run,
    RunAlways,
    SendBack,
    Verdict,
    breadths,
    chosen_fields,
    decide,
    field_names,
    plan_of,
    runs_without_asking,
)
from tui_chat.workspace.refusal import CommandRefused

Item = TypeVar("Item")

NOT_ASKED = "It is not run: whoever may allow that has to sit at a terminal."
_LEFT = "Left without a result. Your next message goes on without it."


class CallChoice(StrEnum):
    """Choices for a call that waits, in the words of the numbered list."""

    RESULT = "type its result"
    ERROR = "type an error: the tool failed"
    DENY = "deny it: the model is told that you did"
    SHOW = "read all of its arguments"
    LATER = "leave it for later; /tools comes back to it"


class RunChoice(StrEnum):
    """Choices for a call that can run, or could."""

    DENY = "deny"
    RUN = "run once"
    SEND_BACK = "tell the model what is wrong"
    EDIT = "edit"
    ALWAYS = "always"


_CAN_RUN = (RunChoice.DENY, RunChoice.RUN, RunChoice.EDIT, RunChoice.ALWAYS)
_CANNOT_RUN = (RunChoice.DENY, RunChoice.EDIT, RunChoice.SEND_BACK)
_EDITED_WRONGLY = (RunChoice.DENY, RunChoice.EDIT)


class Person(Protocol):
    """The person at the keyboard. Asking raises as `Lines.read` does, and `CommandTyped`."""

    @property
    def is_at_terminal(self) -> bool:
        """Somebody can answer who has read the question."""
        ...

    def say(self, text: str) -> None:
        """Say whole lines."""
        ...

    def ask_line(self, prompt: str) -> str:
        """Ask for one line."""
        ...

    def ask_text(self, prompt: str, prefill: str = "") -> str:
        """Ask for a text of one or more lines."""
        ...

    def queue_typed(self) -> None:
        """Let what was typed before a question wait as messages."""
        ...

    def choose(self, items: Sequence[Item], words: Callable[[Item], str]) -> Item | None:
        """Offer a numbered choice; None where nothing was chosen."""
        ...


async def ask_for_results(person: Person, conversation: OpenConversation) -> None:
    """Ask about each call that waits. What may run is due then; with the last result, so is the next answer. Raises as
    `Lines.read` does."""
    try:
        await _ask_for_each(person, conversation)
    except CommandTyped:
        person.say(_LEFT)


async def _ask_for_each(person: Person, conversation: OpenConversation) -> None:
    while pending := [call for call in conversation.session.pending_calls if _asks(conversation, call)]:
        call, key = pending[0], _key_of(conversation, pending[0])
        if key is not None and plan_of(conversation, key) is not None:
            verdict = _verdict(person, conversation, key, call)
            if verdict is None:
                person.say(_LEFT)
                return
            try:
                await decide(conversation, key, verdict)
            except CommandRefused as refused:  # it has changed meanwhile, or cannot be kept
                person.say(str(refused))
            continue
        count = "1 call waits" if len(pending) == 1 else f"{len(pending)} calls wait"
        person.say(f"{count} for a result. For {sanitize_line(call.name, 100)}:")
        if fault := _fault_words(conversation, call):
            person.say(fault)
        given = _result(person, call)
        if given is None:
            person.say(_LEFT)
            return
        content, is_error = given
        await conversation.give_result(call.id, content, is_error=is_error)


def _asks(conversation: OpenConversation, call: ToolCall) -> bool:
    """Nobody has decided about a call yet, nor allowed all that are like it."""
    if conversation.session.approvals.has(call.id):
        return False
    key = _key_of(conversation, call)
    return key is None or not runs_without_asking(conversation, key)


def _key_of(conversation: OpenConversation, call: ToolCall) -> CallKey | None:
    answer = conversation.session.tree.get(conversation.session.approvals.answer_id)
    calls = answer.message.tool_calls if answer is not None else ()
    at = next((at for at, known in enumerate(calls) if known.id == call.id), None)
    return (answer.id, at) if answer is not None and at is not None else None


def _verdict(person: Person, conversation: OpenConversation, key: CallKey, call: ToolCall) -> Verdict | None:
    """Ask whether a call may run; None leaves it. Arguments that were edited are asked about anew."""
    name, edited = sanitize_line(call.name, 100), None
    while True:
        planned = plan_of(conversation, key, edited)
        if isinstance(planned, ToolPlan):
            person.say(f"The call {name} waits. It runs {plan_words(planned)}.")
        elif isinstance(planned, CallFault):
            person.say(f"The call {name} waits, and cannot run. {sanitize(planned.words)}")
        if not person.is_at_terminal:
            person.say(NOT_ASKED)
            return None
        choices = _CAN_RUN if isinstance(planned, ToolPlan) else _CANNOT_RUN if edited is None else _EDITED_WRONGLY
        match choice_of(person, choices), planned:
            case RunChoice.DENY, _:
                return Deny(person.ask_line("Reason for the model, or Enter for none: "))
            case RunChoice.RUN, ToolPlan():
                return Run(planned)
            case RunChoice.ALWAYS, ToolPlan():
                if always := _always(person, conversation, planned):
                    return always
            case RunChoice.SEND_BACK, _:
                return SendBack()
            case RunChoice.EDIT, _:
                edited = person.ask_text("Arguments: ", on_one_line(call.arguments if edited is None else edited))
            case _:
                return None


def _always(person: Person, conversation: OpenConversation, plan: ToolPlan) -> RunAlways | None:
    """Ask how far it may run; None where that was left."""
    breadth = person.choose(breadths(conversation, plan), str)
    if breadth is None or not breadth.is_of_fields:
        return None if breadth is None else RunAlways(plan, breadth)
    names = ", ".join(sanitize_line(name, 100) for name in field_names(plan))
    while named := person.ask_line(f"Arguments that have to stay as they are, of {names}; Enter leaves it: ").strip():
        try:
            return RunAlways(plan, breadth, chosen_fields(plan, named))
        except CommandRefused as refused:
            person.say(str(refused))
    return None


def choice_of(person: Person, choices: Sequence[RunChoice]) -> RunChoice | None:
    """Ask for one of the choices by its number; None where none was made."""
    person.queue_typed()
    offered = ", ".join(f"{number} {choice}" for number, choice in enumerate(choices, 1))
    while True:
        answer = person.ask_line(f"{offered}, Enter leaves it: ").strip()
        if not answer:
            return None
        numbers = {str(number): choice for number, choice in enumerate(choices, 1)}
        if answer in numbers:
            return numbers[answer]
        person.say(f"There is no number {sanitize_line(answer, 20)} here.")


def on_one_line(arguments: str) -> str:
    """Arguments to be edited; nothing where they are no JSON, which cannot be shown harmlessly and stay itself."""
    value, _ = parse_arguments(arguments)
    return json.dumps(value) if value is not None else ""


def _fault_words(conversation: OpenConversation, call: ToolCall) -> str:
    """What is wrong with the arguments of a call that a person answers, for who does; empty where nothing is known to
    be."""
    arguments, error = parse_arguments(call.arguments)
    if arguments is None:
        return f"Its arguments are {sanitize(error or '')}."
    tool = next((tool for tool in conversation.services.definitions if tool.name == call.name), None)
    fault = fault_of(arguments, tool.parameters) if tool is not None else ""
    return f"Its arguments do not fit the schema: {sanitize(fault)}" if fault else ""


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


def arguments_words(call: ToolCall | Call) -> str:
    """Word all arguments of a call."""
    return f"Arguments of {sanitize_line(call.name, 100)}: {sanitize(call.arguments)}"
