"""The open conversation: everything that a person does with it, the same for the screen, the plain chat and `ask`.

It exists from the first frame on, before the services are there; what is submitted until then waits. Turns are pulled:
`submit`, `retry` and the like make a turn due, and the front end runs it by iterating `follow` (or `turn`, one at a
time). Another conversation is another object, and several may live at once.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui_chat.chat.session_events import AnswerStarted, ReplyGrew, SessionEvent, ToolFinished
from tui_chat.core.errors import Failure
from tui_chat.core.parts import Message, Role
from tui_chat.core.stream_events import Connected
from tui_chat.workspace.changes import Changes
from tui_chat.workspace.due_turn import Begin, DueTurn
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, OutboxChanged, QuestionSaved
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.model_choice import choose_model
from tui_chat.workspace.outbox import Outbox
from tui_chat.workspace.recent_models import RecentModels
from tui_chat.workspace.sending import sends_message, sends_text
from tui_chat.workspace.state import State
from tui_chat.workspace.submission import CommandGiven, Queued, Refused, Sent, Submission, read_command

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session
    from tui_chat.core.limits import LimitLeft
    from tui_chat.core.marks import Marks
    from tui_chat.core.request import Request
    from tui_chat.core.tree import Node
    from tui_chat.workspace.calls import CallBoard
    from tui_chat.workspace.pending_attachments import PendingAttachments

IS_ANSWERING = "An answer is being written: stop it first, then the question can be replaced."


class OpenConversation:
    """A conversation that a front end shows."""

    def __init__(
        self,
        session: "Session | None" = None,
        *,
        front_end: FrontEnd = FrontEnd.SCREEN,
        recent: RecentModels | None = None,
        outbox: Outbox | None = None,
        visible: Callable[[str], str] = str,
        is_temporary: bool = False,
        wants_title: bool = True,
    ) -> None:
        """Begin without a session where that is still being opened. `front_end` decides which commands there are;
        `recent` may be shared with other conversations, an `outbox` handed on from the previous one; `visible` is for
        `PendingAttachments`, `is_temporary` counts until the session is there; `wants_title`: a model may name it."""
        self.outbox = outbox if outbox is not None else Outbox()
        """Texts that were submitted and wait, as they were typed, the next one first."""
        self.limits: tuple[LimitLeft, ...] = ()
        """What was left of the gateway's limits when the last answer began; empty where it did not say."""
        self.recent = recent if recent is not None else RecentModels()
        self.changes = Changes()
        """What was done to messages, to be undone."""
        self._front_end = front_end
        self._visible = visible
        self._is_temporary = is_temporary
        self._wants_title = wants_title
        self._session: Session | None = None
        self._attached: PendingAttachments | None = None
        self._calls: CallBoard | None = None
        self._editing: Node | None = None
        self._turn: DueTurn | None = None
        self._unasked: Begin | None = None
        self._rested = asyncio.Event()
        self._goes_on = False
        """The next message is sent even though the answer was stopped: it was stopped for that message."""
        self._ended_well = True
        """The last turn of this run ended well (see `DueTurn`), or there was none."""
        self._unsent = ""
        if session is not None:
            self.open(session)

    # State

    def open(self, session: "Session") -> None:
        """Take the session, now that it is there. The front end then submits what waits: some of it may be commands."""
        self._session = session
        session.services.titles.goes_on(session.conversation.id, session)
        self.recent.note(session.conversation.model)
        if session.path:
            self.calls.show(session.path, session.pending_calls)

    @property
    def is_open(self) -> bool:
        """The session is there."""
        return self._session is not None

    @property
    def session(self) -> "Session":
        """The conversation in the domain. Only once it is open."""
        assert self._session is not None, "the conversation is still opening"
        return self._session

    @property
    def id(self) -> str:
        """Id of the conversation; empty while it is opening."""
        return self._session.conversation.id if self._session else ""

    @property
    def services(self) -> "Services":
        """Services of the session. Only once it is open."""
        return self.session.services

    @property
    def state(self) -> State:
        """The state now; it decides what can be done."""
        if self.is_answering:
            return State.ANSWERING
        if self._session is None or self.lacks_model:
            return State.OPENING
        return State.WAITING if self._session.pending_calls else State.IDLE

    @property
    def is_answering(self) -> bool:
        """A turn runs or is due."""
        return self._turn is not None

    @property
    def is_due(self) -> bool:
        """A turn waits to be run by `follow` or `turn`."""
        return self._turn is not None and not self._turn.is_running

    @property
    def lacks_model(self) -> bool:
        """The session is there, but no model is chosen: see `find_model`."""
        return self._session is not None and not self._session.conversation.model

    @property
    def is_temporary(self) -> bool:
        """Nothing of it is written to disk, drafts included."""
        return self._session.is_temporary if self._session else self._is_temporary

    @property
    def attached(self) -> "PendingAttachments":
        """Attachments of the next message."""
        if self._attached is None:
            from tui_chat.workspace.pending_attachments import PendingAttachments  # the first frame does without

            self._attached = PendingAttachments(self._visible)
        return self._attached

    @property
    def calls(self) -> "CallBoard":
        """Calls of the path with their states, and the results that are being typed."""
        if self._calls is None:
            from tui_chat.workspace.calls import CallBoard  # the first frame does without

            self._calls = CallBoard(self.services.clock.monotonic)
        return self._calls

    @property
    def unsaved(self) -> str:
        """The message that is on its way and not on disk as a question yet; empty where there is none."""
        return self._turn.unsaved if self._turn is not None else ""

    def take_unsent(self) -> str:
        """Take back the message of a turn that was closed, or given up, before it became a question; empty where there
        is none. A turn that is due and was not run is given up."""
        if self._turn is not None and not self._turn.is_running:
            self._end(self._turn)
        unsent, self._unsent = self._unsent, ""
        return unsent

    # Messages and commands

    def submit(self, text: str) -> Submission:
        """Decide on a text that was typed: it is a command, or a message that is sent now, waits, or replaces the
        question that is being edited."""
        if (given := read_command(text, self._front_end)) is not None:
            if isinstance(given, CommandGiven) and given.command.needs_session and not self.is_open:
                self.outbox.add(text)
                return Queued()
            return given
        if self._editing is not None and self.is_answering:
            return Refused(IS_ANSWERING)
        if self.state is State.OPENING:
            self.outbox.add(text)
            return Queued()
        if self._editing is None and (self.is_answering or len(self.outbox)):
            self.outbox.add(text)
            if not self.is_answering:
                self._send(self.outbox.next())
            return Queued()
        self.send(text)
        return Sent()

    def send(self, text: str) -> None:
        """Send a message ahead of all that wait; it replaces the question that is being edited. Only where a model is
        chosen and no answer is being written."""
        self._send(text, self.end_edit())

    def ask(self, message: Message) -> None:
        """Send a message whose files have been read already."""
        self._begin(sends_message(self, message), message.text)

    def _send(self, text: str, replaces: "Node | None" = None) -> None:
        self._begin(sends_text(self, text, replaces), text, replaces)

    # The question that is being edited

    @property
    def editing(self) -> "Node | None":
        """The question that the next message replaces; None where that is a new one."""
        return self._editing

    def edit(self, question: "Node") -> None:
        """Let the next message replace this question; the old branch stays."""
        self._editing = question
        self.attached.edits(question)

    def end_edit(self) -> "Node | None":
        """Let the next message be a new question again, and return the one that was being edited."""
        question, self._editing = self._editing, None
        return question

    def send_now(self, index: int) -> None:
        """Send one of the messages that wait: stop the answer, keep what arrived of it, and leave the others waiting.
        While the conversation is opening, the message only becomes the first."""
        self.outbox.move(index, 0)
        if self.is_answering:
            self._goes_on = True
            self.stop()
        elif self.state is not State.OPENING:
            self._send(self.outbox.next())

    @property
    def may_go_on(self) -> bool:
        """Messages that wait may be sent without asking: the last turn ended well, and no call needs a result."""
        return self._ended_well and self.state is State.IDLE

    def retry(self, model: str = "", node_id: str | None = None) -> None:
        """Answer the last question, or the one before this node, once more, by `model` where one is given."""
        self._run(lambda: self.session.retry(model, node_id), model)

    def answer_with(self, request: "Request", parent_id: str, marks: "Marks") -> None:
        """Ask otherwise than the path alone would: for the rest of an answer, for a summary."""
        self._run(lambda: self.session.answer_with(request, parent_id, marks))

    def go_on(self) -> None:
        """Ask for an answer on the path as it stands."""
        self._run(self.session.go_on)

    def ask_unasked(self) -> bool:
        """Ask anew what was not sent and has no message of its own: a retry, a summary. Whether there is such."""
        if self._unasked is not None and not self.is_answering:
            self._begin(self._unasked)
        return self.is_due

    def _run(self, events: Callable[[], AsyncGenerator[SessionEvent, None]], model: str = "") -> None:
        async def begin() -> AsyncGenerator[SessionEvent, None]:
            if self.lacks_model and not model:
                await self.find_model()
            return events()

        self._begin(begin)

    def _begin(self, begin: Begin, text: str = "", replaces: "Node | None" = None) -> None:
        assert not self.is_answering, "one turn at a time"
        self._turn = DueTurn(self.session, begin, text, replaces)
        self._goes_on, self._unasked = False, None
        self._rested.clear()

    def run_approved(self) -> None:
        """Run the calls that are approved; the turn that runs does it, where one does."""
        if not self.is_answering:
            self._run(self.session.run_approved)

    async def give_result(self, call_id: str, content: str, *, is_error: bool = False) -> ToolFinished:
        """Give a call its result. With the last of them, the next answer is due.

        Raises:
            KeyError: the call does not wait any more.
        """
        finished = await self.session.answer_call(call_id, content, is_error=is_error)
        self.calls.apply(finished)
        self._go_on_after_results()
        return finished

    def _go_on_after_results(self) -> None:
        path, pending = self.session.path, self.session.pending_calls
        if not self.is_answering and path and path[-1].message.role is Role.TOOL and not pending:
            self.go_on()
        elif any(self.session.approvals.has(call.id) for call in pending):
            self.run_approved()

    def stop(self, failure: Failure | None = None) -> None:
        """End the turn that runs or is due; its iterator still yields what arrived. `failure` says why the program gave
        up; None where a person stopped it."""
        if self._turn is not None:
            self._turn.stop(failure)

    async def rest(self) -> None:
        """Wait until no turn runs or is due."""
        while self.is_answering:
            await self._rested.wait()

    async def follow(self) -> AsyncGenerator[ConversationEvent, None]:
        """Run the turn that is due, then the messages that wait, until a person is needed."""
        while self.is_due:
            async with aclosing(self.turn()) as turn:
                async for event in turn:
                    yield event
            if (changed := self._after_turn()) is not None:
                yield changed

    async def turn(self) -> AsyncGenerator[ConversationEvent, None]:
        """Run the turn that is due, if there is one. Closing the iterator stops it and saves what there is."""
        turn = self._turn
        if turn is None or turn.is_running:
            return
        try:
            async with aclosing(turn.events()) as events:
                async for event in events:
                    if isinstance(event, NotSent):
                        self._editing = self._editing or turn.replaces
                        self._unasked = None if event.text else turn.begin
                    elif isinstance(event, AnswerStarted):
                        self.calls.show(self.session.path, self.session.pending_calls)  # it may be another branch
                    elif not isinstance(event, QuestionSaved):
                        if isinstance(event, ReplyGrew) and isinstance(event.event, Connected):
                            self.limits = event.event.limits
                        self.calls.apply(event)
                    yield event
        finally:
            self._end(turn)
        if turn.has_answered and not turn.is_stopped:
            self._go_on_after_results()  # the last result was given while the turn was ending

    def _end(self, turn: DueTurn) -> None:
        self._turn = None
        if turn.is_stopped or not turn.has_answered:
            self.session.approvals.clear()  # it was for this turn
        self._ended_well = turn.ended_well
        if turn.unsent:
            self._unsent = turn.unsent
            self._editing = self._editing or turn.replaces
        if turn.has_answered:  # where the iterator was closed, not every event was applied
            self.calls.show(self.session.path, self.session.pending_calls)
        if self._wants_title and turn.ended_well and self.services.titles.model:
            from tui_chat.chat.titling import ask_for_title  # only where the settings want it

            ask_for_title(self.session)
        self._rested.set()

    def _after_turn(self) -> OutboxChanged | GivenBack | None:
        """Send the next message, or, where the turn did not end well, give all of them back."""
        if not len(self.outbox) or self.is_answering:
            return None
        if self.may_go_on or (self._goes_on and not self.lacks_model):
            self._send(self.outbox.next())
            return OutboxChanged(self.outbox.messages)
        return None if self._ended_well else GivenBack(self.outbox.take_all())

    # The model and the gateway

    def set_model(self, model: str) -> Awaitable[None]:
        """Ask this model from now on; awaiting the result saves that."""
        self.recent.note(model)
        return self.session.set_model(model)

    async def find_model(self) -> bool:
        """Take the first model that the gateway lists; False where a model or another gateway was chosen meanwhile.

        Raises:
            ChatError: the gateway could not be asked, or lists none.
        """
        services = self.services
        model = await choose_model(services.catalog)
        if services is not self.services or not self.lacks_model:
            return False
        await self.set_model(model)
        return True

    async def use(
        self, services: "Services", *, recent: RecentModels | None = None, closes_before: bool = True
    ) -> None:
        """Go on through another gateway, with its default model, and close the connections to the previous one, unless
        another conversation may use them. `recent` has the models that were used there in this run."""
        before, self.limits, self.recent = self.services, (), RecentModels() if recent is None else recent
        self.session.use(services)
        await self.set_model(services.default_model)
        await self.recent.recall(services)
        if closes_before and before.completer is not services.completer:
            await before.completer.close()
