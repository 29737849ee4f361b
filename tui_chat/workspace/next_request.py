"""How large the next request would be, and what it would cost, while its message is written."""

from typing import NamedTuple

from tui_chat.chat.session import Session
from tui_chat.core import figures
from tui_chat.core.parts import user_message
from tui_chat.core.request_size import RequestSize
from tui_chat.core.tree import Node
from tui_chat.core.usage import estimate_prompt_cost, estimate_tokens

_ONE_TOKEN = "x"


class _Counted(NamedTuple):
    """What a path was counted for."""

    session: Session
    conversation: object
    services: object
    parent_id: str | None


class NextRequest:
    """The estimate of a chat's next request. What goes before the message is counted once for each path and model."""

    def __init__(self) -> None:
        self._counted: _Counted | None = None
        self._before = RequestSize()

    def size(self, session: Session, text: str, attached: RequestSize, replaces: Node | None = None) -> RequestSize:
        """Estimate the request that sends this text with what is attached, or that replaces a question."""
        parent_id = replaces.parent_id if replaces else session.conversation.head_id
        counted = _Counted(session, session.conversation, (session.services, session.asking.offered), parent_id)
        if counted != self._counted:
            with_one = session.request_size(user_message(_ONE_TOKEN), parent_id)
            self._before = with_one._replace(tokens=with_one.tokens - estimate_tokens(_ONE_TOKEN))
            self._counted = counted
        return self._before.plus(attached).plus(RequestSize(estimate_tokens(text)))


def size_words(session: Session, size: RequestSize) -> str:
    """`~1.2k tok · ~$0.0004`, `~1.2k tok · free`; without a price where it is unknown, `at least` where a part has no
    estimate."""
    tokens = ("" if size.is_whole else "at least ") + figures.estimated_tokens(size.tokens)
    model = session.services.catalog.known().get(session.conversation.model)
    if model is None:
        return tokens
    if model.price.is_free and not (size.pictures and model.price.image_usd):
        return f"{tokens} · free"
    cost = estimate_prompt_cost(size.tokens, model.price, size.pictures)
    return f"{tokens} · {figures.cost(cost)}" if cost else tokens
