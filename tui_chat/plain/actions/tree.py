"""The tree in words: which branches there are, where they leave, and going to one."""

from typing import TYPE_CHECKING

from tui_chat.core import figures
from tui_chat.core.branches import branch_ends, excerpt
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node, spending
from tui_chat.core.unmarked import unmarked
from tui_chat.plain.wording import EXCERPT, name_of
from tui_chat.workspace import shaping
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def tree(chat: "Chat", _: str) -> None:
    """List the branches, and go to the one that is chosen."""
    nodes = chat.session.tree
    ends = branch_ends(nodes)
    if not ends:
        chat.say("There is no message yet.")
        return
    branches = "1 branch" if len(ends) == 1 else f"{len(ends)} branches"
    cost = figures.total_cost(spending(nodes.nodes()), is_exact=True)
    chat.say(f"{figures.counted(len(nodes), 'message')}, {branches}, {cost}.")
    chosen = chat.choose(ends, lambda end: _words(chat, end), page=10)
    if chosen is not None:
        await _go(chat, chosen)


async def branch(chat: "Chat", number: str) -> None:
    """Go to a branch by its number."""
    ends = branch_ends(chat.session.tree)
    at = int(number[:9]) if number.isdecimal() and number.isascii() else 0
    if not 1 <= at <= len(ends):
        raise CommandRefused(f"Branches have numbers from 1 to {len(ends)}: /tree lists them.")
    await _go(chat, ends[at - 1])


async def _go(chat: "Chat", end: Node) -> None:
    chat.say(await shaping.go_to_branch(chat.conversation, end) or "There is one branch.")
    chat.say_where()


def _words(chat: "Chat", end: Node) -> str:
    """`3 messages, by gpt-4o-mini, $0.0002, leaves after message 1: “A lifetime is…”`."""
    session = chat.session
    line = session.tree.path(end.id)
    shared = sum(1 for node, mine in zip(line, session.path, strict=False) if node.id == mine.id)
    if end.id == session.conversation.head_id:
        return f"the one that you are on, {figures.counted(len(line), 'message')}"
    own = line[shared:]
    if not own:
        return "deleted messages"
    model = next((node.answer.answering_model for node in reversed(own) if node.answer), "")
    parts = [figures.counted(len(own), "message"), f"by {name_of(model)}" if model else ""]
    parts.append(figures.total_cost(spending(own), is_exact=True) if model else "")
    parts.append(f"leaves after message {len(session.path) - shared + 1}" if shared else "from the beginning")
    return f"{', '.join(filter(None, parts))}: “{sanitize_line(unmarked(excerpt(own[0])), EXCERPT)}”"
