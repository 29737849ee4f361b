"""One answer being written: the stream on one side, whoever watches it on the other.

The stream is read by a task of its own, so that a slow screen never holds up the network; a bounded queue between them
is the back-pressure. Whatever ends a turn (the gateway, a fault, `stop`, closing the iterator), the reply ends with an
outcome and holds all that arrived.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress

from tui_chat.chat.ports import Completer, TimedEvent
from tui_chat.chat.services import Clock
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.reply import Reply, ReplyFold
from tui_chat.core.request import Request
from tui_chat.core.stream_events import FellBack, Outcome, ReasoningDelta, Stopped, StreamEvent, TextDelta

QUEUE_LIMIT = 4096
"""Events that may wait for the watcher before the stream has to."""


class AnswerStream:
    """Iterate once; `reply()` may be asked for at any time."""

    def __init__(
        self,
        completer: Completer,
        request: Request,
        clock: Clock,
        prepared: Callable[[], Awaitable[Request]] | None = None,
    ) -> None:
        """`prepared` gives the request as it goes out, where something has to be done before; `stop` ends that too."""
        self._completer = completer
        self.request = request
        """What is asked: as it goes out, once it was prepared."""
        self.was_sent = False
        """The completer was given the request."""
        self._clock = clock
        self._prepared = prepared
        self._started = clock.monotonic()
        self._fold = _fold(request)
        self._queue: deque[TimedEvent] = deque()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._ended = False
        self._is_stopped = False
        self._why_stopped: Failure | None = None

    def reply(self) -> Reply:
        """The answer so far."""
        return self._fold.reply()

    def arrived(self) -> tuple[TimedEvent, ...]:
        """The answer so far, as events for whoever comes later."""
        return tuple(TimedEvent(at_s, event) for at_s, event in self._fold.arrived())

    def stop(self, failure: Failure | None = None) -> None:
        """End the answer, as cancelled or for a reason of our own; what arrived before is still handed out."""
        self._is_stopped, self._why_stopped = True, failure
        if self._pump is not None:
            self._pump.cancel()
        self._wake.set()

    async def close(self) -> None:
        """Close the connection and settle the reply. May be called twice."""
        self._is_stopped = True
        if self._pump is not None and not self._pump.done():
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        while self._queue:
            self._take()
        if not self._ended:
            self._settle(self._end())

    async def events(self) -> AsyncIterator[TimedEvent]:
        """Every event with its time, consecutive text joined; the last one is `Stopped`.

        Raises:
            Exception: what a completer raised against its promise; the reply has then ended as an error.
        """
        if not self._is_stopped:
            self._pump = asyncio.create_task(self._read(), name="turn")
            self._pump.add_done_callback(lambda _: self._wake.set())
        while True:
            while self._queue:
                yield self._take()
            self._room.set()
            if self._ended:
                return
            if self._pump is None or self._pump.done():
                break
            self._wake.clear()
            await self._wake.wait()
        if self._pump is None or self._pump.cancelled():
            yield self._settle(self._end())
            return
        failure = Failure(ErrorKind.INTERNAL, "The stream ended without saying why.", "Ask again.", True)
        settled = self._settle(Stopped(Outcome.ERROR, failure=failure))
        self._pump.result()
        yield settled

    async def _read(self) -> None:
        if self._prepared is not None:
            self.request = await self._prepared()
            await asyncio.sleep(0)  # where it was stopped meanwhile, nothing goes out
            self._started, self._fold = self._clock.monotonic(), _fold(self.request)
        self.was_sent = True
        async with aclosing(self._completer.stream(self.request)) as stream:
            async for event in stream:
                self._queue.append(TimedEvent(self._elapsed(), event))
                self._wake.set()
                if not self._is_stopped and (len(self._queue) >= QUEUE_LIMIT or isinstance(event, FellBack)):
                    # Whoever watches may forbid that another model is asked, which goes out only then.
                    self._room.clear()
                    await self._room.wait()

    def _take(self) -> TimedEvent:
        """The next event, joined with those of its kind that wait right behind it, folded."""
        timed = self._queue.popleft()
        kind = type(timed.event)
        if kind is TextDelta or kind is ReasoningDelta:
            waiting = [timed.event.text]  # type: ignore[union-attr]  # both have a text
            while self._queue and type(self._queue[0].event) is kind:
                waiting.append(self._queue.popleft().event.text)  # type: ignore[union-attr]
            if len(waiting) > 1:
                timed = TimedEvent(timed.at_s, kind("".join(waiting)))
        self._feed(timed)
        return timed

    def _end(self) -> Stopped:
        """How the answer ends where we ended it. Only once all that arrived is folded."""
        if self._why_stopped is None:
            return Stopped(Outcome.CANCELLED)
        outcome = Outcome.TRUNCATED if self._fold.has_content else Outcome.ERROR
        return Stopped(outcome, failure=self._why_stopped)

    def _settle(self, event: StreamEvent) -> TimedEvent:
        timed = TimedEvent(self._elapsed(), event)
        self._feed(timed)
        return timed

    def _feed(self, timed: TimedEvent) -> None:
        self._fold.feed(timed.event, timed.at_s)
        if isinstance(timed.event, Stopped):
            self._ended = True

    def _elapsed(self) -> float:
        return self._clock.monotonic() - self._started


def _fold(request: Request) -> ReplyFold:
    return ReplyFold(request.model, tuple(tool.name for tool in request.tools))
