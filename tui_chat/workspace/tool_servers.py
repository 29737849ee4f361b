"""What a person sees and decides about tool servers, the same for every front end: the tools that are offered, and
those that are off since a server has changed them.
"""

from typing import TYPE_CHECKING, Final

from tui_chat.core.request import ToolDefinition
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.services import Services
    from tui_chat.chat.tool_ports import ChangedTool, ServerView
    from tui_chat.workspace.conversation import OpenConversation

CHANGED: Final = "changed"
"""Word behind `/tools`: what tool servers have changed."""
SERVERS: Final = "servers"
"""Word behind `/tools`: how tool servers stand."""
LOOKING_S: Final = 5.0
"""How long somebody who looks at tools waits for servers that are being started."""
NO_SERVERS: Final = "No tool server is set up: see /help tools."
NONE_CHANGED: Final = "No tool server has changed a tool."
CHANGED_AGAIN: Final = "It has changed once more. Look again."


def offered_words(services: "Services") -> tuple[str, ...]:
    """The tools that are offered, by name, each with its server where it has one."""
    own = [sanitize_line(tool.name, 100) for tool in services.tools]
    return (*own, *(_with_server(tool.definition) for tool in services.servers.offered))


def _with_server(definition: ToolDefinition) -> str:
    return f"{sanitize_line(definition.name, 100)} (mcp {definition.told_by})"


def problem_words(services: "Services") -> tuple[str, ...]:
    """Why tools of servers are not offered, a sentence for each."""
    servers = services.servers
    late = [f"The tool server {name} is not ready yet." for name in servers.starting]
    return (*(f"The tool server {name}: {why.rstrip('.')}." for name, why in servers.problems.items()), *late)


def changed_in(services: "Services") -> "dict[str, ChangedTool]":
    """The tools that are off until somebody has looked at them, each by the words that name it."""
    return {f"{changed.server} · {changed.tool.name}": changed for changed in services.servers.changed}


def changed_words(changed: "ChangedTool") -> str:
    """What a server says of a tool, and what it said before."""
    now, before = changed.tool.definition, changed.before.definition if changed.before is not None else None
    if before is None:
        return f"It is new. The server says of it:\n\n{_told(now)}"
    return f"The server says of it now:\n\n{_told(now)}\n\nBefore, it said:\n\n{_told(before)}"


def _told(definition: ToolDefinition) -> str:
    import json  # only where a tool has changed

    schema = json.dumps(definition.parameters, indent=2, ensure_ascii=False)
    return sanitize(f"{definition.description or '(nothing)'}\n{schema}")


def accept(conversation: "OpenConversation", changed: "ChangedTool") -> str:
    """Let a tool that was looked at be called from now on, and say so. What it was allowed before, it was allowed as
    another tool: it asks again.

    Raises:
        CommandRefused: it has changed again since.
    """
    if not conversation.services.servers.accept(changed):
        raise CommandRefused(CHANGED_AGAIN)
    for allowed in (conversation.session.approvals.permissions, conversation.services.tool_use.standing):
        for permission in allowed.given:
            if permission.name == changed.tool.name:
                allowed.take_back(permission)
    return f"{changed.tool.name} of {changed.server} is offered again."


def log_words(view: "ServerView") -> str:
    """What a server is, how it stands, and what it wrote last."""
    log = "\n".join(view.log) or "(nothing)"
    return sanitize(f"{view.what}\n{view.words}\n\nIt wrote last:\n{log}")
