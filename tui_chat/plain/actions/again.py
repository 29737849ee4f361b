"""Takes a stored call again in lines: run with other arguments, held against another schema, asked of another model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_chat.chat.tool_plans import CallFault, ToolPlan
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.plain.call_results import NOT_ASKED, RunChoice, choice_of, on_one_line
from tui_chat.plain.wording import plan_words
from tui_chat.workspace import again as taking
from tui_chat.workspace.again_words import Way, asked_in
from tui_chat.workspace.call_query import fitting
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

_CHOICES = (RunChoice.RUN, RunChoice.EDIT)


async def again(chat: "Chat", words: str) -> None:
    """Take the call that is named again, or the one that is chosen, in the way that is named or chosen.

    Raises:
        CommandRefused: that cannot be done.
    """
    asked, calls = asked_in(words), chat.conversation.calls.calls
    if asked.call or not calls:
        call: Call | None = taking.picked(chat.conversation, asked.call)
    else:
        call = choose_call(chat, calls)
    if call is None:
        return
    way = asked.way or chat.choose(taking.ways_of(call), str)
    if way is None:
        return
    taking.check_way(call, way)
    match way:
        case Way.RUN:
            await _run(chat, call, asked.rest)
        case Way.SCHEMA:
            await _hold_against(chat, call, asked.rest)
        case Way.MODEL:
            await _ask_model(chat, call, asked.rest)
        case Way.PUT:
            chat.say(await taking.put(chat.conversation, call))


def choose_call(chat: "Chat", calls: Sequence[Call]) -> Call | None:
    """Offer the calls, the newest first, to be narrowed by words, states and tools; None where none was chosen."""
    silent_s = chat.conversation.calls.silent_s
    return chat.choose(calls, _words, lambda words: fitting(words, calls, silent_s))


def _words(call: Call) -> str:
    state = f"taken again, {call.state.value}" if call.of is not None else call.state.value
    return f"{sanitize_line(call.name, 60)}, {state}, arguments {sanitize_line(call.arguments, 200)}"


async def _run(chat: "Chat", call: Call, arguments: str) -> None:
    """Ask for other arguments, and whether they may run."""
    text = arguments or _edited(chat, call, call.arguments)
    name = sanitize_line(call.name, 100)
    while True:
        planned = taking.plan(chat.conversation, call, text)
        if planned is None:
            _given(chat, call, text)
            return
        if isinstance(planned, ToolPlan):
            chat.say(f"The call {name} again. It runs {plan_words(planned)}.")
        elif isinstance(planned, CallFault):
            chat.say(f"The call {name} cannot run so. {sanitize(planned.words)}")
        if not chat.is_at_terminal:
            chat.say(NOT_ASKED)
            return
        match choice_of(chat, _CHOICES if isinstance(planned, ToolPlan) else _CHOICES[1:]), planned:
            case RunChoice.RUN, ToolPlan():
                done = await chat.run(taking.run(chat.conversation, call, planned))
                if done is not None:
                    _told(chat, done)
                return
            case RunChoice.EDIT, _:
                text = _edited(chat, call, text)
            case _:
                return


def _edited(chat: "Chat", call: Call, arguments: str) -> str:
    """Other arguments; those of the call byte for byte, where they stay."""
    edited = chat.ask_text("Arguments: ", on_one_line(arguments))
    return call.arguments if edited == on_one_line(call.arguments) else edited


def _given(chat: "Chat", call: Call, arguments: str) -> None:
    """Ask a person for the result of a call that nothing runs."""
    content = chat.ask_text(f"Result of {sanitize_line(call.name, 100)}: ")
    _told(chat, taking.answer(chat.conversation, call, arguments, content, is_error=False))


def _told(chat: "Chat", done: Call) -> None:
    name = sanitize_line(done.name, 100)
    if done.result is None:
        chat.say(f"{name}, taken again: {CallState.STOPPED.value}.")
        return
    number = chat.conversation.calls.calls.index(done) + 1
    chat.say(f"{name}, taken again, {done.state.value}:\n{sanitize(done.result.content)}")
    chat.say(
        f"Nothing was sent or saved. /tools again {number} put saves it in the place of the old result, as a variant."
    )


async def _hold_against(chat: "Chat", call: Call, path: str) -> None:
    """Ask for another schema, and say which marks change."""
    path = path or chat.ask_line("File with the schema, Enter to write it here: ", is_path=True).strip()
    if path:
        text = taking.schema_in(path)
    else:
        text = chat.ask_text("Schema: ", on_one_line(taking.schema_text(chat.conversation, call)))
    done = await taking.hold_against(chat.conversation, call, text)
    changes = "\n".join(sanitize_line(note, 300) for note in done.notes)
    chat.say(f"{sanitize_line(call.name, 100)} against this schema, nothing was sent:\n{changes}")


async def _ask_model(chat: "Chat", call: Call, model: str) -> None:
    """Ask another model what the call's answer has answered."""
    if not model:
        current = chat.session.conversation.model
        known = [one.id for one in chat.services.catalog.known().offered]
        recent = chat.conversation.recent.newest_first
        others = [one for one in dict.fromkeys((*recent, *known)) if one != current]
        model = (chat.choose(others, sanitize_line) if others else chat.ask_line("Model: ").strip()) or ""
    if model:
        taking.ask_model(chat.conversation, call, model)
        await chat.follow()
