"""What another program says in a conversation that is open here: its messages are taken while nothing is at work."""

from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.elsewhere import written_elsewhere


async def take_added(conversation: OpenConversation) -> None:
    """Take the messages that another program has added since, unless a turn runs or calls wait here: they are shown
    where they continue what is read, else they are another branch.

    Raises:
        StoreError: they cannot be read.
    """
    session = conversation.session
    store, id_ = session.services.store, session.conversation.id
    if not _can_take(conversation) or (row := await store.summary(id_)) is None or row.messages == len(session.tree):
        return
    there, nodes = await store.load(id_)
    if _can_take(conversation):
        session.see_added(there.head_id, nodes)
        conversation.calls.show(session.path, session.pending_calls)


def _can_take(conversation: OpenConversation) -> bool:
    session = conversation.session
    rests = not (conversation.is_answering or session.pending_calls or written_elsewhere(session))
    return rests and bool(session.path) and not session.is_temporary
