"""Start of a chat: the options of the command line, and the conversation that is opened for them."""

from typing import TYPE_CHECKING

import msgspec

from tui_chat.core.errors import PROGRAM_ENDED, ChatError, Failure
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.load import Loaded
from tui_chat.settings.presets import Preset

if TYPE_CHECKING:  # nothing before a screen's first frame needs a session
    from tui_chat.chat.ports import Store
    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Node

NOTHING_TO_CONTINUE = "There is no conversation to continue yet."

_MOST_NAMED = 3
_LONGEST_NAMED = 24
LONG = 500
"""Messages of a conversation from which on it takes noticeably longer to read than its end."""


class Opening(msgspec.Struct, frozen=True):
    """Options with which a chat is opened."""

    prompt: str = ""
    """First message, sent at once; empty sends nothing."""
    resume_id: str = ""
    """Beginning of the id of a saved conversation; empty begins a new one."""
    continue_latest: bool = False
    is_temporary: bool = False
    is_billed: bool = False
    """What a temporary conversation costs stands in the ledger all the same."""
    model: str = ""
    """Model to ask, also in a saved conversation; empty keeps the conversation's own."""
    system: str | None = None
    """System prompt, also of a saved conversation; None keeps the conversation's own."""
    preset: Preset | None = None
    """Preset, also of a saved conversation; None keeps the conversation's own."""
    sampling: Sampling = Sampling()
    """Parameters of the conversation's own, beside those that it has."""


def with_project_preset(opening: Opening, loaded: Loaded) -> Opening:
    """The same with the preset that the project file names, where a new conversation begins and none was asked for."""
    preset = loaded.settings.preset.get(loaded.preset_name)
    if opening.preset is not None or opening.resume_id or opening.continue_latest or preset is None:
        return opening
    return msgspec.structs.replace(opening, preset=preset)


class Opened(msgspec.Struct, frozen=True):
    """The conversation that was opened, and the reason where it is not the one that was asked for."""

    session: "Session"
    has_nothing_to_continue: bool = False
    failure: Failure | None = None
    words: str = ""
    """What is to be said of how it is asked; empty where nothing is."""


async def end_asked_for(services: "Services", opening: Opening, count: int) -> "tuple[Node, ...]":
    """Read so many messages at the end of the conversation that was asked for: they are seen while all of it is read.
    Empty where it is read about as fast as a whole, none was asked for, or it cannot be read."""
    if not (opening.resume_id or opening.continue_latest):
        return ()
    store = services.store
    try:
        id_ = opening.resume_id or await store.latest_id()
        if id_ is None:
            return ()
        found = await store.find(id_)
        if found.messages < LONG:
            return ()
        end = await store.load_end(found.id, count)
    except ChatError:
        return ()  # said when it is opened
    from tui_chat.core.tree import Tree  # only of a long one

    return Tree(end).path(end[-1].id) if end else ()


async def open_asked(services: "Services", opening: Opening) -> Opened:
    """Open the conversation that was asked for; a new one where none was, or where there is none to continue.

    Raises:
        StoreError: it cannot be opened.
    """
    from tui_chat.chat.session import Session

    resume_id, is_latest = opening.resume_id, opening.continue_latest and not opening.resume_id
    if is_latest:
        resume_id = await services.store.latest_id() or ""
    if resume_id:
        session = await Session.resume(
            services, resume_id, is_temporary=opening.is_temporary, is_billed=opening.is_billed
        )
    else:
        session = Session.new(services, is_temporary=opening.is_temporary, is_billed=opening.is_billed)
    words = ""
    if opening.preset is not None:
        from tui_chat.workspace.parameters import missing_words, use_preset  # only where there is one

        await use_preset(session, opening.preset)
        words = missing_words(session)
    if opening.sampling != Sampling():
        told = session.conversation
        await session.set_sampling(opening.sampling.over(told.sampling), told.preset, told.preset_sampling)
    if opening.model:
        await session.set_model(opening.model)
    if opening.system is not None:
        await session.set_system(opening.system)
    if services.budgets.budget.is_set or session.conversation.budget_usd is not None:
        from tui_chat.workspace.budgets import look  # only where there is one

        await look(session)
    return Opened(session, has_nothing_to_continue=is_latest and not resume_id, words=words)


async def open_first(services: "Services", opening: Opening) -> Opened:
    """Open the conversation that was asked for, or a new one where that fails: a chat opens in any case."""
    try:
        return await open_asked(services, opening)
    except ChatError as error:
        new = msgspec.structs.replace(opening, resume_id="", continue_latest=False)
        return msgspec.structs.replace(await open_asked(services, new), failure=error.failure)


def cut_before_words(session: "Session") -> str:
    """Say that the answer on which a question is to follow was cut by the end of its program; empty where it was not,
    and there is none."""
    answer = session.path[-1].answer if session.path else None
    is_cut = answer is not None and answer.failure is not None and answer.failure.code == PROGRAM_ENDED
    return "The latest answer of this conversation was cut when the program ended." if is_cut else ""


async def cut_answer_words(store: "Store", opening: Opening) -> str:
    """Say which answers were cut by the end of the last program, to whoever begins anew and may not know; empty where
    none was, or the person asked for something else. What to do stands first: a narrow line shows no more."""
    if opening.prompt or opening.resume_id or opening.continue_latest or opening.is_temporary:
        return ""
    try:
        asked = await store.cut_questions()
    except ChatError:
        return ""  # said as soon as something has to be kept there
    if not asked:
        return ""
    named = ", ".join(f"“{sanitize_line(words, _LONGEST_NAMED)}”" for words in asked[:_MOST_NAMED])
    if len(asked) == 1:
        return f"Cut when the program ended (/resume opens it): {named}."
    more = f", and {len(asked) - _MOST_NAMED} more" if len(asked) > _MOST_NAMED else ""
    return f"{len(asked)} answers were cut when the program ended (/resume lists them): {named}{more}."
