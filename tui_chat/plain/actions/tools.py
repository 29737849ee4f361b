"""The command about tool calls: give results to those that wait, read the others."""

from typing import TYPE_CHECKING

from tui_chat.chat.policy import Permission
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.plain.call_results import arguments_words, ask_for_results
from tui_chat.plain.wording import call_words

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def tools(chat: "Chat", _: str) -> None:
    """Ask for the results of the calls that wait; where none does, list the calls of this conversation."""
    if chat.session.pending_calls:
        await ask_for_results(chat, chat.conversation)
        await chat.follow()
        return
    offered = ", ".join(sanitize_line(tool.name, 100) for tool in chat.services.tools)
    chat.say(f"Tools offered to the model: {offered}." if offered else "No tools are offered: see --tools.")
    _take_back(chat)
    calls = [call for node in chat.session.path for call in node.message.tool_calls]
    if not calls:
        chat.say("No tool was called yet.")
        return
    chosen = chat.choose(calls, call_words)
    if chosen is not None:
        chat.say(arguments_words(chosen))


def _take_back(chat: "Chat") -> None:
    """Say what runs without asking, and take back what the person chooses."""
    for allowed in (chat.session.approvals.permissions, chat.services.tool_use.standing):
        while given := allowed.given:
            chat.say("Runs without asking; choose one to take that back:")
            chosen = chat.choose(given, _permission_words)
            if chosen is None:
                break
            allowed.take_back(chosen)
            chat.say(f"{sanitize_line(chosen.name, 100)} asks again.")


def _permission_words(permission: Permission) -> str:
    arguments = f": {sanitize(permission.arguments)}" if permission.arguments else ""
    return f"{sanitize_line(permission.name, 100)}, {permission.breadth}{arguments}"
