"""Whose database a file is: ours by its application id or, from before there was one, by its tables."""

import sqlite3
from pathlib import Path

from tui_chat.core.errors import StoreError
from tui_chat.core.sanitize import sanitize_line

APPLICATION_ID = 0x74756963
"""`tuic`; migration 3 writes it."""

_TABLES = frozenset({"conversations", "nodes", "parts", "answers", "journal"})


def check_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse the database of another program before anything of it is changed; an empty one may become ours.

    Raises:
        StoreError: it is somebody else's.
    """
    if not is_ours(connection, may_be_empty=True):
        raise StoreError(
            f"{sanitize_line(str(path), 300)} is the database of another program. It was left untouched.",
            "Move it away, or set TUI_CHAT_HOME to another folder.",
        )


def is_ours(connection: sqlite3.Connection, *, may_be_empty: bool) -> bool:
    """Whether the tables are those of this program, in any of its forms."""
    id_: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if id_ == APPLICATION_ID:
        return True
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    return id_ == 0 and (tables >= _TABLES or (may_be_empty and not tables))
