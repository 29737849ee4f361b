"""What another program says in a conversation that is open here. Of an answer that it is writing: what has come of it,
read again while it grows; nothing is sent onto the half of it."""

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from tui_chat.chat.cut_elsewhere import cut_as_billed
from tui_chat.chat.session_events import AnswerStarted, ReplyGrew, SessionEvent
from tui_chat.core.ending import STILL_WRITTEN
from tui_chat.core.errors import WRONG_ID, StoreError
from tui_chat.core.parts import Foreign, Image, Media, Part, Reasoning, Refusal, Text, ToolCall
from tui_chat.core.stream_events import (
    PartReceived,
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Node

WORDS: Final = f"{STILL_WRITTEN.removesuffix('.')}, by another program."
_NEWEST: Final = 4
"""Messages at the end in which the answer is looked for before all are read."""


def written_elsewhere(session: "Session") -> "Node | None":
    """The last message, where it is an answer that is being written, while this session asks for none."""
    last = session.path[-1] if session.path else None
    return last if last is not None and last.is_being_written else None


async def catch_up(session: "Session") -> "Node | None":
    """Take what has come since of that answer, and return it; None where there is none. One that is there no more is
    cut: nobody writes it.

    Raises:
        StoreError: it cannot be read.
    """
    if (node := written_elsewhere(session)) is None:
        return None
    store, id_ = session.services.store, session.conversation.id
    try:
        nodes = await store.load_end(id_, _NEWEST)
        if all(each.id != node.id for each in nodes):
            nodes = (await store.load(id_))[1]  # it has gone on there
    except StoreError as error:
        if error.failure.code != WRONG_ID:
            raise
        nodes = ()  # the conversation was deleted there
    now = next((each for each in nodes if each.id == node.id), None) or (await cut_as_billed(store, id_, (node,)))[0]
    if written_elsewhere(session) is node:
        session.tree.put(now)
    return now


async def take_messages(session: "Session", may_take: Callable[[], bool] = lambda: True) -> bool:
    """Take the messages that another program has added, unless calls wait here or it is writing one; whether there were
    any. `may_take` is asked again once they are read.

    Raises:
        StoreError: they cannot be read.
    """

    def rests() -> bool:
        return may_take() and not (session.pending_calls or written_elsewhere(session))

    store, id_ = session.services.store, session.conversation.id
    if session.is_temporary or not session.path or not rests():
        return False
    if (row := await store.summary(id_)) is None or row.messages == len(session.tree):
        return False
    there, nodes = await store.load(id_)
    if not rests():
        return False
    session.held.see_added(there.head_id, nodes)
    return True


async def refuse_half(session: "Session") -> None:
    """Refuse what would be sent after the half of an answer.

    Raises:
        StoreError: it is still being written.
    """
    if written_elsewhere(session) is None:
        return
    await catch_up(session)
    if written_elsewhere(session) is not None:
        raise StoreError(WORDS, "Nothing was sent. Ask again when that answer has ended.")


def so_far(session: "Session") -> tuple[SessionEvent, ...]:
    """What has come of that answer, its start first; empty where there is none."""
    node = written_elsewhere(session)
    return () if node is None else (AnswerStarted(None, node), *grown(node, None))


def grown(now: "Node", before: "Node | None") -> tuple[SessionEvent, ...]:
    """What an answer grew by; nothing where what there was before reads otherwise now: its end shows all of it."""
    events: list[StreamEvent] = []
    calls = 0
    for old, new in zip_longest(before.message.parts if before else (), now.message.parts):
        if new is None or (event := _delta(old, new, calls)) is None:
            return ()
        calls += isinstance(new, ToolCall)
        events += () if old == new else (event,)
    at_s = (now.answer.timing.total_s if now.answer else None) or 0.0
    return tuple(ReplyGrew(now.id, at_s, event) for event in events)


def _delta(old: Part | None, new: Part, calls: int) -> StreamEvent | None:
    """What makes the one of the other; None where nothing does. `calls` stand before it."""
    match old, new:
        case ((None | Text()), Text(text)) if (more := _more(old.text if old else "", text)) is not None:
            return TextDelta(more)
        case ((None | Reasoning()), Reasoning(text)) if (more := _more(old.text if old else "", text)) is not None:
            return ReasoningDelta(more)
        case ((None | Refusal()), Refusal(text)) if (more := _more(old.text if old else "", text)) is not None:
            return RefusalDelta(more)
        case ((None | ToolCall()), ToolCall(id_, name, arguments)):
            more = _more(old.arguments if old else "", arguments)
            return None if more is None else ToolCallDelta(calls, id_, name, more)
        case _, Image() | Media() | Foreign() if old in (None, new):
            return PartReceived(new)
        case _:
            return None


def _more(before: str, now: str) -> str | None:
    return now[len(before) :] if now.startswith(before) else None
