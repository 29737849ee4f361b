"""Finds the answers that were cut by the end of their program and that nobody has gone on from, for the next start."""

import sqlite3
from typing import Final

from tui_chat.core.errors import PROGRAM_ENDED
from tui_chat.store.holding import Held
from tui_chat.store.journal import as_read
from tui_chat.store.rows import read_chosen
from tui_chat.store.typed import typed

_LOOKED_AT: Final = 500
"""Messages before the newest one among which they are looked for: no index knows them."""
_FOUND: Final = """
    SELECT nodes.conversation_id, nodes.id, nodes.parent_id FROM nodes JOIN answers ON node_seq = nodes.seq
    JOIN conversations ON conversations.id = nodes.conversation_id
    WHERE nodes.seq > (SELECT max(seq) FROM nodes) - ? AND deleted_at IS NULL
        AND (outcome IS NULL OR (instr(failure, ?) AND written_at >= (SELECT max(created_at) FROM nodes)))
        AND NOT EXISTS (
            SELECT 1 FROM nodes AS later WHERE later.conversation_id = nodes.conversation_id AND later.seq > nodes.seq
        )
    ORDER BY nodes.seq DESC
"""


def cut_questions(held: Held) -> tuple[str, ...]:
    """What was asked where the last answer of a conversation was cut, the newest first."""
    with held.reading() as connection:
        found = connection.execute(_FOUND, (_LOOKED_AT, PROGRAM_ENDED)).fetchall()
        asked = (_asked(held, connection, *typed(row, tuple[str, str, str | None])) for row in found)
        return tuple(words for words in asked if words is not None)


def _asked(
    held: Held, connection: sqlite3.Connection, conversation_id: str, node_id: str, parent_id: str | None
) -> str | None:
    """The question; None where the answer is being written, or was cut by something else."""
    nodes = {each.node.id: each for each in read_chosen(connection, conversation_id, (node_id, parent_id or ""))}
    answer = as_read(connection, nodes[node_id], held.as_reader(), held.lives).answer
    if answer is None or answer.failure is None or answer.failure.code != PROGRAM_ENDED:
        return None
    question = nodes.get(parent_id or "")
    return question.node.message.text if question is not None else ""
