"""Making what is sent shorter: a summary takes the place of the older messages, which all stay to be read."""

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_chat.chat.context import build_request, summary_request
from tui_chat.core.marks import Marks, Summary
from tui_chat.core.parts import Beside, Message, Part, Role
from tui_chat.core.request_size import size_of_parts, size_of_request
from tui_chat.core.sending import is_summary_in_force, sent_nodes
from tui_chat.core.tree import Node
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.shaping import refuse_while_answering

if TYPE_CHECKING:
    from tui_chat.chat.session import Session

FEWEST: Final = 4
"""Messages below which a summary is worth nothing."""
TAIL_SHARE: Final = 5
"""The tail that is sent all the same is at most one of so many parts of what was sent."""


def compact(conversation: OpenConversation, words: str) -> str:
    """Ask for a summary that is sent from now on in the place of the older messages; `words` say what matters in it."""
    refuse_while_answering(conversation)
    session = conversation.session
    if session.pending_calls:
        raise CommandRefused("A call waits for its result: answer it first, then make a summary.")
    path = session.path
    before = size_of_request(
        build_request(session.conversation, path, session.asking, session.conversation.model)
    ).tokens
    tail_at = _tail_at(path, before)
    summed = path[:tail_at]
    if len(sent_nodes(summed)) < FEWEST:
        raise CommandRefused("There is too little to summarise yet.")
    model = session.services.summary_model or session.conversation.model
    tail_id = path[tail_at].id if tail_at < len(path) else None
    summary = Summary(tail_id, len(sent_nodes(summed)), before, before)
    request = summary_request(session.conversation, summed, session.asking, model, words)
    conversation.changes.turns(session, "All messages are sent again.")
    conversation.answer_with(request, path[-1].id, Marks(summary=summary))
    return "Making a summary."


def is_worth_it(session: "Session") -> bool:
    """Whether a summary can be asked for now, and there is enough for one."""
    if session.pending_calls:
        return False
    path = session.path
    before = size_of_request(build_request(session.conversation, path, session.asking, session.conversation.model))
    return len(sent_nodes(path[: _tail_at(path, before.tokens)])) >= FEWEST


async def undo_compacting(conversation: OpenConversation) -> str:
    """Send all messages again, and no summary."""
    node = next((node for node in reversed(conversation.session.path) if is_summary_in_force(node)), None)
    if node is None:
        raise CommandRefused("No summary is sent.")
    kept = conversation.session.tree.get(node.id) or node  # the path may give its tail another beginning
    conversation.changes.marks(kept, "The summary is sent again.")
    await conversation.session.mark(node.id, replace(kept.marks, is_muted=True))
    return "All messages are sent again."


def _tail_at(path: tuple[Node, ...], tokens: int) -> int:
    """Where the tail begins: with a question behind the last summary, the earliest for which it is small enough beside
    the `tokens` of all; at the end where none is."""
    found, taken = len(path), 0
    for at in range(len(path) - 1, 0, -1):
        if is_summary_in_force(path[at]):
            break
        message = path[at].message
        taken += size_of_parts(message.parts if message.role is Role.USER else _words(message)).tokens
        if taken * TAIL_SHARE > tokens:
            break
        if path[at].message.role is Role.USER:
            found = at
    return found


def _words(message: Message) -> tuple[Part, ...]:
    """What is sent of an answer: sound and files of its own are not."""
    return tuple(part for part in message.parts if not isinstance(part, Beside))
