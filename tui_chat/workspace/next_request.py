"""How large the next request would be, and what it would cost, while its message is written."""

from typing import NamedTuple

from msgspec.structs import replace

from tui_chat.chat.session import Session
from tui_chat.core import figures
from tui_chat.core.parts import user_message
from tui_chat.core.request_size import RequestSize
from tui_chat.core.tree import Node
from tui_chat.core.usage import estimate_prompt_cost, estimate_tokens
from tui_chat.workspace.context_fill import NEARLY_FULL, ContextFill

_ONE_TOKEN = "x"


class _Counted(NamedTuple):
    """What a path was counted for."""

    session: Session
    conversation: object
    services: object
    path: tuple[Node, ...]
    """What goes before the message, as it is now: an answer grows, and is counted at its end; messages are muted and
    deleted."""


def _counted_for(session: Session, parent_id: str | None) -> _Counted:
    services = (session.services, session.asking.offered)
    return _Counted(session, session.conversation, services, session.tree.path(parent_id))


class NextRequest:
    """The estimate of a chat's next request. What goes before the message is counted once for each path and model."""

    def __init__(self) -> None:
        self._counted: _Counted | None = None
        self._before = RequestSize()

    def is_counted(self, session: Session) -> bool:
        """What goes along with whatever is sent next is counted, and has not changed since."""
        return self._counted == _counted_for(session, session.conversation.head_id)

    def last_fill(self, session: Session) -> ContextFill:
        """What was counted last of this conversation; nothing where nothing was."""
        is_same = self._counted is not None and self._counted.session is session
        return self._filled(session, self._before) if is_same else ContextFill()

    def fill(self, session: Session) -> ContextFill:
        """What goes along with whatever is sent next, against the window of the model that is asked; nothing where the
        conversation has not begun."""
        if not session.path:
            return ContextFill()
        return self._filled(session, self.size(session, "", RequestSize()))

    def _filled(self, session: Session, size: RequestSize) -> ContextFill:
        info = session.services.catalog.known().get(session.conversation.model)
        return ContextFill(size, info.context_tokens if info else None)

    def size(self, session: Session, text: str, attached: RequestSize, replaces: Node | None = None) -> RequestSize:
        """Estimate the request that sends this text with what is attached, or that replaces a question."""
        parent_id = replaces.parent_id if replaces else session.conversation.head_id
        counted = _counted_for(session, parent_id)
        if counted != self._counted:
            with_one = session.request_size(user_message(_ONE_TOKEN), parent_id)
            self._before = with_one._replace(tokens=with_one.tokens - estimate_tokens(_ONE_TOKEN))
            self._counted = counted
        return self._before.plus(attached).plus(RequestSize(estimate_tokens(text)))


def size_words(session: Session, size: RequestSize) -> str:
    """`~1.2k tok · ~$0.0004`, `~1.2k tok · free`; without a price where it is unknown, `at least` where a part has no
    estimate. `~7.1k tok of 8k` where most of what the model takes is used, `~9k tok of 8k, too long` where it takes
    less."""
    tokens = ("" if size.is_whole else "at least ") + figures.estimated_tokens(size.tokens)
    model = session.services.catalog.known().get(session.conversation.model)
    if model is None:
        return tokens
    if model.context_tokens and size.tokens >= NEARLY_FULL * model.context_tokens:
        tokens += f" of {figures.tokens(model.context_tokens)}"
        tokens += ", too long" if size.tokens > model.context_tokens else ""
    price = model.price if size.pictures else replace(model.price, image_usd=None)
    if price.is_free:
        return f"{tokens} · free"
    cost = estimate_prompt_cost(size.tokens, model.price, size.pictures)
    return f"{tokens} · {figures.cost(cost)}" if cost else tokens
