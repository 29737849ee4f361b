"""Output to the terminal, for which the app never waits.

A terminal may stop reading for seconds or for ever (Ctrl+S, a slow line, a multiplexer in copy mode). Textual 8.2.8
then buffers thirty writes and blocks the event loop at the next, and the network with it. Here what a terminal takes at
once is written at once, and the rest by a thread of its own. Frames are dropped there, since the next one shows more,
and a repaint is asked for once the terminal reads again. Everything else (modes, clipboard, bell, title) is kept, in
its order. At the end the terminal gets a moment to read what is left; then the
unread rest is discarded, so that the sequences that restore the shell's modes fit into the kernel's buffer.
"""

import contextlib
import os
import select
import termios
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Final

import msgspec

from tui_chat.terminal.frame_encoder import FrameEncoder
from tui_chat.terminal.frames import Frame

BACKLOG_BYTES: Final = 64 * 1024
"""Characters of frames that may wait, as they were painted; a frame that waits alone may be larger."""
POLL_S: Final = 0.05
"""Interval at which the thread looks for new writes while the terminal reads nothing."""
DRAIN_TIMEOUT_S: Final = 1.0
"""Time at the end for which the terminal may read nothing before the rest is discarded."""
RESTORE_TIMEOUT_S: Final = 0.25
"""Time that it then has to read the sequences that restore the shell's modes."""
_WRITE_BYTES: Final = 4096
_CANCEL: Final = b"\x18"
"""Ends a sequence that was cut in its middle."""


class Kind(Enum):
    """Kind of a write: it decides what is done with it when the terminal stops reading."""

    FRAME = auto()
    """Dropped for a later frame."""
    KEPT = auto()
    """Kept in its order: a mode, the clipboard, a bell."""
    WAY_BACK = auto()
    """Kept, and repeated where unread output was discarded: it restores the shell's modes."""
    FORGOTTEN = auto()
    """Nothing to write: what the terminal shows is not known."""


class _Write(msgspec.Struct, frozen=True):
    data: str | Frame
    kind: Kind

    @property
    def size(self) -> int:
        return len(self.data.text if isinstance(self.data, Frame) else self.data)


class TerminalOutput(Thread):
    """Writes to the terminal behind `descriptor`. After frames were dropped, and once everything else is written,
    `ask_for_all` is called, in this thread, to have the whole screen painted.

    To wake a thread for each frame costs more than the frame, so whoever hands a write over carries it out, as far as
    it can without waiting. Whoever writes has `_turn`, and no other write overtakes what is left.

    Frames are encoded when their turn has come: what was dropped before then was never told, and what the encoder
    takes for told goes out."""

    def __init__(self, descriptor: int, ask_for_all: Callable[[], None], encoder: FrameEncoder) -> None:
        super().__init__(name="terminal-output", daemon=True)
        self._descriptor = _open_unblocked(descriptor)
        self._ask_for_all = ask_for_all
        self._encoder = encoder
        self._turn = Lock()
        self._writes_at_once = not os.get_blocking(self._descriptor)
        self._given: SimpleQueue[_Write | None] = SimpleQueue()
        """Reentrant, since a signal handler may write in the middle of a write; None ends the thread."""
        self._bell: SimpleQueue[None] = SimpleQueue()
        """Wakes the thread."""
        self._waiting: deque[_Write] = deque()
        self._rest = memoryview(b"")
        """Rest of the write in progress: no other may start before it is out."""
        self._way_back: list[bytes] = []
        """Writes of the kind `WAY_BACK` that were started, to be repeated."""
        self._is_dropping = False
        self._is_ending = False
        self._is_gone = False

    def write(self, text: str, kind: Kind = Kind.KEPT) -> None:
        """Write a text, without waiting."""
        self._give(_Write(text, kind))

    def show(self, frame: Frame) -> None:
        """Write a frame, without waiting."""
        self._give(_Write(frame, Kind.FRAME))

    def forget(self) -> None:
        """Tell all of the frames that come from now on: the screen may hold anything."""
        self._give(_Write("", Kind.FORGOTTEN))

    def stop(self) -> None:
        """Write all but frames, as far as the terminal reads it, and end the thread."""
        self._given.put(None)
        self._bell.put(None)
        if self.is_alive():
            self.join(DRAIN_TIMEOUT_S + 2 * RESTORE_TIMEOUT_S)

    def run(self) -> None:
        """Write what was left, until `stop` is called."""
        while not self._is_ending:
            self._bell.get()
            with self._turn:
                self._take()
                while self._has_more and not self._is_ending:
                    self._write_when_read()
                    self._take()
                if self._is_dropping and not self._has_more:
                    self._is_dropping = False
                    self._ask_for_all()
        with self._turn:
            self._writes_at_once = False
            self._finish()
            os.close(self._descriptor)

    def _give(self, given: _Write) -> None:
        """Write what nothing else waits before; leave the rest to the thread."""
        if self._writes_at_once and self._turn.acquire(blocking=False):
            try:
                if self._given.empty() and not self._has_more:
                    self._waiting.append(given)
                    self._begin_next()
                    self._write()
                    if not self._has_more and self._given.empty():
                        return
                else:
                    self._given.put(given)
            finally:
                self._turn.release()
        else:
            self._given.put(given)
        self._bell.put(None)

    @property
    def _has_more(self) -> bool:
        return bool(self._rest or self._waiting)

    def _take(self) -> None:
        """Take the writes that were handed over."""
        with contextlib.suppress(Empty):
            while (given := self._given.get_nowait()) is not None:
                self._keep(given)
            self._is_ending = True

    def _keep(self, given: _Write) -> None:
        if given.kind is not Kind.FRAME:
            self._waiting.append(given)
        elif not self._is_dropping:
            frames = [each.size for each in self._waiting if each.kind is Kind.FRAME]
            if frames and sum(frames) + given.size > BACKLOG_BYTES:
                self._is_dropping = True
                self._drop_frames()
            else:
                self._waiting.append(given)

    def _drop_frames(self) -> None:
        self._waiting = deque(each for each in self._waiting if each.kind is not Kind.FRAME)

    def _write_when_read(self) -> bool:
        """Write a little; False where the terminal read nothing for one interval."""
        self._begin_next()
        with contextlib.suppress(OSError):  # that of the write says what is wrong
            if self._rest and not select.select((), (self._descriptor,), (), POLL_S)[1]:
                return False
        return self._write()

    def _begin_next(self) -> None:
        """Take up the next write, if none is in progress."""
        if self._is_gone:
            self._rest = memoryview(b"")
            self._waiting.clear()
        if not self._rest and self._waiting:
            started = self._waiting.popleft()
            data = self._encoded(started)
            self._rest = memoryview(data)
            if started.kind is Kind.WAY_BACK:
                self._way_back.append(data)

    def _write(self) -> bool:
        """Write a little of what is in progress, without waiting; False where the terminal takes nothing."""
        if not self._rest:
            return True
        try:
            self._rest = self._rest[os.write(self._descriptor, self._rest[:_WRITE_BYTES]) :]
        except BlockingIOError:
            return False
        except OSError:
            self._is_gone = True
        return True

    def _encoded(self, started: _Write) -> bytes:
        """What is to be written, as the terminal needs it now; perhaps nothing."""
        if started.kind is Kind.FORGOTTEN:
            self._encoder.forget()
            return b""
        if isinstance(started.data, Frame):
            try:
                told = self._encoder.encode(started.data)
            except Exception:  # noqa: BLE001 - whatever is wrong there, the frame is shown as it came
                told = self._encoder.as_it_came(started.data)
            return told.encode("utf-8", "replace")
        self._encoder.hear(started.data)
        return started.data.encode("utf-8", "replace")

    def _finish(self) -> None:
        """Write the rest without frames. A terminal that stopped reading still gets the sequences that restore it."""
        self._drop_frames()
        if self._drain(DRAIN_TIMEOUT_S):
            return
        with contextlib.suppress(termios.error):
            termios.tcflush(self._descriptor, termios.TCOFLUSH)
        self._rest = memoryview(_CANCEL + b"".join(self._way_back))
        self._drain(RESTORE_TIMEOUT_S)

    def _drain(self, timeout_s: float) -> bool:
        """Write what is left; False where the terminal read nothing for `timeout_s`."""
        progress_at = monotonic()
        while self._has_more:
            if self._write_when_read():
                progress_at = monotonic()
            elif monotonic() - progress_at > timeout_s:
                return False
        return True


def _open_unblocked(descriptor: int) -> int:
    """Open the terminal once more without blocking, since the shell's own descriptor must not be changed.

    Where that fails (no terminal, or another user's) the descriptor is duplicated: a write may then block this thread.
    """
    with contextlib.suppress(OSError):
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    return os.dup(descriptor)
