"""Candidates behind `/tools`: its words, then the calls that are taken again and how, and the tools to switch.

Each candidate is the whole of what stands behind the name, since more than one word may follow.
"""

from collections.abc import Sequence
from typing import Final

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.composing.completion import Candidate
from tui_chat.workspace import again as taking
from tui_chat.workspace.again_words import AGAIN, WORDS, Way
from tui_chat.workspace.allowed import ALLOWED
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.tool_servers import CHANGED, SERVERS
from tui_chat.workspace.tool_switches import OFF, ON, switchable

MOST_CALLS: Final = 50
_FIRST: Final = (
    Candidate(AGAIN, "take a call again", is_whole=False),
    Candidate(ALLOWED, "what runs without asking, to take it back"),
    Candidate(OFF, "switch a tool off in this chat", is_whole=False),
    Candidate(ON, "switch it on again", is_whole=False),
    Candidate(SERVERS, "how tool servers stand"),
    Candidate(CHANGED, "what tool servers have changed"),
    Candidate("failed", "calls that failed; other words list the calls that have them"),
)


def tool_words(context: CommandContext, typed: str) -> Sequence[Candidate]:
    """What may follow what is typed behind `/tools`."""
    first, *others = typed.split(" ")
    if not others:
        return _FIRST
    if not context.conversation.is_open:
        return ()
    match first.lower(), others:
        case "again", [_]:
            return _calls(context)
        case "again", [call, _]:
            return _ways(context, call)
        case "again", [call, "model", _]:
            models = context.conversation.services.catalog.known().offered
            return [Candidate(f"{AGAIN} {call} model {model.id}", model.name) for model in models]
        case ("off" | "on") as way, [*_, _]:
            return _tools(context, way, typed[: typed.rindex(" ")])
        case _:
            return ()


def _calls(context: CommandContext) -> list[Candidate]:
    calls = context.conversation.calls.calls[:MOST_CALLS]
    return [
        Candidate(
            f"{AGAIN} {number}",
            f"{sanitize_line(call.name, 60)}, {call.state.brief}: {sanitize_line(''.join(call.pieces[:200]), 120)}",
        )
        for number, call in enumerate(calls, 1)
    ]


def _ways(context: CommandContext, call: str) -> list[Candidate]:
    try:
        ways = taking.ways_of(taking.picked(context.conversation, call))
    except CommandRefused:
        return []  # the command itself says why
    return [
        Candidate(f"{AGAIN} {call} {word}", way.value, is_whole=way is not Way.MODEL)
        for word, way in WORDS.items()
        if way in ways
    ]


def _tools(context: CommandContext, way: str, before: str) -> list[Candidate]:
    tools = switchable(context.conversation.session)
    return [Candidate(f"{before} {tool.name}", tool.server) for tool in tools if tool.is_off is (way == ON)]
