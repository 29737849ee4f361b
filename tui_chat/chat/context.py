"""What of a conversation is sent: the request that asks a model to continue a path."""

from tui_chat.chat.history import sendable_history
from tui_chat.chat.services import Services
from tui_chat.core.request import Request
from tui_chat.core.tree import Conversation, Node


def build_request(conversation: Conversation, path: tuple[Node, ...], services: Services, model: str) -> Request:
    """The request that asks `model` to continue the path."""
    messages, origins = sendable_history(path, conversation.system)
    known = services.catalog.known().get(model)
    return Request(
        model=model,
        messages=tuple(messages),
        fallbacks=tuple(fallback for fallback in services.fallbacks if fallback != model),
        tools=services.tools,
        sampling=services.sampling,
        gateway=services.gateway.stored_url,
        takes_pictures=known is None or not known.input_modalities or "image" in known.input_modalities,
        origins=origins,
    )
