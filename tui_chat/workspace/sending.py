"""What begins the turn of a message: its files are read, what the model does not take is refused, and once it is a
question its attachments are gone."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Protocol

from tui_chat.chat.session_events import AnswerStarted, SessionEvent
from tui_chat.core.errors import StoreError
from tui_chat.core.parts import Message, user_message
from tui_chat.core.slash import as_message
from tui_chat.workspace.attachments import check_taken
from tui_chat.workspace.changes import Changes
from tui_chat.workspace.due_turn import Begin
from tui_chat.workspace.recent_models import RecentModels

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Node
    from tui_chat.workspace.pending_attachments import PendingAttachments


class Sender(Protocol):
    """The open conversation, as far as sending concerns it."""

    changes: Changes
    recent: RecentModels

    @property
    def session(self) -> "Session":
        """The conversation in the domain."""
        ...

    @property
    def attached(self) -> "PendingAttachments":
        """Attachments of the next message."""
        ...


def sends_message(sender: Sender, message: Message) -> Begin:
    """Send a message whose files have been read already."""

    async def begin() -> AsyncGenerator[SessionEvent, None]:
        await _see_elsewhere(sender)
        await _check(sender, message)
        return sender.session.send(message)

    return begin


def sends_text(sender: Sender, text: str, replaces: "Node | None" = None) -> Begin:
    """Send what was typed, with what is attached, in the place of a question where one is given."""
    words = as_message(text)

    async def begin() -> AsyncGenerator[SessionEvent, None]:
        if replaces is None:
            await _see_elsewhere(sender)
        message = user_message(words, await sender.attached.parts(words, replaces))
        await _check(sender, message)
        session = sender.session
        sender.changes.sends(session, replaces=replaces is not None)
        return _sending(sender, session.edit(replaces.id, message) if replaces else session.send(message))

    return begin


async def _see_elsewhere(sender: Sender) -> None:
    from tui_chat.workspace.elsewhere import refuse_half, take_messages  # the first frame does without

    with suppress(StoreError):  # whoever saves next is told what is wrong with the file
        await sender.session.held.see_marks()
        await take_messages(sender.session)
    await refuse_half(sender.session)


async def _sending(sender: Sender, events: AsyncGenerator[SessionEvent, None]) -> AsyncGenerator[SessionEvent, None]:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, AnswerStarted) and event.question is not None:
                sender.attached.was_sent()
            yield event


async def _check(sender: Sender, message: Message) -> None:
    session = sender.session
    await check_taken(message.parts, session.conversation.model, session.services.catalog, sender.recent.newest_first)
