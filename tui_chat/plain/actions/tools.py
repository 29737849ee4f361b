"""The command about tool calls: give results to those that wait, read the others."""

from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.call_results import arguments_words, ask_for_results
from tui_chat.plain.wording import call_words
from tui_chat.workspace.deciding import ALLOWED, NONE_ALLOWED, allowed_in, take_back

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def tools(chat: "Chat", word: str) -> None:
    """Ask about the calls that wait; where none does, list the calls of this conversation. With `allowed`, list what
    runs without asking."""
    if word.strip().lower() == ALLOWED:
        if not allowed_in(chat.conversation):
            chat.say(NONE_ALLOWED)
        _take_back(chat)
        return
    if chat.session.pending_calls:
        await ask_for_results(chat, chat.conversation)
        await chat.follow()
        return
    offered = ", ".join(sanitize_line(tool.name, 100) for tool in chat.services.offered)
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
    while allowed := allowed_in(chat.conversation):
        chat.say("Runs without asking; choose one to take that back:")
        chosen = chat.choose(tuple(allowed), str)
        if chosen is None:
            return
        take_back(allowed[chosen], chosen)
        chat.say(f"{chosen.partition(',')[0]} asks again.")
