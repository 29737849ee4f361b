"""The tree: going to a message on any branch, and acting on it there."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from tui_chat.core.tree import Node, Tree
from tui_chat.ui import dialogs
from tui_chat.ui.commands.actions.answers import ask_another
from tui_chat.ui.commands.actions.messages import ask_for_label, edit_node, go_to_copy, show_facts, undo_here
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import shaping
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.chat.session import Session

MARKS: Final[Mapping[str, Callable[[OpenConversation, Node], Awaitable[str]]]] = {
    "mute": shaping.toggle_muted,
    "pin": shaping.toggle_pinned,
    "bookmark": shaping.toggle_bookmark,
    "delete": shaping.toggle_deleted,
}


async def tree(context: CommandContext, _: str) -> None:
    """Show the tree, do what is chosen there, and show it again until somebody goes somewhere."""
    conversation = context.conversation
    session, opened, at = conversation.session, set[str](), ""
    while True:
        page = dialogs.tree(partial(_whole, session), session.services.clock.now, opened=opened, at=at)
        if (choice := await context.ask(page)) is None or (node := session.tree.get(choice.node_id)) is None:
            return
        at = node.id
        try:
            if await _leads_away(context, node, choice.deed):
                return
        except CommandRefused as refusal:
            context.note(str(refusal), severity="warning")
        await context.show_path()


def _whole(session: "Session") -> tuple[Tree, str | None]:
    return Tree(session.so_far(session.tree.nodes())), session.conversation.head_id


async def _leads_away(context: CommandContext, node: Node, deed: str) -> bool:
    """Do what was chosen; whether the chat goes on with it, and the tree is not shown again."""
    conversation = context.conversation
    if deed in MARKS:
        context.note(await MARKS[deed](conversation, node))
        return False
    match deed:
        case "label":
            await ask_for_label(context, conversation, node)
            return False
        case "facts":
            await show_facts(context, node)
            return False
        case "undo":
            await undo_here(context)
            return context.conversation is not conversation
        case "fork":
            await go_to_copy(context, await conversation.session.fork(node.id))
            return True
        case _:
            if said := await shaping.go_to_branch(conversation, node):
                context.note(said)
            await context.show_path()
    match deed:
        case "edit":
            await edit_node(context, shaping.edited(conversation, "", node.id))
        case "again":
            shaping.ask_again(conversation, shaping.asked(conversation, node.id))
            context.follow()
        case "again-by":
            await ask_another(context, shaping.asked(conversation, node.id))
        case "continue":
            context.note(await shaping.continue_answer(conversation, shaping.continued(conversation, "", node.id)))
            context.follow()
        case _:
            context.transcript.focus()
    return True
