"""The command about tool calls: give results to those that wait, read the others."""

from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize_line
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
    calls = [call for node in chat.session.path for call in node.message.tool_calls]
    if not calls:
        chat.say("No tool was called yet.")
        return
    chosen = chat.choose(calls, call_words)
    if chosen is not None:
        chat.say(arguments_words(chosen))
