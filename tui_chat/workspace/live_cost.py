"""What the answer that is being written costs so far, by estimate: nobody tells it before the end."""

from tui_chat.chat.session import Session
from tui_chat.core.request_size import RequestSize
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, TokenCounts, estimate_cost


class LiveCost:
    """The estimate for one answer at a time; its request is measured once."""

    def __init__(self) -> None:
        self._answer_id = ""
        self._size = RequestSize()

    def is_measured(self, session: Session) -> bool:
        """The request of the last answer is measured, or none is being written."""
        asked = _asked(session)
        return asked is None or asked[1].id == self._answer_id

    def measure(self, session: Session) -> None:
        """Measure the request of the answer that is written; may be called on a thread."""
        if (asked := _asked(session)) is not None:
            question, answer = asked
            self._size = session.request_size(question.message, question.parent_id)
            self._answer_id = answer.id

    def at(self, session: Session, tokens: int) -> Cost | None:
        """What the last answer of the path costs once so many tokens of it were written; None where none is written,
        its price is unknown, or its request is not measured."""
        asked = _asked(session)
        if asked is None or asked[1].id != self._answer_id or (info := asked[1].answer) is None:
            return None
        model = session.services.catalog.known().get(info.requested_model)
        if model is None:
            return None
        return estimate_cost(TokenCounts(self._size.tokens, tokens), model.price, self._size.pictures)


def _asked(session: Session) -> tuple[Node, Node] | None:
    """What is answered, and the answer that is written; None where none is."""
    *_, question, answer = session.path if len(session.path) > 1 else (None, None)
    return (question, answer) if question is not None and answer is not None and answer.is_being_written else None
