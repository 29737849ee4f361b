"""Runs the turns of the open conversation: one at a time, in one worker, with a queue for what is sent meanwhile."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from textual.worker import WorkerFailed

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, Notice, SessionEvent
from tui_chat.core.errors import ChatError
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.outbox import Outbox

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.ui.chat_screen.screen import ChatScreen

WORKER_GROUP = "turn"
STOP_WITHIN_S = 1.0


class Turns:
    """The turns of a chat screen."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._running = False
        self._goes_on = False
        """The next message was asked for, whatever becomes of the answer that is being stopped for it."""
        self.queue = Outbox()

    @property
    def is_running(self) -> bool:
        """A turn is running, or about to."""
        return self._running

    def ask(self, text: str) -> None:
        """Send a message, now or when the answer that is being written and all that waits before it are done with."""
        if not self._running and not len(self.queue):
            self._send(text)
            return
        self.queue.add(text)
        self._chat.queueing.show()
        if not self._running:
            self._send_next()

    def send_now(self, index: int) -> None:
        """Send a message that waits: stop the answer, keep what arrived of it, and leave the others waiting."""
        self.queue.move(index, 0)
        if self._running:
            self._goes_on = True
            self.stop()
        else:
            self._send_next()

    def _send(self, text: str) -> None:
        self.run(self._chat.attaching.asked(text), unsent=text)

    def _send_next(self) -> None:
        text = self.queue.next()
        self._send(text)
        self._chat.queueing.show()

    def edit(self, node_id: str, text: str) -> None:
        """Ask something else in the place of a question."""
        self.run(self._chat.attaching.asked(text, replaces=node_id), unsent=text)

    def run(self, events: AsyncGenerator[SessionEvent, None], *, unsent: str = "") -> None:
        """Follow a turn to its end. `unsent` goes back to the composer where the turn could not even begin."""
        self._running = True
        self._chat.drafting.sending(unsent)
        self._chat.run_worker(
            self._follow(events, unsent), name="turn", group=WORKER_GROUP, exclusive=True, exit_on_error=False
        )

    async def answer_call(self, call_id: str, content: str, *, is_error: bool) -> None:
        """Give a call its result, and let the model go on once none waits."""
        chat = self._chat
        try:
            finished = await chat.session.answer_call(call_id, content, is_error=is_error)
        except KeyError:
            chat.toast("That call does not wait any more.", severity="warning")
            return
        chat.following.hear(finished)
        if pending := chat.session.pending_calls:
            chat.status.enter(chat.session.phase, pending[0].name)
        elif not self._running:
            chat.composer.focus()
            self.run(chat.session.go_on())

    def stop(self) -> None:
        """End the running turn; its worker still shows what arrived."""
        self._chat.session.stop()

    async def settle(self) -> None:
        """Stop what runs and wait until it is saved; what does not end in time is cancelled, which saves it too. What
        waits goes back to the composer."""
        self.give_back_queue()  # first, so that nothing is said of it
        self._goes_on = False
        for worker in [worker for worker in self._chat.workers if worker.group == WORKER_GROUP]:
            if not worker.is_finished:
                self.stop()
                try:
                    await asyncio.wait_for(worker.wait(), STOP_WITHIN_S)
                except (TimeoutError, WorkerFailed):
                    worker.cancel()
        self.give_back_queue()

    async def _follow(self, events: AsyncGenerator[SessionEvent, None], unsent: str) -> None:
        ended: AnswerEnded | None = None
        is_stored = False
        try:
            async with aclosing(events) as turn:
                async for event in turn:
                    if isinstance(event, AnswerStarted):
                        unsent = ""
                    elif not is_stored and not isinstance(event, Notice):  # which says that it could not be saved
                        is_stored = True
                        self._chat.drafting.sent(is_stored=True)
                    if isinstance(event, AnswerEnded):
                        ended = event
                    self._chat.following.hear(event)
        except ChatError as error:
            self._chat.tell(error.failure)
        finally:
            self._running = False
            if unsent:
                self._chat.composer.give_back(unsent)
            if not is_stored:
                self._chat.drafting.sent(is_stored=False)
        self._go_on(ended)

    def _go_on(self, ended: AnswerEnded | None) -> None:
        """What follows a turn: the next message, or, after one that did not end well, the queue back for the person."""
        info = ended.answer.answer if ended else None
        ended_well = info is not None and info.outcome is Outcome.COMPLETE
        goes_on, self._goes_on = self._goes_on, False
        self._chat.following.turn_ended()
        if not len(self.queue) or (ended_well and self._chat.session.pending_calls and not goes_on):
            return
        if ended_well or goes_on:
            self._send_next()
        else:
            self._chat.toast("What waited is back where you write; nothing of it was sent.")
            self.give_back_queue()

    def give_back_queue(self) -> None:
        """Put what waits back into the composer: nothing is sent that the person may want to think over."""
        if waiting := self.queue.take_all():
            self._chat.queueing.show()
            self._chat.composer.give_back("\n\n".join(waiting))
