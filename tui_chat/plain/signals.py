"""Signals in plain mode: Ctrl+C, `kill`, and a terminal that closes.

Their effect depends on what the program is waiting for. While a line is read, nothing else runs, and a signal ends the
wait with an exception. While something is awaited in the event loop, a callback ends that, and it is saved as always.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from tui_chat.plain.nudges import NUDGE, nudged

HANGUP_STATUS: Final = 129
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """Ctrl+C while a line is read; `text` is what was typed so far."""

    text = ""


class Ended(BaseException):
    """The program must end now, with this exit status; `text` is what was typed and not sent."""

    text = ""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Signals:
    """Signal handlers of the process, while the chat runs in its event loop."""

    def __init__(self) -> None:
        self.ending_status = 0
        """128 plus the number of the signal that asked the program to end; 0 while none did."""
        self._on_signal: Callable[[], object] | None = None
        self._is_asking = False
        self._may_end = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Handle SIGINT, SIGTERM and SIGHUP."""
        self._loop = asyncio.get_running_loop()
        before = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, *_ENDING)}
        before[NUDGE] = signal.signal(NUDGE, self._look_again)
        try:
            with nudged():
                yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let signals end a wait for input with an exception."""
        if self.ending_status:
            raise Ended(self.ending_status)
        self._is_asking = self._may_end = True
        try:
            yield
        finally:
            self._is_asking = self._may_end = False

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let signals that end the program break a write, which may block for ever."""
        if self.ending_status:
            raise Ended(self.ending_status)
        before, self._may_end = self._may_end, True
        try:
            yield
        finally:
            self._may_end = before

    @contextmanager
    def awaiting(self, stop: Callable[[], object]) -> Iterator[None]:
        """Let a signal call `stop`, which ends what is awaited in the loop."""
        before, self._on_signal = self._on_signal, stop
        try:
            yield
        finally:
            self._on_signal = before

    def _look_again(self, _: int, __: FrameType | None) -> None:
        """End a wait whose signal came while readline was at work, which lets no exception out."""
        if self.ending_status and self._may_end:
            raise Ended(self.ending_status)

    def _handle(self, number: int, _: FrameType | None) -> None:
        if number in _ENDING:
            self.ending_status = 128 + number
            if self._may_end:
                raise Ended(self.ending_status)
        elif self._is_asking:
            raise Interrupted
        if self._loop is not None and self._on_signal is not None:
            # Not `call_soon`: the loop sleeps in its selector, and only this wakes it.
            self._loop.call_soon_threadsafe(self._on_signal)
