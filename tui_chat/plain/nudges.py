"""Nudges: a signal that arrives just before a wait for input begins is noted by the interpreter and acted upon only
once the wait is over, which is at the next key. So another signal, which does nothing, interrupts the wait a little
later.
"""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NUDGE: Final = signal.SIGURG
"""Ignored by every program that does not ask for it."""
_AFTER_S: Final = (0.02, 0.1, 0.3)
"""Waits between a signal and its nudges; readline is ready within the first, but for a machine that is busy."""


@contextmanager
def nudged() -> Iterator[None]:
    """Interrupt the wait of this thread, which must be the main one, after each signal. `NUDGE` must have a handler."""
    told, teller = socket.socketpair()
    teller.setblocking(False)
    waiting, is_over = threading.get_ident(), threading.Event()

    def nudge() -> None:
        while numbers := told.recv(64):
            if any(number != NUDGE for number in numbers):
                for wait_s in _AFTER_S:
                    if is_over.wait(wait_s):
                        return
                    signal.pthread_kill(waiting, NUDGE)

    before = signal.set_wakeup_fd(teller.fileno(), warn_on_full_buffer=False)
    thread = threading.Thread(target=nudge, name="nudges", daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        is_over.set()
        teller.close()
        thread.join()
        told.close()
