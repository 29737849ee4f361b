"""What a conversation costs, as its row has it: its answers, and what was asked beside them."""

import sqlite3

from tui_chat.core.jsonvalue import json_text
from tui_chat.core.usage import Spending
from tui_chat.store.sums import sums_from
from tui_chat.store.typed import typed


def count_spending(connection: sqlite3.Connection, conversation_id: str, before: Spending, now: Spending) -> None:
    """Count what was `before` as it is `now`; nothing where the conversation is not kept."""
    row = connection.execute("SELECT spending FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    if row is not None:
        sums = sums_from(typed(row[0], str)).but_for(before).and_also(now)
        connection.execute("UPDATE conversations SET spending = ? WHERE id = ?", (json_text(sums), conversation_id))
