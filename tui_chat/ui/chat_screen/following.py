"""Follows the open conversations: a worker for each that has a turn, in sight or not."""

import asyncio
from collections.abc import Callable

from textual.worker import Worker, WorkerFailed

from tui_chat.ui.chat_screen.host import Host
from tui_chat.workspace.followed import Followed

WORKER_GROUP = "turn"
STOP_WITHIN_S = 1.0


class Following:
    """The workers of a chat screen that follow conversations."""

    def __init__(self, host: Host, show_end: Callable[[], None]) -> None:
        """`show_end` shows the end of the conversation in sight, and stays there."""
        self._host = host
        self._show_end = show_end
        self._workers: dict[Followed, Worker[None]] = {}

    def go(self, followed: Followed) -> None:
        """Follow the turn that is due, if any. What a person begins is shown; what goes on by itself (a message that
        waited, the answer to a result) moves nobody who reads further up."""
        worker = self._workers.get(followed)
        if followed.conversation.is_due and (worker is None or worker.is_finished):
            if followed.conversation is self._host.conversation:
                self._show_end()
            self._workers = {each: worker for each, worker in self._workers.items() if not worker.is_finished}
            self._workers[followed] = self._host.run_worker(followed.follow(), name="turn", group=WORKER_GROUP)

    def followed_by(self, worker: "Worker[object]") -> Followed | None:
        """The conversation that a worker follows; None where it is none of these."""
        return next((followed for followed, each in self._workers.items() if each is worker), None)

    async def settle(self) -> None:
        """Stop every turn, and wait until all are saved; one that does not end in time is cancelled, which saves it
        too."""
        running = {followed: worker for followed, worker in self._workers.items() if not worker.is_finished}
        for followed in running:
            followed.conversation.stop()
        await asyncio.gather(*(self._end(worker) for worker in running.values()))

    async def _end(self, worker: "Worker[None]") -> None:
        try:
            await asyncio.wait_for(worker.wait(), STOP_WITHIN_S)
        except (TimeoutError, WorkerFailed):
            worker.cancel()
