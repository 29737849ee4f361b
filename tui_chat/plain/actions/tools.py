"""The command about tool calls: give results to those that wait, read the others."""

from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.plain.call_results import arguments_words, ask_for_results
from tui_chat.workspace.again_words import is_again
from tui_chat.workspace.allowed import ALLOWED, NONE_ALLOWED, allowed_in
from tui_chat.workspace.tool_servers import (
    CHANGED,
    LOOKING_S,
    NO_SERVERS,
    NONE_CHANGED,
    SERVERS,
    accept,
    changed_in,
    changed_words,
    log_words,
    offered_words,
    problem_words,
)
from tui_chat.workspace.tool_switches import is_switch, states, switch, to_switch

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

NONE_OFFERED = "No tools are offered: `tui-chat tools` says how."


async def tools(chat: "Chat", word: str) -> None:
    """Ask about the calls that wait; where none does, list the calls of this conversation. With `allowed`, list what
    runs without asking; with `off NAME` or `on NAME`, switch tools; with `changed`, list what servers have changed;
    with `servers`, how those stand; with `again`, take a call again; with other words, list the calls that fit them."""
    if is_again(word):
        from tui_chat.plain.actions.again import again  # only where a call is taken again

        await again(chat, word)
        return
    if is_switch(word):
        if choices := to_switch(chat.session, word):
            name = chat.choose(choices, lambda name: sanitize_line(name, 100))
            if name is None:
                return
            word = f"{word} {name}"
        chat.say(await switch(chat.session, word))
        return
    if word.strip().lower() == ALLOWED:
        if not await allowed_in(chat.session):
            chat.say(NONE_ALLOWED)
        await _take_back(chat)
        return
    if word.strip().lower() == CHANGED:
        _look_at_changed(chat)
        return
    if word.strip().lower() == SERVERS:
        await _look_at_servers(chat)
        return
    if word.strip():
        await _read_calls(chat, word)
        return
    await chat.services.servers.prepare(LOOKING_S)
    if chat.session.pending_calls:
        await ask_for_results(chat, chat.conversation)
        await chat.follow()
        return
    if chat.session.tools_off:
        chat.say(states(chat.session))
    else:
        offered = ", ".join(offered_words(chat.services))
        chat.say(f"Tools offered to the model: {offered}." if offered else NONE_OFFERED)
    for words in problem_words(chat.services):
        chat.say(words)
    await _take_back(chat)
    await _read_calls(chat)


async def _read_calls(chat: "Chat", words: str = "") -> None:
    """Read the arguments and the result of the call that is chosen, among those that fit the words."""
    from tui_chat.plain.actions.again import choose_call  # only where there are calls
    from tui_chat.workspace.call_query import fitting

    board = chat.conversation.calls
    if not board.calls:
        chat.say("No tool was called yet.")
        return
    calls = fitting(words, board.calls, board.silent_s)
    if not calls:
        chat.say(f"No call has “{sanitize_line(words, 100)}”.")
    elif (chosen := choose_call(chat, calls)) is not None:
        chat.say(arguments_words(chosen))
        if chosen.result is not None:
            chat.say(f"Result: {sanitize(chosen.result.content)}")


async def _take_back(chat: "Chat") -> None:
    """Say what runs without asking, and take back what the person chooses."""
    while allowed := await allowed_in(chat.session):
        chat.say("Runs without asking; choose one to take that back:")
        chosen = chat.choose(tuple(allowed), str)
        if chosen is None:
            return
        chat.say(await allowed[chosen]())


def _look_at_changed(chat: "Chat") -> None:
    """Say which tools are off since a server has changed them, and what is new of the one that is chosen."""
    if not changed_in(chat.services):
        chat.say(NONE_CHANGED)
    while changed := changed_in(chat.services):
        chat.say("Off, since their servers have changed them; choose one to read it:")
        chosen = chat.choose(tuple(changed), str)
        if chosen is None:
            return
        chat.say(changed_words(changed[chosen]))
        if not chat.confirm("Offer it to the model?"):
            return
        chat.say(accept(chat.conversation, changed[chosen]))


async def _look_at_servers(chat: "Chat") -> None:
    """Say how each tool server stands, and what the one that is chosen wrote."""
    servers = chat.services.servers
    if not servers.views:
        chat.say(NO_SERVERS)
        return
    chosen = chat.choose(servers.views, lambda view: f"{view.name}: {view.words}")
    if chosen is None:
        return
    chat.say(log_words(chosen))
    if chat.confirm("Start it anew?"):
        await servers.restart(chosen.name)
        chat.say(f"{chosen.name} is being started.")
