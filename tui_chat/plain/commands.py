"""Handlers by command, for plain mode; the commands themselves are in the table that all front ends share."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

from tui_chat.plain.actions import (
    answers,
    asking,
    budget,
    connecting,
    conversations,
    files,
    messages,
    models,
    parts,
    program,
    search,
    settings,
    shaping,
    tools,
    tree,
    usage,
)
from tui_chat.workspace import shaping as deeds

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

Handler = Callable[["Chat", str], Awaitable[None] | None]
"""Carries out a command, given the words after its slash name."""

HANDLERS: Final[Mapping[str, Handler]] = {
    "help": program.help_page,
    "quit": program.leave,
    "stop": answers.stop,
    "new": conversations.new,
    "model": models.model,
    "models": models.model,
    "resume": conversations.resume,
    "messages": messages.list_messages,
    "read": messages.read,
    "read-reasoning": messages.reasoning,
    "find": messages.find,
    "search": search.search,
    "retry": shaping.retry,
    "continue": shaping.continue_answer,
    "edit": shaping.edit,
    "variant": shaping.variant,
    "mute": shaping.marking(deeds.toggle_muted),
    "pin": shaping.marking(deeds.toggle_pinned),
    "delete-message": shaping.delete,
    "facts": messages.facts,
    "label-message": shaping.label,
    "note": shaping.note,
    "compact": shaping.compact,
    "undo-deed": shaping.undo,
    "tree": tree.tree,
    "branch": tree.branch,
    "editor": answers.editor,
    "fork": shaping.fork,
    "rename": conversations.rename,
    "archive": conversations.archive,
    "system": conversations.system,
    "temporary": conversations.temporary,
    "params": asking.params,
    "effort": asking.effort,
    "preset": asking.preset,
    "prompt": asking.prompt,
    "tools": tools.tools,
    "usage": usage.usage,
    "budget": budget.budget,
    "save": files.save,
    "export": files.export,
    "import": files.import_,
    "open": parts.open_part,
    "copy": files.copy,
    "attach": files.attach,
    "detach": files.detach,
    "connect": connecting.connect,
    "settings": settings.settings,
    "keys": program.keys,
    "queue": program.queue,
    "theme": program.theme,
    "mouse": program.mouse,
    "redraw": program.redraw,
    "vim": program.vim,
    "notices": program.notices,
    "stash-text": program.stash,
    "pop": program.stash,
}
"""Handlers by the command's id."""
