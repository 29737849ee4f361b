"""What an open conversation tells a front end: the session's facts, and what became of the messages given to it."""

import msgspec

from tui_chat.chat.session_events import SessionEvent
from tui_chat.core.errors import Failure


class QuestionSaved(msgspec.Struct, frozen=True):
    """The question is on disk: nobody else has to keep its text any more. Comes once for each question, and never
    for one that could not be written or shall not be."""

    node_id: str


class NotSent(msgspec.Struct, frozen=True):
    """A message could not be sent; its text is the person's again."""

    text: str
    failure: Failure | None
    """Why; None where the person stopped it before anything was asked."""


class OutboxChanged(msgspec.Struct, frozen=True):
    """The next message was taken out of the outbox, and is being sent."""

    messages: tuple[str, ...]
    """What still waits."""


class GivenBack(msgspec.Struct, frozen=True):
    """The answer did not end well, so what waited for its end is not sent but the person's again."""

    messages: tuple[str, ...]


ConversationEvent = SessionEvent | QuestionSaved | NotSent | OutboxChanged | GivenBack
