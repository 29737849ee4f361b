"""What of a conversation is sent: the request that asks a model to continue a path."""

from tui_chat.chat.history import sendable_history
from tui_chat.chat.services import Services
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.marks import Continuing
from tui_chat.core.request import Request
from tui_chat.core.taken import only_taken
from tui_chat.core.tree import Conversation, Node


def build_request(
    conversation: Conversation,
    path: tuple[Node, ...],
    services: Services,
    model: str,
    continuing: Continuing | None = None,
) -> Request:
    """The request that asks `model` to answer what the path ends with, or to go on with the answer that it ends
    with."""
    messages, origins = sendable_history(path, conversation.system, continuing)
    catalog = services.catalog.known()
    known = catalog.get(model)
    sampling, left_out = only_taken(conversation.sampling_over(services.sampling), model, catalog)
    return Request(
        model=model,
        messages=tuple(messages),
        fallbacks=tuple(fallback for fallback in services.fallbacks if fallback != model),
        tools=services.tools,
        sampling=sampling,
        left_out=left_out,
        gateway=services.gateway.stored_url,
        takes_pictures=known is None or not known.input_modalities or "image" in known.input_modalities,
        origins=origins,
    )


def asked_with(request: Request) -> AnswerInfo:
    """What is known of an answer before anything of it came."""
    return AnswerInfo(requested_model=request.model, gateway=request.gateway, sampling=request.sampling)
