"""Events of an open conversation: those of its session, and what became of the messages that were given to it."""

import msgspec

from tui_chat.chat.session_events import SessionEvent
from tui_chat.core.errors import Failure


class QuestionSaved(msgspec.Struct, frozen=True):
    """The question is on disk, so its text need not be kept elsewhere any more. Comes once for each question, and
    never for one that could not be written or is not to be (in a temporary conversation)."""

    node_id: str


class NotSent(msgspec.Struct, frozen=True):
    """A message was not sent; its text goes back to the person."""

    text: str
    failure: Failure | None
    """The reason; None where the person stopped it before anything was asked."""


class OutboxChanged(msgspec.Struct, frozen=True):
    """The next message was taken out of the outbox, and is being sent."""

    messages: tuple[str, ...]
    """The messages that still wait, the next one first."""


class GivenBack(msgspec.Struct, frozen=True):
    """The answer did not end well, so the messages that waited for its end go back to the person."""

    messages: tuple[str, ...]


ConversationEvent = SessionEvent | QuestionSaved | NotSent | OutboxChanged | GivenBack
