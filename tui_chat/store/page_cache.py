"""How many pages of the file a connection keeps in memory, at most."""

import sqlite3
from typing import Final

WRITING_KIB: Final = 2_000
"""While something is written, which may be as large as memory."""
SEARCHING_KIB: Final = 16 * 1024
"""From a search until something is written: among a million messages, the next one comes back to some thousand."""


def keep(connection: sqlite3.Connection, kib: int) -> None:
    """Keep so much from now on."""
    connection.execute(f"PRAGMA cache_size = -{kib}")
