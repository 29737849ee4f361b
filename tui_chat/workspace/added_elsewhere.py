"""What another program does in a conversation that is open here, taken while it is looked at."""

from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.elsewhere import take_messages


async def take_added(conversation: OpenConversation) -> bool:
    """Take what another program has marked since, and, unless a turn runs or calls wait here, the messages that it has
    added: they are shown where they continue what is read, else they are another branch. Whether there was anything.

    Raises:
        StoreError: it cannot be read.
    """
    session = conversation.session
    is_marked = await session.held.see_marks()
    is_more = await take_messages(session, lambda: not conversation.is_answering)
    if is_more:
        conversation.calls.show(session.path, session.pending_calls)
    return is_marked or is_more
