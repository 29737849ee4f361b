"""What keeps a command from doing anything now, given without words: found by what the command itself asks first.

The list of commands sorts by it, and says why.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tui_chat.ui.commands.actions import drafts, files
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import shaping, verbs
from tui_chat.workspace.command import Command
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

_ASKED: Final[Mapping[str, Callable[[OpenConversation, str], object]]] = {
    "stop": lambda conversation, _: verbs.refuse_unless_answering(conversation),
    "retry": shaping.asked,
    "retry-by": shaping.asked,
    "continue": lambda conversation, here: shaping.continued(conversation, "", here),
    "edit": lambda conversation, here: shaping.edited(conversation, "", here),
    "variant": shaping.varied,
    "mute": lambda conversation, here: shaping.marked(conversation, "", here),
    "pin": lambda conversation, here: shaping.marked(conversation, "", here),
    "label-message": lambda conversation, here: shaping.marked(conversation, "", here),
    "delete-message": lambda conversation, here: shaping.deleted(conversation, "", here),
    "facts": lambda conversation, here: shaping.looked_at(conversation, "", here),
    "undo-deed": lambda conversation, _: conversation.changes.refuse_where_none(),
    "fork": lambda conversation, here: verbs.forked(conversation, "", here),
    "next-model": lambda conversation, _: verbs.next_recent_model(conversation),
    "save": lambda conversation, _: verbs.refuse_where_empty(conversation),
    "export": lambda conversation, _: verbs.refuse_where_empty(conversation),
    "copy": lambda conversation, here: verbs.text_to_copy(conversation, "", here),
}
"""By the id of a command: raises where it can do nothing, given the id of the message under the cursor."""


def why_not_now(context: CommandContext, command: Command) -> str:
    """Say what keeps a command from being run now; empty where nothing does, or where only running it tells."""
    if not context.conversation.is_open:
        return ""
    if why := context.dispatch.why_not(command):
        return why
    try:
        if (ask := _ASKED.get(command.id)) is not None:
            ask(context.conversation, context.transcript.here)
        elif command.id == "queue":
            drafts.refuse_without_queue(context)
        elif command.id == "detach":
            files.refuse_without_files(context)
    except CommandRefused as refusal:
        return str(refusal)
    return ""
