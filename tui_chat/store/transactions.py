"""Transactions: all or nothing, and waits for other programs that can be ended."""

import contextlib
import sqlite3
import time
from threading import Event

from tui_chat.store import page_cache
from tui_chat.store.failures import means_busy

SLICE_S = 0.1
"""Longer waits are made of these."""


class Patience:
    """How long a store waits for another program that is writing."""

    def __init__(self, longest_s: float) -> None:
        self.longest_s = longest_s
        self._is_over = Event()

    def end(self) -> None:
        """Wait no longer, and no more: whoever waits for the store has stopped. May be called from any thread."""
        self._is_over.set()

    def renew(self) -> None:
        """Wait again from now on."""
        self._is_over.clear()

    def begin(self, connection: sqlite3.Connection, *, longest_s: float | None = None) -> None:
        """Begin a transaction. The right to write is taken first, so that two writers wait instead of failing half
        way.

        Raises:
            sqlite3.OperationalError: it was not to be had in time.
        """
        connection.execute(f"PRAGMA busy_timeout = {round(min(SLICE_S, self.longest_s) * 1000)}")
        page_cache.keep(connection, page_cache.WRITING_KIB)
        until = time.monotonic() + (self.longest_s if longest_s is None else longest_s)
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not means_busy(error) or time.monotonic() >= until or self._is_over.is_set():
                    raise
            else:
                return


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo what was written since the transaction began."""
    # A full disk makes SQLite roll back by itself.
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
