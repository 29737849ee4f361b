"""Tool calls: the ones that wait get a result by hand, the others can be looked at."""

from enum import StrEnum
from typing import TYPE_CHECKING

from tui_chat.core.parts import ToolCall
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.plain.wording import call_words

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

DENIED = "The user denied this call."


class Reply(StrEnum):
    """What can be done about a call that waits."""

    RESULT = "type its result"
    ERROR = "type an error: the tool failed"
    DENY = "deny it: the model is told so"
    SHOW = "read all of its arguments"
    LATER = "leave it for later; /tools comes back to it"


async def tools(chat: "Chat", _: str) -> None:
    """Answer the calls that wait; where none does, read those of this conversation."""
    if chat.session.pending_calls:
        if await answer_calls(chat):
            await chat.follow(chat.session.go_on())
        return
    offered = ", ".join(sanitize_line(tool.name, 100) for tool in chat.services.tools)
    chat.say(f"Tools offered to the model: {offered}." if offered else "No tools are offered: see --tools.")
    calls = [call for node in chat.session.path for call in node.message.tool_calls]
    if not calls:
        chat.say("No tool was called yet.")
        return
    chosen = chat.choose(calls, call_words)
    if chosen is not None:
        _read_arguments(chat, chosen)


async def answer_calls(chat: "Chat") -> bool:
    """Ask for the results of the calls that wait; whether the model can go on. Raises as `Lines.read`."""
    while pending := chat.session.pending_calls:
        call = pending[0]
        count = "1 call waits" if len(pending) == 1 else f"{len(pending)} calls wait"
        chat.say(f"{count} for a result. For {sanitize_line(call.name, 100)}:")
        given = _reply(chat, call)
        if given is None:
            chat.say("Left without a result. Your next message goes on without it.")
            return False
        content, is_error = given
        await chat.session.answer_call(call.id, content, is_error=is_error)
    return True


def _reply(chat: "Chat", call: ToolCall) -> tuple[str, bool] | None:
    while True:
        match chat.choose(tuple(Reply), str):
            case Reply.RESULT:
                return chat.ask_text("Result: "), False
            case Reply.ERROR:
                return chat.ask_text("Error: "), True
            case Reply.DENY:
                return DENIED, True
            case Reply.SHOW:
                _read_arguments(chat, call)
            case _:
                return None


def _read_arguments(chat: "Chat", call: ToolCall) -> None:
    chat.say(f"Arguments of {sanitize_line(call.name, 100)}: {sanitize(call.arguments)}")
