"""One turn of an open conversation, from the moment it is due until it is over: the reading and checking before it, its
events, and what became of the message that it sends.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, Notice, SessionEvent, ToolDecided
from tui_chat.core.errors import BudgetError, ChatError, Failure
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.events import NotSent, QuestionSaved

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Node

Begin = Callable[[], Coroutine[None, None, AsyncGenerator[SessionEvent, None]]]
"""Reads and checks what the turn needs, and returns its events. May raise ChatError: then nothing is sent."""


class DueTurn:
    """A turn that waits to be run. Iterate `events` once."""

    def __init__(self, session: "Session", begin: Begin, text: str = "", replaces: "Node | None" = None) -> None:
        """`text` is the message that it sends, as it was typed; empty where it sends none."""
        self.replaces = replaces
        """The question that the message replaces."""
        self.unsent = text
        """The message, until it is a question in the conversation."""
        self.unsaved = text
        """The message, until its question is on disk, or it is certain that nothing is sent."""
        self.is_running = False
        self.is_stopped = False
        self.has_answered = False
        """Its first answer has started, or it was decided about a call: the conversation may have grown."""
        self._session = session
        self.begin = begin
        self._beginning: asyncio.Future[AsyncGenerator[SessionEvent, None]] | None = None
        self._why_stopped: Failure | None = None
        self._is_whole = False

    @property
    def ended_well(self) -> bool:
        """Its last answer is whole, and nobody stopped it."""
        return self._is_whole and not self.is_stopped

    def stop(self, failure: Failure | None = None) -> None:
        """End the turn, also before it has begun. `failure` says why the program gave up; None where a person did."""
        self.is_stopped, self._why_stopped = True, failure
        if self._beginning is not None:
            self._beginning.cancel()
        if self.is_running:
            self._session.stop(failure)

    async def events(self) -> AsyncGenerator[SessionEvent | QuestionSaved | NotSent, None]:
        """Run the turn. Closing the iterator stops it and saves what there is."""
        self.is_running = True
        failure: Failure | None = None
        try:
            events = await self._prepare()
        except ChatError as error:
            events, failure = None, error.failure
        if events is None:
            text, self.unsent, self.unsaved = self.unsent, "", ""
            yield NotSent(text, failure or self._why_stopped)
            return
        try:
            async with aclosing(self._run(events)) as run:
                async for event in run:
                    yield event
        except BudgetError as over:
            if self.has_answered:
                self.is_stopped = True
                yield Notice(over.failure)
                return
            text, self.unsent, self.unsaved = self.unsent, "", ""
            yield NotSent(text, over.failure)

    async def _run(
        self, events: AsyncGenerator[SessionEvent, None]
    ) -> AsyncGenerator[SessionEvent | QuestionSaved, None]:
        question: Node | None = None
        async with aclosing(events):
            async for event in events:
                if isinstance(event, AnswerStarted):
                    self.unsent, self.has_answered = "", True
                    question = event.question or question
                elif question is not None and not self._session.owes(question.id):
                    saved, self.unsaved, question = QuestionSaved(question.id), "", None
                    yield saved  # whoever hears of it keeps what is unsaved
                elif isinstance(event, ToolDecided):  # of an answer that was whole
                    self.has_answered = self._is_whole = True
                if isinstance(event, AnswerEnded):
                    info = event.answer.answer
                    self._is_whole = info is not None and info.outcome is Outcome.COMPLETE
                yield event

    async def _prepare(self) -> AsyncGenerator[SessionEvent, None] | None:
        """Read and check what the turn needs; None where it was stopped meanwhile."""
        if self.is_stopped:
            return None
        self._beginning = asyncio.ensure_future(self.begin())
        try:
            events = await self._beginning
        except asyncio.CancelledError:
            if not self.is_stopped:
                raise
            return None
        finally:
            self._beginning.cancel()
            self._beginning = None
        return None if self.is_stopped else events
