"""One answer of a conversation: its question and its draft are saved, what arrives of it is told and kept, its end is
priced, billed and saved, whatever ended it."""

from collections.abc import AsyncGenerator, Callable
from functools import partial

from msgspec.structs import replace

from tui_chat.chat.answer_stream import AnswerStream
from tui_chat.chat.billing import Billing
from tui_chat.chat.context import asked_with, build_request, size_on, summarised
from tui_chat.chat.held import HeldConversation
from tui_chat.chat.phases import PhaseFollower
from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.services import Services
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    ReplyGrew,
    Retrying,
    SessionEvent,
    ToolAsked,
)
from tui_chat.chat.spending_guard import SpendingGuard
from tui_chat.chat.stream_notices import StreamNotices
from tui_chat.chat.tool_ports import ToolServers
from tui_chat.core.errors import Failure
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.parts import Message, Role
from tui_chat.core.reply import Reply
from tui_chat.core.request import Request
from tui_chat.core.request_size import pictures_in
from tui_chat.core.stream_events import FellBack, RetryScheduled
from tui_chat.core.tree import Node

Build = Callable[[Services], Request]
"""Makes the request of an answer, with the tools that these services offer."""


class Answering:
    """Asks for one answer at a time, and makes it the head of the conversation."""

    def __init__(
        self,
        held: HeldConversation,
        billing: Billing,
        phases: PhaseFollower,
        asking: Callable[[], Services],
        stop: Callable[[Failure], None],
    ) -> None:
        """`asking` gives the services that are asked through, with the tools alone that are on; `stop` ends the turn
        because of this failure."""
        self._held = held
        self._billing = billing
        self._phases = phases
        self._asking = asking
        self._stop = stop
        self._notices = StreamNotices()
        self._stream: AnswerStream | None = None
        self._draft: Node | None = None

    def arrived(self) -> tuple[TimedEvent, ...]:
        """What has come of the answer that is being written, for whoever comes later; empty where none is."""
        return self._stream.arrived() if self._stream is not None else ()

    def so_far(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """These nodes, the one that is being written with what has come of it."""
        if self._stream is None or self._draft is None:
            return nodes
        reply = _reply_of(self._draft, self._stream)
        written = replace(self._draft, message=reply.message, answer=reply.info)
        return tuple(written if node.id == written.id else node for node in nodes)

    def stop(self, failure: Failure | None = None) -> None:
        """End the answer that is being written: it is kept as far as it came."""
        if self._stream is not None:
            self._stream.stop(failure)

    async def answer(
        self,
        question: Node | None,
        parent_id: str | None,
        model: str,
        request: Request | None = None,
        marks: Marks = UNMARKED,
    ) -> AsyncGenerator[SessionEvent, None]:
        """One answer: the question is on disk before any network, the answer on every path after it. A `request` is
        sent in the place of the one that the path makes."""
        held = self._held
        await held.see_limits()
        services = self._asking()
        await services.catalog.cached()  # prices, and what the model takes: as far as they are kept
        path = held.tree.path(parent_id if question is None else question.parent_id)
        path = path if question is None else (*path, question)
        is_usual = request is None
        build: Build = partial(build_request, held.conversation, path, model=model)
        request = request or build(services)
        guard = self._billing.guard(held.conversation)
        await guard.open(request, self._billing.allowance, partial(size_on, path))
        if question is not None:
            held.tree.put(question)
        draft = held.new_node(parent_id, Message(Role.ASSISTANT, ()), marks)
        self._draft = draft = replace(draft, answer=asked_with(request))
        held.put_at_head(draft)
        waits = is_usual and services.servers.is_waiting
        prepared = partial(self._with_servers, build, guard) if waits else None
        stream = self._stream = AnswerStream(services.completer, request, services.clock, prepared)
        unwritten = (question,) if question is not None else ()
        final, unasked = draft, None
        try:
            yield AnswerStarted(question, draft)
            asked, unwritten = unwritten, ()
            await held.save(*asked, draft)
            if failure := services.unsaved.take_unsaid():
                yield Notice(failure)
            yield self._phases.started(prepares=waits)
            async with held.journal(draft.id) as journal:
                async for timed in stream.events():
                    journal.add(timed)
                    over = await guard.after(timed.event, timed.at_s)
                    if over is not None and isinstance(timed.event, FellBack):
                        unasked = timed.event
                    for event in () if timed.event is unasked else self._told(draft, timed, services.servers):
                        yield event
                    if over is not None:
                        self._stop(over)
                await self._billing.look_up_price(stream.reply())  # its words are kept meanwhile
        finally:
            await stream.close()
            self._stream = None
            final = self._settled(draft, stream, unasked)
            held.tree.put(final)
            await held.save(*unwritten, final)
            warning = await self._billing.bill(held.conversation.id, final, guard, was_sent=stream.was_sent)
            ready = self._phases.ended(held.pending_calls)
        for failure in (services.unsaved.take_unsaid(), warning):
            if failure is not None:
                yield Notice(failure)
        for call in held.pending_calls:
            yield ToolAsked(final.id, call)
        yield ready
        yield AnswerEnded(final)

    def _told(self, draft: Node, timed: TimedEvent, servers: ToolServers) -> list[SessionEvent]:
        """What an event of the stream says to a front end."""
        told: list[SessionEvent] = [Notice(failure) for failure in servers.take_unsaid()]
        if changed := self._phases.after(timed.event):
            told.append(changed)
        if isinstance(timed.event, RetryScheduled):
            again = timed.event
            told.append(Retrying(again.attempt, again.after_s, again.failure, again.most))
        told += map(Notice, self._notices.of(timed.event))
        told.append(ReplyGrew(draft.id, timed.at_s, timed.event))
        return told

    async def _with_servers(self, build: Build, guard: SpendingGuard) -> Request:
        """The request with the tools of the servers that are ready in time."""
        await self._asking().servers.prepare()
        request = build(self._asking())
        if over := await guard.grew(request):
            self._stop(over)
        return request

    def _settled(self, draft: Node, stream: AnswerStream, unasked: FellBack | None) -> Node:
        """The answer's final node; `unasked` names a model that no budget let be asked."""
        reply = _reply_of(draft, stream)
        if unasked is not None:
            reply = replace(reply, model=unasked.failed)
        priced = self._billing.priced(reply, pictures_in(stream.request))
        node = replace(draft, message=reply.message, answer=priced.info)
        held = self._held
        return summarised(node, held.conversation, held.tree.path(draft.parent_id), self._asking())


def _reply_of(draft: Node, stream: AnswerStream) -> Reply:
    """What has come of an answer, with what was known of it before."""
    reply = stream.reply()
    if draft.answer is None:
        return reply
    return replace(reply, gateway=draft.answer.gateway, sampling=stream.request.sampling)
