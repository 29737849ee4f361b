"""What every store says about conversations that are asked for: which one was meant, and that there is none."""

from collections.abc import Sequence

import msgspec

from tui_chat.core.errors import DELETED, WRONG_ID, StoreError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node


def one_of(id_prefix: str, candidates: Sequence[str]) -> str:
    """The conversation that was meant among those whose ids begin so; an exact id wins.

    Raises:
        StoreError: there is none, or more than one.
    """
    if id_prefix and id_prefix in candidates:
        return id_prefix
    if not id_prefix or not candidates:
        raise not_there(id_prefix, WRONG_ID)
    if len(candidates) > 1:
        raise StoreError(
            f"More than one conversation begins with “{sanitize_line(id_prefix, 60)}”.",
            "Give more of the id: `tui-chat history list` shows them.",
            code=WRONG_ID,
        )
    return candidates[0]


def not_there(conversation_id: str, code: str | None = None) -> StoreError:
    """There is no such conversation, or no longer."""
    return StoreError(
        f"There is no conversation “{sanitize_line(conversation_id, 60)}”.",
        "`tui-chat history list` shows those there are.",
        code=code,
    )


def deleted(conversation_id: str) -> StoreError:
    """Another program has deleted a conversation that is open here."""
    error = not_there(conversation_id, DELETED)
    return StoreError(error.failure.message, "Export it, or save it as a new conversation.", code=DELETED)


def with_known_head(conversation: Conversation, nodes: Sequence[Node]) -> Conversation:
    """The conversation with a head that exists: the newest message where its own was not written in time."""
    if not nodes or any(node.id == conversation.head_id for node in nodes):
        return conversation
    return msgspec.structs.replace(conversation, head_id=nodes[-1].id)
