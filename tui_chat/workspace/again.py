"""Taking a stored call again, however it ended: run with other arguments, held against another schema, or asked of
another model. The same for every front end.

What runs is a plan that the person was shown and said yes to, once, as with calls that wait. Nothing of it is sent and
nothing in the conversation changes, until the person puts a result in the place of the old one: that is a variant.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from tui_chat.chat.history import parse_arguments
from tui_chat.chat.tool_plans import Planned, ToolPlan
from tui_chat.chat.tool_results import result_of
from tui_chat.chat.tool_schema import check_parameters
from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import Image, Media, Message, Role, ToolCall, ToolResult
from tui_chat.core.request import ToolDefinition
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node
from tui_chat.regular_files import expanded, read_whole
from tui_chat.workspace import shaping
from tui_chat.workspace.again_words import Way
from tui_chat.workspace.argument_changes import changes_between
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import CHANGED
from tui_chat.workspace.refusal import CommandRefused

LARGEST_SCHEMA: Final = 1024 * 1024
"""Characters."""
NONE_YET: Final = "No tool was called yet."
WAITS: Final = "This call waits for you: decide about it first."
ARRIVES: Final = "This call is still being written."
NO_RESULT: Final = "There is no result to put there."
NO_ANSWER: Final = "The answer that made this call did not end well: no result can stand behind it."
ELSEWHERE: Final = "The answer that made this call is on another branch now."
APART: Final = "One of them runs alone, this tool or one that runs now: wait until that has ended."
PUT: Final = "The new result stands in a variant, nothing was sent. /retry asks the model to go on."


def picked(conversation: OpenConversation, word: str) -> Call:
    """The call that is meant, by its number in the list, of which the newest is 1, or by the name of its tool; without
    a word, the newest.

    Raises:
        CommandRefused: there is none.
    """
    calls = conversation.calls.calls
    if not calls:
        raise CommandRefused(NONE_YET)
    if not word:
        return calls[0]
    if word.isdecimal() and word.isascii():
        if not 1 <= (at := int(word[:9])) <= len(calls):
            raise CommandRefused(f"Calls are counted from the newest, from 1 to {len(calls)}.")
        return calls[at - 1]
    named = next((call for call in calls if call.name == word), None)
    if named is None:
        raise CommandRefused(f"No call of {sanitize_line(word, 40)} is in this conversation.")
    return named


def ways_of(call: Call) -> tuple[Way, ...]:
    """What can be done with a call as it stands.

    Raises:
        CommandRefused: nothing, since it is being written or runs.
    """
    if call.state in (CallState.ARRIVING, CallState.RUNNING):
        raise CommandRefused(ARRIVES if call.state is CallState.ARRIVING else "This call is running.")
    ways: list[Way] = [Way.SCHEMA, Way.MODEL]
    if call.state is not CallState.WAITING:
        ways.insert(0, Way.RUN)
    if call.of is not None and call.result is not None:
        ways.insert(0, Way.PUT)
    return tuple(ways)


def check_way(call: Call, way: Way) -> None:
    """Pass over what can be done.

    Raises:
        CommandRefused: it cannot.
    """
    if way not in ways_of(call):
        raise CommandRefused(WAITS if call.state is CallState.WAITING and way is Way.RUN else NO_RESULT)


def original_of(conversation: OpenConversation, call: Call) -> tuple[Node, ToolCall]:
    """The answer that made a call, and the call in it.

    Raises:
        CommandRefused: it is on another branch now.
    """
    node_id, index = call.of or call.key
    node = next((node for node in conversation.session.path if node.id == node_id), None)
    if node is None or index >= len(node.message.tool_calls):
        raise CommandRefused(ELSEWHERE)
    return node, node.message.tool_calls[index]


def readable(arguments: str) -> str:
    """Arguments to be edited, indented; as they are where they are no JSON object."""
    value, _ = parse_arguments(arguments)
    return arguments if value is None else json.dumps(value, indent=2, ensure_ascii=False)


# Run


def plan(conversation: OpenConversation, call: Call, arguments: str) -> Planned:
    """What a call would do with these arguments, worked out as for a call that waits; None where a person answers.

    Raises:
        CommandRefused: it is on another branch now.
    """
    _, asked = original_of(conversation, call)
    use = conversation.session.tool_use
    again = msgspec.structs.replace(asked, arguments=arguments, fragments=(), flaw="")
    return use.toolbox.plan(again) if use.runner is not None else None


async def run(
    conversation: OpenConversation,
    call: Call,
    shown: ToolPlan,
    output: Callable[[str], None] = lambda _: None,
    begun: Callable[[Call], None] = lambda _: None,
) -> Call:
    """Run a plan that the person was shown and allowed, once; `begun` is given the new call, which has the result in
    the end. Cancelling ends what runs.

    Raises:
        CommandRefused: it is not any more what the call would do, or cannot run beside what runs.
    """
    _, asked = original_of(conversation, call)
    use, clock = conversation.session.tool_use, conversation.services.clock
    if use.runner is None or plan(conversation, call, shown.call.arguments) != shown:
        raise CommandRefused(CHANGED)
    session, board = conversation.session, conversation.calls
    if session.keeps_apart(shown):
        raise CommandRefused(APART)
    again = board.take_again(call, shown.call.arguments, CallState.RUNNING)
    again.plan = shown

    def wrote(text: str) -> None:
        again.output.append(text)
        board.changes += 1
        output(text)

    began = clock.monotonic()
    running = session.side_runs.begin(shown, use.runner.run(shown, wrote))
    again.stop = running.cancel
    begun(again)
    try:
        await asyncio.wait((running,))
    finally:
        again.stop = None
        again.total_s = clock.monotonic() - began
        if not running.done():
            running.cancel()
            await asyncio.wait((running,))
        again.state = CallState.STOPPED if running.cancelled() else CallState.LEFT
        board.changes += 1
        if not running.cancelled() and running.exception() is None:  # also where it ended as it was stopped
            outcome = running.result()
            words, again.beside = result_of(shown, outcome, asked), outcome.beside
            finish(conversation, again, ToolResult(asked.id, asked.name, words, outcome.is_error))
    if not running.cancelled():
        running.result()
    return again


def answer(conversation: OpenConversation, call: Call, arguments: str, content: str, *, is_error: bool) -> Call:
    """Take a call again that a person answers, with this result."""
    _, asked = original_of(conversation, call)
    again = conversation.calls.take_again(call, arguments, CallState.LEFT)
    finish(conversation, again, ToolResult(asked.id, asked.name, content, is_error))
    return again


def finish(conversation: OpenConversation, again: Call, result: ToolResult) -> None:
    """Give a call that was taken again its result."""
    again.result = result
    again.state = CallState.ANSWERED_AS_ERROR if result.is_error else CallState.ANSWERED
    conversation.calls.changes += 1


# Another schema


def definition_of(conversation: OpenConversation, call: Call) -> ToolDefinition | None:
    """What is known of a call's tool; None where nothing is."""
    known = conversation.services.definitions
    return call.definition or next((tool for tool in known if tool.name == call.name), None)


def schema_text(conversation: OpenConversation, call: Call) -> str:
    """The schema of a call's tool, to be edited."""
    definition = definition_of(conversation, call)
    schema: JsonObject = definition.parameters if definition else {"type": "object", "properties": {}}
    return json.dumps(schema, indent=2, ensure_ascii=False)


def schema_in(path: str) -> str:
    """The text of a file with a schema.

    Raises:
        FileError: it cannot be read.
    """
    return read_whole(expanded(path), LARGEST_SCHEMA).decode(errors="replace")


def read_schema(text: str) -> JsonObject:
    """The schema that somebody wrote.

    Raises:
        CommandRefused: it is none.
    """
    if len(text) > LARGEST_SCHEMA:
        raise CommandRefused("This schema is longer than 1 MB.")
    value, error = parse_arguments(text)
    if value is None:
        raise CommandRefused(f"The schema is {error}.")
    try:
        return check_parameters(value, "The schema")
    except SettingsError as wrong:
        raise CommandRefused(wrong.failure.message) from wrong


async def hold_against(conversation: OpenConversation, call: Call, text: str) -> Call:
    """Hold a call's arguments against another schema and say which marks change. Nothing is run or sent.

    Raises:
        CommandRefused: the text is no schema.
    """
    schema, before = read_schema(text), definition_of(conversation, call)
    described = before or ToolDefinition(call.name, "", {})
    arguments = call.arguments
    old = before.parameters if before is not None else None
    notes = await asyncio.to_thread(changes_between, arguments, old, schema)
    again = conversation.calls.take_again(call, arguments, CallState.CHECKED)
    again.definition = msgspec.structs.replace(described, parameters=schema)
    again.notes = notes
    conversation.calls.changes += 1
    return again


# Another model


def ask_model(conversation: OpenConversation, call: Call, model: str) -> None:
    """Let another model answer what the call's answer has answered; a variant, and due then.

    Raises:
        CommandRefused: it is on another branch now, or an answer is being written.
    """
    node, _ = original_of(conversation, call)
    shaping.ask_again(conversation, node, model)


# In the place of the old result


async def put(conversation: OpenConversation, again: Call) -> str:
    """Put the result of a call that was taken again in the place of the old one, as a variant; the old one stays.

    Raises:
        CommandRefused: there is no result, or no place for it.
    """
    shaping.refuse_while_answering(conversation)
    node, asked = original_of(conversation, again)
    if again.result is None or again.of is None:
        raise CommandRefused(NO_RESULT)
    if all(call.id != asked.id for call in node.calls_to_act_on):
        raise CommandRefused(NO_ANSWER)
    session = conversation.session
    results = _results_after(session.path, node)
    at = next((at for at, each in enumerate(results) if _answers(each, asked.id)), len(results))
    parent_id = results[at - 1].id if at else node.id
    conversation.changes.turns(session, "The result is as it was.")
    given = (again.result, *again.beside)
    messages = [_replaced(results[at].message, given)] if at < len(results) else [Message(Role.TOOL, given)]
    saving: list[Awaitable[Node]] = []
    for message in (*messages, *(each.message for each in results[at + 1 :])):
        saving.append(session.add(message, parent_id))
        parent_id = session.conversation.head_id or parent_id
    for each in saving:
        await each
    again.is_put = True
    conversation.calls.show(session.path, session.pending_calls)
    return PUT


def _results_after(path: tuple[Node, ...], answer: Node) -> list[Node]:
    """The results right behind an answer."""
    results: list[Node] = []
    for node in path[path.index(answer) + 1 :]:
        if node.message.role is not Role.TOOL:
            break
        results.append(node)
    return results


def _answers(node: Node, call_id: str) -> bool:
    return any(isinstance(part, ToolResult) and part.call_id == call_id for part in node.message.parts)


def _replaced(message: Message, given: tuple[ToolResult | Image | Media, ...]) -> Message:
    """The message with another result of the same call, and what came with that in the place of what came before."""
    result = given[0]
    assert isinstance(result, ToolResult)
    others = [part for part in message.parts if isinstance(part, ToolResult) and part.call_id != result.call_id]
    return Message(message.role, (*others, *given))
