"""Follows the open conversation: one worker pulls its events, and hands each to the screen as it happens."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from textual.worker import Worker, WorkerFailed

from tui_chat.ui.chat_screen.host import Host
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent

WORKER_GROUP = "turn"
STOP_WITHIN_S = 1.0


class Following:
    """The one consumer of a chat screen's conversation."""

    def __init__(
        self,
        host: Host,
        handle: Callable[[ConversationEvent], None],
        rested: Callable[[], None],
        give_back: Callable[[str], None],
    ) -> None:
        """`rested` is called when no further turn is due, `give_back` with a message that never became a question."""
        self._host = host
        self._handle = handle
        self._rested = rested
        self._give_back = give_back
        self._worker: Worker[None] | None = None

    def go(self) -> None:
        """Follow the turn that is due, if any."""
        conversation = self._host.conversation
        if conversation.is_due and (self._worker is None or self._worker.is_finished):
            self._worker = self._host.run_worker(self._follow(conversation), name="turn", group=WORKER_GROUP)

    async def _follow(self, conversation: OpenConversation) -> None:
        try:
            while conversation.is_due:
                async with aclosing(conversation.follow()) as events:
                    async for event in events:
                        self._handle(event)
        finally:
            if unsent := conversation.take_unsent():
                self._give_back(unsent)
        self._rested()

    async def settle(self) -> None:
        """Stop the turn, and wait until it is saved; one that does not end in time is cancelled, which saves it too."""
        worker = self._worker
        if worker is None or worker.is_finished:
            return
        self._host.conversation.stop()
        try:
            await asyncio.wait_for(worker.wait(), STOP_WITHIN_S)
        except (TimeoutError, WorkerFailed):
            worker.cancel()
