"""What is written to a terminal: by a thread of its own that never makes the app wait, whatever the terminal does.

A terminal may stop reading for seconds or for ever (Ctrl+S, a slow line, a multiplexer in copy mode). Textual 8.2.8
then holds thirty writes and stops the event loop at the next, and the network with it. Here frames are dropped, since
the next one shows more, and the whole screen is asked for once the terminal takes again. Whatever is no frame (modes,
clipboard, bell, title) is kept, in its order. At the end the terminal gets a moment to take what is left; then what it
never read is thrown away, so that the way back to the shell's modes stands in the kernel's buffer for it.
"""

import contextlib
import os
import select
import termios
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Final

BACKLOG_BYTES: Final = 64 * 1024
"""More than this is not kept waiting in frames; a frame that waits alone may be larger."""
LOOK_S: Final = 0.05
"""How often the thread looks what it was given while the terminal takes nothing."""
PATIENCE_S: Final = 1.0
"""At the end: how long a terminal may take nothing before it is given up."""
LAST_S: Final = 0.25
"""How long it may then take what leads back to the shell."""
_WRITE_BYTES: Final = 4096
_CANCEL: Final = b"\x18"
"""Ends a sequence that was cut in its middle."""


class Kind(Enum):
    """What becomes of a piece when the terminal takes nothing."""

    FRAME = auto()
    """May be dropped for a later one."""
    KEPT = auto()
    """Goes out in its order: a mode, the clipboard, a bell."""
    WAY_BACK = auto()
    """Kept, and said once more where what the terminal never read is thrown away: it leads back to the shell."""


@dataclass(frozen=True, slots=True)
class _Piece:
    data: bytes
    kind: Kind


class TerminalOutput(Thread):
    """Writes to the terminal behind `descriptor`; `ask_for_all` is called, in this thread, when frames were dropped
    and all that was kept is written."""

    def __init__(self, descriptor: int, ask_for_all: Callable[[], None]) -> None:
        super().__init__(name="terminal-output", daemon=True)
        self._descriptor = _open_unblocked(descriptor)
        self._ask_for_all = ask_for_all
        self._given: SimpleQueue[_Piece | None] = SimpleQueue()
        """Reentrant, as a signal's handler needs that stops us in the middle of a write; None ends."""
        self._waiting: deque[_Piece] = deque()
        self._rest = memoryview(b"")
        """Of the piece that is on its way: no other may come before it is out."""
        self._way_back: list[bytes] = []
        """What of it was begun."""
        self._is_dropping = False
        self._is_ending = False
        self._is_gone = False

    def write(self, text: str, kind: Kind = Kind.KEPT) -> None:
        """Have it written. Never waits."""
        self._given.put(_Piece(text.encode("utf-8", "replace"), kind))

    def stop(self) -> None:
        """Write what is no frame, as far as the terminal takes it, and end."""
        self._given.put(None)
        if self.is_alive():
            self.join(PATIENCE_S + 2 * LAST_S)

    def run(self) -> None:
        """Write until the end is given."""
        while not self._is_ending:
            self._take()
            self._write()
            if self._is_dropping and not self._has_more:
                self._is_dropping = False
                self._ask_for_all()
        self._finish()
        os.close(self._descriptor)

    @property
    def _has_more(self) -> bool:
        return bool(self._rest or self._waiting)

    def _take(self) -> None:
        """Take what was given; wait for it where there is nothing else to do."""
        with contextlib.suppress(Empty):
            piece = self._given.get(block=not self._has_more)
            while piece is not None:
                self._keep(piece)
                piece = self._given.get_nowait()
            self._is_ending = True

    def _keep(self, piece: _Piece) -> None:
        if piece.kind is not Kind.FRAME:
            self._waiting.append(piece)
        elif not self._is_dropping:
            frames = [len(each.data) for each in self._waiting if each.kind is Kind.FRAME]
            if frames and sum(frames) + len(piece.data) > BACKLOG_BYTES:
                self._is_dropping = True
                self._drop_frames()
            else:
                self._waiting.append(piece)

    def _drop_frames(self) -> None:
        self._waiting = deque(piece for piece in self._waiting if piece.kind is not Kind.FRAME)

    def _write(self) -> bool:
        """Write a little; False where the terminal took nothing within a look."""
        if self._is_gone:
            self._rest = memoryview(b"")
            self._waiting.clear()
        if not self._rest and self._waiting:
            piece = self._waiting.popleft()
            self._rest = memoryview(piece.data)
            if piece.kind is Kind.WAY_BACK:
                self._way_back.append(piece.data)
        if not self._rest:
            return True
        try:
            if not select.select((), (self._descriptor,), (), LOOK_S)[1]:
                return False
            self._rest = self._rest[os.write(self._descriptor, self._rest[:_WRITE_BYTES]) :]
        except BlockingIOError:
            return False
        except OSError:
            self._is_gone = True
        return True

    def _finish(self) -> None:
        """The screen goes away, and its frames with it; a terminal that takes nothing is left behind in good order."""
        self._drop_frames()
        if self._write_until_silent(PATIENCE_S):
            return
        with contextlib.suppress(termios.error):
            termios.tcflush(self._descriptor, termios.TCOFLUSH)
        self._rest = memoryview(_CANCEL + b"".join(self._way_back))
        self._write_until_silent(LAST_S)

    def _write_until_silent(self, patience_s: float) -> bool:
        """Write what is left; False where nothing of it was taken for that long."""
        heard_at = monotonic()
        while self._has_more:
            if self._write():
                heard_at = monotonic()
            elif monotonic() - heard_at > patience_s:
                return False
        return True


def _open_unblocked(descriptor: int) -> int:
    """The terminal once more, so that a write returns when it is full; the shell's own must not be changed.

    What cannot be opened (no terminal, another user's) is used as it is: a write to it may then wait, in our thread.
    """
    with contextlib.suppress(OSError):
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    return os.dup(descriptor)
