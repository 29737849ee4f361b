"""How a chat begins: what was asked on the command line, and the conversation that it opens with."""

from typing import TYPE_CHECKING

import msgspec

from tui_chat.core.errors import ChatError, Failure

if TYPE_CHECKING:  # nothing before a screen's first frame needs a session
    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session

NOTHING_TO_CONTINUE = "There is no conversation to continue yet."


class Opening(msgspec.Struct, frozen=True):
    """What the chat opens with."""

    prompt: str = ""
    """Sent at once; empty sends nothing."""
    resume_id: str = ""
    """The beginning of a conversation's id; empty begins a new one."""
    continue_latest: bool = False
    is_temporary: bool = False
    model: str = ""
    """Asked also where a conversation goes on; empty leaves it its own."""
    system: str | None = None
    """The same for the system prompt; None leaves it."""


class Opened(msgspec.Struct, frozen=True):
    """The first conversation, and why it is not the one that was asked for."""

    session: "Session"
    has_nothing_to_continue: bool = False
    failure: Failure | None = None


async def open_asked(services: "Services", opening: Opening) -> Opened:
    """The conversation that was asked for; a new one where none was, or where there is none to continue.

    Raises:
        StoreError: it cannot be had.
    """
    from tui_chat.chat.session import Session

    resume_id, is_latest = opening.resume_id, opening.continue_latest and not opening.resume_id
    if is_latest:
        resume_id = await services.store.latest_id() or ""
    if resume_id:
        session = await Session.resume(services, resume_id, is_temporary=opening.is_temporary)
    else:
        session = Session.new(services, is_temporary=opening.is_temporary)
    if opening.model:
        await session.set_model(opening.model)
    if opening.system is not None:
        await session.set_system(opening.system)
    return Opened(session, has_nothing_to_continue=is_latest and not resume_id)


async def open_first(services: "Services", opening: Opening) -> Opened:
    """The same for a chat, which opens in any case: with a new conversation where the other cannot be had."""
    try:
        return await open_asked(services, opening)
    except ChatError as error:
        new = msgspec.structs.replace(opening, resume_id="", continue_latest=False)
        return msgspec.structs.replace(await open_asked(services, new), failure=error.failure)
