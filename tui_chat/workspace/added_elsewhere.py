"""What another program does in a conversation that is open here: its messages and its marks are taken, messages while
nothing is at work."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.workspace.elsewhere import written_elsewhere

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.workspace.conversation import OpenConversation


async def take_added(conversation: "OpenConversation") -> bool:
    """Take what another program has marked since, and, unless a turn runs or calls wait here, the messages that it has
    added: they are shown where they continue what is read, else they are another branch. Whether there was anything.

    Raises:
        StoreError: it cannot be read.
    """
    session = conversation.session
    is_marked = await session.held.see_marks()
    is_more = await _take_messages(session, lambda: not conversation.is_answering)
    if is_more:
        conversation.calls.show(session.path, session.pending_calls)
    return is_marked or is_more


async def take_before(session: "Session") -> None:
    """The same right before a question is sent there.

    Raises:
        StoreError: it cannot be read.
    """
    await session.held.see_marks()
    await _take_messages(session, lambda: True)


async def _take_messages(session: "Session", may_take: Callable[[], bool]) -> bool:
    def rests() -> bool:
        return may_take() and not (session.pending_calls or written_elsewhere(session))

    store, id_ = session.services.store, session.conversation.id
    if session.is_temporary or not session.path or not rests():
        return False
    if (row := await store.summary(id_)) is None or row.messages == len(session.tree):
        return False
    there, nodes = await store.load(id_)
    if not rests():
        return False
    session.held.see_added(there.head_id, nodes)
    return True
